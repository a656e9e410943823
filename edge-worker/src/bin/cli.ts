/** The `doctown` command. What a command needs is loaded when that command runs, so that help and errors are there at once. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { refuseTelemetry } from '@doctown/common/bin/no-telemetry.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { DOCPACK_FORMAT } from '@doctown/common/contracts/manifest.js'
import { DOCTOWN_VERSION } from '@doctown/common/contracts/version.js'
import { runProgram, type Commands } from '../cli/program.js'
import { builtInModelFolder } from './built-in-model.js'

refuseTelemetry()
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupted.signal.aborted) process.exit(130)
    interrupted.abort(new DoctownError('cancelled', 'Interrupted.'))
  })
}

const commands: Commands = {
  build: async (target, flags, console) => (await import('./command-build.js')).runBuildCommand(target, flags, console, interrupted.signal),
  up: async (flags, console) => (await import('./command-up.js')).runUpCommand(flags, console, interrupted.signal),
  inspect: async (file, flags, console) =>
    untilInterrupted((await import('../cli/inspect.js')).inspectCommand(resolve(file), flags, console)),
  apiDiff: async (before, after, console) =>
    untilInterrupted((await import('../cli/api-diff.js')).apiDiffCommand(resolve(before), resolve(after), console)),
  verify: async (file, console) => untilInterrupted((await import('../cli/verify.js')).verifyCommand(resolve(file), console)),
  search: async (flags, console) => (await import('./command-search.js')).runSearchCommand(flags, console, interrupted.signal),
  models: async (flags, console) => (await import('./command-models.js')).runModelsCommand(flags, console, interrupted.signal),
  gpuInstall: async (console) => (await import('./command-gpu.js')).runGpuInstallCommand(console, interrupted.signal),
  doctor: async ({ data }, console) => {
    const [{ doctorCommand }, { doctorProbes }] = await Promise.all([import('../cli/doctor.js'), import('./doctor-probes.js')])
    return untilInterrupted(doctorCommand(doctorProbes({ environment: process.env, dataFolder: data }), console))
  },
}

/** For commands that only read: nothing of theirs has to be released when a person stops waiting. */
function untilInterrupted(work: Promise<number>): Promise<number> {
  const { signal } = interrupted
  return Promise.race([work, new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))])
}

const builtIn = JSON.parse(readFileSync(join(builtInModelFolder(), 'model.json'), 'utf8')) as { name: string; revision: string }
process.exitCode = await runProgram({
  commands,
  version: `doctown ${DOCTOWN_VERSION}, docpack format ${DOCPACK_FORMAT}, built-in model ${builtIn.name} ${builtIn.revision}`,
  about: {
    program: { name: 'doctown', version: DOCTOWN_VERSION },
    docpack_format: DOCPACK_FORMAT,
    built_in_model: { name: builtIn.name, revision: builtIn.revision },
  },
  argv: process.argv.slice(2),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
})
// Everything that a command opened is released by now; a handle that a library keeps must not keep the person waiting.
process.stdout.write('', () => process.exit())
