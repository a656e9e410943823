import type { Lists } from './network/bucket-tables.js'
import type { StructureInput } from './structure-model.js'

/** Neighbours of all nodes, both directions, with a loop at each node. */
export interface Adjacency extends Lists {
  readonly nodeCount: number
  /** Of each item. */
  readonly weight: Float32Array
  /** Sum of a row's weights, the loop's 1 included. */
  readonly degree: Float32Array
}

type Edges = Pick<StructureInput, 'nodeCount' | 'sources' | 'targets' | 'weights'>

export function toAdjacency({ nodeCount, sources, targets, weights }: Edges, without: ReadonlySet<number> = new Set()): Adjacency {
  const left = new Uint8Array(sources.length)
  for (const edge of without) left[edge] = 1
  const start = new Uint32Array(nodeCount + 1)
  start.fill(1, 1)
  for (let edge = 0; edge < sources.length; edge++) {
    if (left[edge] === 1) continue
    start[sources[edge]! + 1]!++
    start[targets[edge]! + 1]!++
  }
  for (let node = 0; node < nodeCount; node++) start[node + 1]! += start[node]!
  const items = new Uint32Array(start[nodeCount]!)
  const weight = new Float32Array(start[nodeCount]!)
  const degree = new Float32Array(nodeCount)
  const next = start.slice()
  const put = (from: number, to: number, value: number): void => {
    const at = next[from]!++
    items[at] = to
    weight[at] = value
    degree[from]! += value
  }
  for (let node = 0; node < nodeCount; node++) put(node, node, 1)
  for (let edge = 0; edge < sources.length; edge++) {
    if (left[edge] === 1) continue
    put(sources[edge]!, targets[edge]!, weights[edge]!)
    put(targets[edge]!, sources[edge]!, weights[edge]!)
  }
  return { nodeCount, start, items, weight, degree }
}

/** What each neighbour counts for: by `row` a row's sum to 1, by `symmetric` both ends' degrees have their share. */
export function shares({ nodeCount, start, items, weight, degree }: Adjacency, scale: 'row' | 'symmetric'): Float32Array {
  const inverse = degree.map((value) => (scale === 'row' ? 1 / value : 1 / Math.sqrt(value)))
  const out = new Float32Array(weight.length)
  for (let node = 0; node < nodeCount; node++) {
    for (let at = start[node]!; at < start[node + 1]!; at++) {
      out[at] = weight[at]! * inverse[node]! * (scale === 'row' ? 1 : inverse[items[at]!]!)
    }
  }
  return out
}
