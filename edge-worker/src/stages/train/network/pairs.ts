import type { StructureInput } from '../structure-model.js'
import type { Lists } from './bucket-tables.js'

/** Undirected pairs of a graph's nodes, each once, no node with itself. */
export interface Pairs {
  readonly nodeCount: number
  readonly a: Uint32Array
  readonly b: Uint32Array
}

/** Ties of whatever kind and direction between two nodes are one pair. Sorted, so that the order of edges says nothing. */
export function pairsOf(
  { nodeCount, sources, targets }: Pick<StructureInput, 'nodeCount' | 'sources' | 'targets'>,
  without: ReadonlySet<number>,
): Pairs {
  const left = new Set<number>()
  // A pair whose one edge is held out must not come back by its other edge.
  for (const edge of without) left.add(keyOf(sources[edge]!, targets[edge]!, nodeCount))
  const keys = new Set<number>()
  sources.forEach((source, edge) => {
    const key = keyOf(source, targets[edge]!, nodeCount)
    if (source !== targets[edge] && !left.has(key)) keys.add(key)
  })
  const sorted = Float64Array.from(keys).sort()
  return {
    nodeCount,
    a: Uint32Array.from(sorted, (key) => Math.floor(key / nodeCount)),
    b: Uint32Array.from(sorted, (key) => key % nodeCount),
  }
}

const keyOf = (a: number, b: number, nodeCount: number): number => (a < b ? a * nodeCount + b : b * nodeCount + a)

/** Neighbours of every node by the pairs `order[from..to]`, both ways. */
export function neighbourLists({ nodeCount, a, b }: Pairs, order: Uint32Array, from: number, to: number): Lists {
  const start = new Uint32Array(nodeCount + 1)
  for (let at = from; at < to; at++) {
    start[a[order[at]!]! + 1]!++
    start[b[order[at]!]! + 1]!++
  }
  for (let node = 0; node < nodeCount; node++) start[node + 1]! += start[node]!
  const next = start.slice()
  const items = new Uint32Array(start[nodeCount]!)
  for (let at = from; at < to; at++) {
    const [x, y] = [a[order[at]!]!, b[order[at]!]!]
    items[next[x]!++] = y
    items[next[y]!++] = x
  }
  return { start, items }
}

/** The most neighbours that any node has. */
export function longestList({ nodeCount, a, b }: Pairs): number {
  const degree = new Uint32Array(nodeCount)
  a.forEach((node, i) => {
    degree[node]!++
    degree[b[i]!]!++
  })
  return degree.reduce((most, value) => Math.max(most, value), 0)
}
