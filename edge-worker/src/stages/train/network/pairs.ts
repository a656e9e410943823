import { orderPairs } from '@doctown/common/runtime/order-pairs.js'
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
  // A pair whose one edge is held out must not come back by its other edge.
  const left = new Set<number>()
  for (const edge of without) left.add(keyOf(sources[edge]!, targets[edge]!, nodeCount))
  const low = new Uint32Array(sources.length)
  const high = new Uint32Array(sources.length)
  for (let edge = 0; edge < sources.length; edge++) {
    low[edge] = Math.min(sources[edge]!, targets[edge]!)
    high[edge] = Math.max(sources[edge]!, targets[edge]!)
  }
  const order = orderPairs(low, high, nodeCount)
  const a = new Uint32Array(order.length)
  const b = new Uint32Array(order.length)
  let count = 0
  let [lastLow, lastHigh] = [-1, -1]
  for (let i = 0; i < order.length; i++) {
    const x = low[order[i]!]!
    const y = high[order[i]!]!
    if (x === y || (x === lastLow && y === lastHigh)) continue
    lastLow = x
    lastHigh = y
    if (left.size > 0 && left.has(keyOf(x, y, nodeCount))) continue
    a[count] = x
    b[count++] = y
  }
  return { nodeCount, a: a.slice(0, count), b: b.slice(0, count) }
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
  for (let pair = 0; pair < a.length; pair++) {
    degree[a[pair]!]!++
    degree[b[pair]!]!++
  }
  return degree.reduce((most, value) => Math.max(most, value), 0)
}
