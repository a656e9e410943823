import type { Cluster } from '@doctown/common/contracts/cluster.js'
import type { Graph } from '@doctown/common/contracts/graph.js'
import type { SymbolContext } from '@doctown/common/contracts/symbol-context.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { implementedTrait } from './implemented-trait.js'
import { createRelated } from './related.js'

export interface ContextInput {
  readonly graph: Graph
  readonly symbols: readonly Symbol[]
  /** Cluster of each node. */
  readonly clusterOf: ReadonlyMap<string, Pick<Cluster, 'id' | 'label'>>
}

/** A person or a model reads no more; the sort brings those first that most of the code leans on. */
const MOST_CALLS = 30

/** The facts about one symbol after another, in the order of `symbols`. A generator, so that the caller can let the event loop turn. */
export function* symbolContexts({ graph, symbols, clusterOf }: ContextInput): Generator<SymbolContext> {
  const callers = new Map<string, Set<string>>()
  const callees = new Map<string, Set<string>>()
  for (const edge of graph.edges) {
    if (edge.kind !== 'calls') continue
    addTo(callers, edge.target, edge.source)
    addTo(callees, edge.source, edge.target)
  }
  const byId = new Map<string, Symbol>(symbols.map((symbol) => [symbol.id, symbol]))
  const centrality = ranks(graph)
  const related = createRelated(graph, symbols)
  const central = (ids: ReadonlySet<string> | undefined): string[] =>
    [...(ids ?? [])].sort((a, b) => (centrality.get(b) ?? 0) - (centrality.get(a) ?? 0) || (a < b ? -1 : 1)).slice(0, MOST_CALLS)
  for (const symbol of symbols) {
    const around = symbol.container === null ? undefined : byId.get(symbol.container)
    const block = symbol.symbol_type === 'impl' ? symbol : around?.symbol_type === 'impl' ? around : undefined
    yield {
      symbol_id: symbol.id,
      file: symbol.file,
      container: symbol.container,
      trait: block === undefined ? null : implementedTrait(block.signature),
      callers: central(callers.get(symbol.id)),
      callees: central(callees.get(symbol.id)),
      caller_count: callers.get(symbol.id)?.size ?? 0,
      callee_count: callees.get(symbol.id)?.size ?? 0,
      cluster: clusterOf.get(symbol.id)?.id ?? null,
      cluster_label: clusterOf.get(symbol.id)?.label ?? null,
      centrality: centrality.get(symbol.id) ?? 0,
      related: related(symbol.id),
    }
  }
}

/** PageRank as a rank among the symbols: the share of the others that have less. Headings of documents have no part in it. */
function ranks(graph: Graph): ReadonlyMap<string, number> {
  const symbols = graph.nodes
    .filter((node) => node.kind === 'symbol' && node.symbol_type !== 'section')
    .sort((a, b) => a.pagerank - b.pagerank)
  const result = new Map<string, number>()
  let below = 0
  symbols.forEach((node, position) => {
    if (position > 0 && node.pagerank > (symbols[position - 1]?.pagerank ?? 0)) below = position
    // Four decimals tell ten thousand symbols apart; more would be noise in the docpack.
    result.set(node.id, symbols.length < 2 ? 1 : Math.round((10_000 * below) / (symbols.length - 1)) / 10_000)
  })
  return result
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set<string>()
  set.add(value)
  sets.set(key, set)
}
