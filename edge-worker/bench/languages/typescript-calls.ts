import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { compareCalls } from '../language-bench/call-edges.js'
import type { LanguageBench } from '../language-bench/language-bench.js'
import { typescriptCalls } from '../language-bench/typescript-calls.js'

/** Its package has the sources beside what is built from them. */
export const bench: LanguageBench = {
  project: 'rxjs 7.8.1 (npm), src/',
  judge: 'the TypeScript compiler',
  run: async ({ folder, build }) => {
    execFileSync('npm', ['pack', '--silent', 'rxjs@7.8.1'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
    execFileSync('tar', ['xzf', 'rxjs-7.8.1.tgz'], { cwd: folder })
    const project = join(folder, 'project')
    mkdirSync(project)
    for (const part of ['src', 'package.json']) cpSync(join(folder, 'package', part), join(project, part), { recursive: true })
    const built = await build(project)
    const { calls, values } = typescriptCalls(project, built, { lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] })
    return [compareCalls(built, calls, values)]
  },
}
