import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import type { Language } from '../../src/languages/language.js'
import { parseFile } from '../../src/stages/parse/parse-file.js'
import { graphOfParsed } from '../stages/graph/graph-of.js'
import type { GraphOutput } from '../../src/pipeline/stage-io.js'

/** One test a caller: what it calls in its own package, and nothing else. */
export function calleeTests(
  project: string,
  language: Language,
  fixture: string,
  calls: Readonly<Record<string, readonly string[]>>,
): void {
  describe(`calls in ${project}`, () => {
    let graph: GraphOutput
    before(async () => {
      graph = await graphOfFixture(language, fixture)
    })
    for (const [caller, callees] of Object.entries(calls)) {
      it(`${caller} calls ${callees.length === 0 ? 'nothing of its own package' : callees.join(', ')}`, () => {
        assert.deepEqual(calleesOf(graph, caller).sort(), callees)
      })
    }
  })
}

/** The graph of a fixture's files, as if they lay in a folder of that name. */
async function graphOfFixture(language: Language, fixture: string): Promise<GraphOutput> {
  const folder = join(repositoryRoot(), 'edge-worker/test/fixtures', fixture)
  const files = readdirSync(folder)
    .filter((name) => language.endings.some((ending) => name.endsWith(ending)))
    .map((name): SourceFile => ({ path: `${fixture}/${name}`, language: language.name, text: readFileSync(join(folder, name), 'utf8') }))
  const packages = language.packageFacts([])
  const sources = new Map(files.map((file) => [file.path, file]))
  const parsed = files.flatMap((file) => {
    const read = parseFile({ file, language, packages, parsers: new Map() })
    return typeof read === 'string' ? [] : [language.complete?.(read, sources, packages) ?? read]
  })
  return graphOfParsed(parsed, { [language.name]: packages })
}

/** What a symbol calls, by the ends of its edges: `route.go#Route.Match` as `Route.Match`. */
function calleesOf({ graph }: GraphOutput, caller: string): string[] {
  const short = (id: string): string => id.slice(id.indexOf('#') + 1)
  return graph.edges.filter((edge) => edge.kind === 'calls' && short(edge.source) === caller).map((edge) => short(edge.target))
}
