import type { EdgeKind, Graph } from '@doctown/common/contracts/graph.js'

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
  const index = new Map(graph.nodes.map((node, position) => [node.id, position]))
  const count = graph.nodes.length
  const weightOf = new Map<number, number>()
  for (const edge of graph.edges) {
    const source = index.get(edge.source)
    const target = index.get(edge.target)
    if (source === undefined || target === undefined || source === target) continue
    const key = Math.min(source, target) * count + Math.max(source, target)
    weightOf.set(key, (weightOf.get(key) ?? 0) + WEIGHTS[edge.kind] * edge.confidence)
  }
  const keys = Float64Array.from(weightOf.keys()).sort()
  return {
    nodeCount: count,
    sources: Uint32Array.from(keys, (key) => Math.floor(key / count)),
    targets: Uint32Array.from(keys, (key) => key % count),
    weights: Float64Array.from(keys, (key) => weightOf.get(key) ?? 0),
  }
}
