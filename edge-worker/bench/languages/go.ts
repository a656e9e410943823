import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { compareSymbols, type JudgedSymbol } from '../language-bench/judged-symbols.js'
import { compare, missing, type BuiltProject, type Comparison, type LanguageBench } from '../language-bench/language-bench.js'
import { hasTool, runTool } from '../language-bench/run-tool.js'

const PROJECTS = [
  'github.com/spf13/cobra@v1.9.1',
  'go.uber.org/zap@v1.27.0',
  'github.com/gorilla/mux@v1.8.1',
  'github.com/gin-gonic/gin@v1.10.0',
]
const judge = (name: string): string => join(repositoryRoot(), `edge-worker/bench/language-bench/${name}.go`)

export const bench: LanguageBench = {
  project: `${PROJECTS.join(', ')} (Go module proxy)`,
  judge: 'go/doc, as in `go doc -all`; calls by go/types',
  async run({ folder, build }) {
    if (!hasTool('go', ['version'])) return [missing('public symbols', 'go is not installed.')]
    const comparisons: Comparison[] = []
    for (const project of PROJECTS) {
      // A cache of our own, which can be removed afterwards.
      const environment = [`GOMODCACHE=${join(folder, 'cache')}`, 'GOFLAGS=-modcacherw -mod=mod', 'GO111MODULE=on']
      const answer = runTool('env', [...environment, 'go', 'mod', 'download', '-json', project], folder)
      // `as`: the tool's own format.
      const { Dir } = JSON.parse(answer) as { Dir: string }
      const name = /([^/]+)@/.exec(project)?.[1] ?? project
      const source = join(folder, name)
      mkdirSync(source)
      cpSync(Dir, source, { recursive: true })
      const built = await build(source)
      const { symbols } = built
      // `as`: the judge is ours, and prints this shape.
      const judged = JSON.parse(runTool('go', ['run', judge('go_judge'), source], folder)) as JudgedSymbol[]
      const inside = symbols.filter(({ language, is_public_api }) => language === 'Go' && is_public_api)
      comparisons.push(compareSymbols(`${name} public symbols`, inside, judged, kindOf))
      // The type checker wants the modules that this one imports.
      runTool('env', [...environment, 'go', 'mod', 'download'], source)
      comparisons.push(compareCalls(name, built, runTool('env', [...environment, 'go', 'run', judge('go_calls'), source], source)))
    }
    return comparisons
  },
}

/** Calls by name inside the module, this platform's files, tests left out; a function that is only named as a value calls nothing. */
function compareCalls(name: string, { graph }: BuiltProject, answer: string): Comparison {
  // `as`: the judge is ours, and prints this shape.
  const { files, calls } = JSON.parse(answer) as { readonly files: readonly string[]; readonly calls: readonly string[] }
  const known = new Set(files)
  const isKnown = (id: string): boolean => known.has(id.slice(0, id.indexOf('#')))
  const ours = graph.edges
    .filter(({ kind, provenance, source, target }) => kind === 'calls' && provenance !== 'value' && isKnown(source) && isKnown(target))
    .map(({ source, target }) => `${source.replace(/~\d+$/, '')} -> ${target}`)
  return compare(`${name} calls`, ours, calls, { recall: null, precision: FLOOR })
}

/** What an edge that does not guess must reach. */
const FLOOR = 0.95

function kindOf({ symbol_type }: Symbol): string {
  if (symbol_type === 'function' || symbol_type === 'method') return 'function'
  return ['struct', 'interface', 'type_alias'].includes(symbol_type) ? 'type' : 'value'
}
