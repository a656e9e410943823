/** `doctown build`: makes the adapters of one build and runs it. */
import { parseAllowedHosts } from '@doctown/common/contracts/repo-url.js'
import { loadConfig } from '@doctown/common/runtime/config.js'
import { Lifecycle } from '@doctown/common/runtime/lifecycle.js'
import { createLog } from '@doctown/common/runtime/log.js'
import { buildCommand } from '../cli/build.js'
import type { Console } from '../cli/console.js'
import type { BuildFlags } from '../cli/program.js'
import { readTarget } from '../cli/target.js'
import { BuildConfigSchema } from '../config.js'
import { localStages } from '../pipeline/local-stages.js'
import { createEmbedders, languageTable, parseProcesses, trainPorts } from './models.js'

export const runBuildCommand = async (written: string, flags: BuildFlags, console: Console, interrupted: AbortSignal): Promise<number> => {
  const config = loadConfig(BuildConfigSchema, process.env)
  const log = createLog({ level: config.LOG_LEVEL, process: 'doctown', destination: 2, stacks: true })
  const lifecycle = new Lifecycle(log)
  try {
    const allowed = parseAllowedHosts(process.env['ALLOWED_GIT_HOSTS'] ?? 'github.com')
    const { trustedOrigins, ...target } = readTarget(written, flags.ref, allowed)
    // Any https host may be built, but the token goes only to those that ALLOWED_GIT_HOSTS names.
    const token = allowed.some(({ host }) => target.kind === 'git' && new URL(target.url).hostname === host) ? config.GIT_TOKEN : undefined
    await buildCommand({
      target,
      out: flags.out,
      build: {
        includePrivate: flags.includePrivate || config.INCLUDE_PRIVATE,
        includeSource: config.INCLUDE_SOURCE,
        withDocs: flags.docs,
        trainSteps: flags.train ? config.GRAPH_TRAIN_STEPS : 0,
        ...languageTable,
      },
      ports: {
        fetch: { token: token === undefined ? null : () => Promise.resolve(token.reveal()), trustedOrigins },
        embedders: flags.embed ? await createEmbedders(config, lifecycle, log) : null,
        parseProcesses: parseProcesses(config),
        train: trainPorts(config),
        publish: null,
      },
      stages: localStages,
      seed: config.DOCTOWN_SEED,
      signal: interrupted,
      log,
      console,
    })
    return 0
  } finally {
    await lifecycle.close()
  }
}
