import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { compareCalls } from '../language-bench/call-edges.js'
import { readJudgedUses } from '../language-bench/judged-places.js'
import { missing, type LanguageBench } from '../language-bench/language-bench.js'
import { hasTool, runTool } from '../language-bench/run-tool.js'

const JUDGE = 'edge-worker/bench/language-bench/python_calls.py'

/** jedi says nothing of most values, so that only edges between a function and a name that it knows there are judged. */
export const bench: LanguageBench = {
  project: 'httpx 0.27.2 (PyPI), sources',
  judge: 'jedi 0.20.1',
  run: async ({ folder, build }) => {
    if (!hasTool('python3', ['-m', 'pip', '--version'])) return [missing('calls', 'There is no pip here.')]
    runTool('python3', ['-m', 'pip', 'install', '-q', '--target', join(folder, 'tools'), 'jedi==0.20.1'], folder)
    runTool('python3', ['-m', 'pip', 'download', '-q', '--no-deps', '--no-binary', ':all:', 'httpx==0.27.2'], folder)
    const archive = readdirSync(folder).find((file) => file.endsWith('.tar.gz')) ?? ''
    runTool('tar', ['xzf', archive], folder)
    const project = join(folder, archive.replace(/\.tar\.gz$/, ''))
    const built = await build(project)
    cpSync(join(repositoryRoot(), JUDGE), join(folder, 'tools', 'judge.py'))
    const files = built.files.filter(({ language }) => language === 'Python').map(({ file }) => file)
    const { calls } = readJudgedUses(built, runTool('python3', [join(folder, 'tools', 'judge.py'), project, ...files], folder))
    return [compareCalls(built, calls, [], { onlyJudged: true })]
  },
}
