import type { GraphEdge } from '@doctown/common/contracts/graph.js'
import { DirectedGraph } from 'graphology'
import pagerankModule from 'graphology-metrics/centrality/pagerank.js'

interface Options {
  readonly alpha: number
  readonly getEdgeWeight: string
  readonly maxIterations: number
  readonly tolerance: number
}

// The package is CommonJS whose types promise a default export that is not there at run time.
const pagerank = pagerankModule as unknown as (graph: DirectedGraph, options: Options) => Record<string, number>

const DAMPING = 0.85
/** Graphology compares the summed change of all ranks with the tolerance times the number of nodes. */
const TRIES = [
  { maxIterations: 200, tolerance: 1e-9 },
  { maxIterations: 500, tolerance: 1e-6 },
]

/** PageRank over all edges, two between the same ends counting twice; sums to 1. `ids` and `edges` are sorted, so the sums are too. */
export function pageRank(ids: readonly string[], edges: readonly GraphEdge[]): ReadonlyMap<string, number> {
  if (ids.length === 0) return new Map()
  const graph = new DirectedGraph()
  for (const id of ids) graph.addNode(id)
  for (const { source, target } of edges) {
    const known = graph.edge(source, target)
    if (known === undefined) graph.addEdge(source, target, { weight: 1 })
    else graph.updateEdgeAttribute(known, 'weight', (weight: number | undefined) => (weight ?? 0) + 1)
  }
  for (const options of TRIES) {
    try {
      return normalised(ids, pagerank(graph, { alpha: DAMPING, getEdgeWeight: 'weight', ...options }))
    } catch {
      // It throws when it has not converged; a rougher rank is better than none.
    }
  }
  return new Map(ids.map((id) => [id, 1 / ids.length]))
}

function normalised(ids: readonly string[], ranks: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  let sum = 0
  for (const id of ids) sum += ranks[id] ?? 0
  return new Map(ids.map((id) => [id, (ranks[id] ?? 0) / sum]))
}
