import type { EdgeKind, Graph } from '@doctown/common/contracts/graph.js'
import { numberEdges } from '@doctown/common/runtime/number-edges.js'
import { orderPairs } from '@doctown/common/runtime/order-pairs.js'

/** An undirected weighted graph as plain arrays, so that it crosses to a worker thread without copying objects. */
export interface WeightedGraph {
  readonly nodeCount: number
  /** Ends of edge e are `sources[e]` < `targets[e]`, indices into the node list; each pair once, in order. */
  readonly sources: Uint32Array
  readonly targets: Uint32Array
  readonly weights: Float64Array
}

/**
 * How strongly an edge of a kind says "these belong together". Being written inside one another says most;
 * a file holds unrelated things, and an import is often of something far away. Judgement, checked by eye on the DEV crates.
 */
const WEIGHTS: Readonly<Record<EdgeKind, number>> = { contains: 1.5, calls: 1, implements: 1, uses_type: 0.7, imports: 0.3 }

/** Joins parallel edges of a graph, drops loops and directions. Node order is the order of `graph.nodes`, edge order does not matter. */
export function toWeightedGraph(graph: Graph): WeightedGraph {
  const { sources: from, targets: to } = numberEdges(graph.nodes, graph.edges)
  const low = new Uint32Array(from.length)
  const high = new Uint32Array(from.length)
  const weight = new Float64Array(from.length)
  let count = 0
  for (let edge = 0; edge < from.length; edge++) {
    const [a, b] = [from[edge]!, to[edge]!]
    if (a < 0 || b < 0 || a === b) continue
    low[count] = Math.min(a, b)
    high[count] = Math.max(a, b)
    const { kind, confidence } = graph.edges[edge]!
    weight[count++] = WEIGHTS[kind] * confidence
  }
  const sources = new Uint32Array(count)
  const targets = new Uint32Array(count)
  const weights = new Float64Array(count)
  let pairs = 0
  for (const edge of orderPairs(low.subarray(0, count), high.subarray(0, count), graph.nodes.length)) {
    const again = pairs > 0 && sources[pairs - 1] === low[edge] && targets[pairs - 1] === high[edge]
    if (!again) {
      sources[pairs] = low[edge]!
      targets[pairs++] = high[edge]!
    }
    weights[pairs - 1]! += weight[edge]!
  }
  // Copies, not views: a view would carry the whole buffer to the thread.
  return {
    nodeCount: graph.nodes.length,
    sources: sources.slice(0, pairs),
    targets: targets.slice(0, pairs),
    weights: weights.slice(0, pairs),
  }
}
