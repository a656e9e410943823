import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { SymbolContext } from '@doctown/common/contracts/symbol-context.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import assert from 'node:assert/strict'
import { symbolContexts } from '../../../src/stages/cluster/contexts.js'
import { graphOf, symbol } from '../graph-fixture.js'

const links = (...paths: readonly string[]): Symbol['doc_links'] =>
  // Tests name ids as plain text.
  paths.map((path) => ({ text: path, symbol_id: `src/lib.rs#${path}` as SymbolId }))

function contextOf(
  path: string,
  symbols: readonly Symbol[],
  edges: Parameters<typeof graphOf>[1] = [],
  pagerank?: (id: string) => number,
): SymbolContext {
  const graph = graphOf(symbols, edges, pagerank)
  const contexts = [...symbolContexts({ graph, symbols, clusterOf: new Map([[`src/lib.rs#${path}`, { id: 'c1', label: 'line index' }]]) })]
  const found = contexts.find(({ symbol_id: id }) => id === `src/lib.rs#${path}`)
  assert.ok(found !== undefined)
  return found
}
const names = (ids: SymbolContext['related']): string[] => ids.map((id) => id.replace('src/lib.rs#', ''))

describe('the context of a symbol', () => {
  it('names the thirty most central of its callers, most central first, and how many there are', () => {
    const symbols = ['hub', ...Array.from({ length: 40 }, (_, at) => `caller${at}`)].map((path) => symbol({ path }))
    const calls = symbols.slice(1).map((each) => [each.id, 'src/lib.rs#hub', 'calls'] as const)
    const context = contextOf('hub', symbols, calls, (id) => Number(/\d+/.exec(id)?.[0] ?? 99) / 1000)
    assert.equal(context.caller_count, 40)
    assert.deepEqual(names(context.callers).slice(0, 3), ['caller39', 'caller38', 'caller37'])
    assert.equal(context.callers.length, 30)
  })

  it('tells the label of its cluster and its centrality as the share of symbols that have less', () => {
    const symbols = ['a', 'b', 'c', 'd', 'e'].map((path) => symbol({ path }))
    const context = contextOf('d', symbols, [], (id) => 'abcde'.indexOf(id.at(-1) ?? '') + 1)
    assert.deepEqual([context.cluster, context.cluster_label, context.centrality], ['c1', 'line index', 0.75])
  })

  it('relates what its comment links to, then what links to it, then what shares its neighbours', () => {
    const symbols = [
      symbol({ path: 'open', doc_links: links('close', 'File') }),
      symbol({ path: 'close' }),
      symbol({ path: 'File', symbol_type: 'struct' }),
      symbol({ path: 'guide', doc_links: links('open') }),
      symbol({ path: 'create' }),
      symbol({ path: 'driver' }),
    ]
    const shared = ['open', 'create'].map((path) => ['src/lib.rs#driver', `src/lib.rs#${path}`, 'calls'] as const)
    assert.deepEqual(names(contextOf('open', symbols, shared).related), ['close', 'File', 'guide', 'create'])
  })

  it('leaves out links to itself, to its container and to what the graph does not hold', () => {
    const holder = symbol({ path: 'Holder', symbol_type: 'struct' })
    const method = symbol({ path: 'Holder::get', container: holder.id, doc_links: links('Holder::get', 'Holder', 'gone', 'other') })
    assert.deepEqual(names(contextOf('Holder::get', [holder, method, symbol({ path: 'other' })]).related), ['other'])
  })
})
