import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { compareCalls } from '../language-bench/call-edges.js'
import { readJudgedUses } from '../language-bench/judged-places.js'
import { missing, type LanguageBench } from '../language-bench/language-bench.js'
import { hasTool, runTool } from '../language-bench/run-tool.js'

const MODULE = 'github.com/spf13/cobra@v1.8.1'
const JUDGE = 'edge-worker/bench/language-bench/go-calls.go'

export const bench: LanguageBench = {
  project: `${MODULE} (Go modules)`,
  judge: 'go/types',
  run: async ({ folder, build }) => {
    if (!hasTool('go', ['version'])) return [missing('calls', 'There is no go here.')]
    // `as`: what `go mod download -json` prints.
    const { Dir: source } = JSON.parse(runTool('go', ['mod', 'download', '-json', MODULE], folder)) as { Dir: string }
    const project = join(folder, 'project')
    // The module cache is read-only, and a judge must be able to write go.sum.
    cpSync(source, project, { recursive: true })
    runTool('chmod', ['-R', 'u+w', project], folder)
    const judge = join(folder, 'judge')
    mkdirSync(judge)
    cpSync(join(repositoryRoot(), JUDGE), join(judge, 'main.go'))
    runTool('go', ['mod', 'init', 'judge'], judge)
    runTool('go', ['get', 'golang.org/x/tools/go/packages@v0.30.0', 'golang.org/x/tools/go/types/typeutil@v0.30.0'], judge)
    const built = await build(project)
    const { calls, values } = readJudgedUses(built, runTool('go', ['run', '.', project], judge))
    return [compareCalls(built, calls, values)]
  },
}
