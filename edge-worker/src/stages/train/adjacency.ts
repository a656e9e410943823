import type { StructureInput } from './structure-model.js'

/** Neighbours of all nodes, both directions, with a loop at each node; compressed sparse rows. */
export interface Adjacency {
  readonly nodeCount: number
  readonly start: Uint32Array
  readonly neighbour: Uint32Array
  readonly weight: Float32Array
  /** Sum of a row's weights, the loop's 1 included. */
  readonly degree: Float32Array
}

type Edges = Pick<StructureInput, 'nodeCount' | 'sources' | 'targets' | 'weights'>

export function toAdjacency({ nodeCount, sources, targets, weights }: Edges, without: ReadonlySet<number> = new Set()): Adjacency {
  const start = new Uint32Array(nodeCount + 1)
  for (let node = 0; node < nodeCount; node++) start[node + 1] = 1
  sources.forEach((source, edge) => {
    if (without.has(edge)) return
    start[source + 1]!++
    start[targets[edge]! + 1]!++
  })
  for (let node = 0; node < nodeCount; node++) start[node + 1]! += start[node]!
  const neighbour = new Uint32Array(start[nodeCount]!)
  const weight = new Float32Array(start[nodeCount]!)
  const degree = new Float32Array(nodeCount)
  const next = start.slice()
  const put = (from: number, to: number, value: number): void => {
    const at = next[from]!++
    neighbour[at] = to
    weight[at] = value
    degree[from]! += value
  }
  for (let node = 0; node < nodeCount; node++) put(node, node, 1)
  sources.forEach((source, edge) => {
    if (without.has(edge)) return
    put(source, targets[edge]!, weights[edge]!)
    put(targets[edge]!, source, weights[edge]!)
  })
  return { nodeCount, start, neighbour, weight, degree }
}

/** One step of averaging: row i becomes the sum over neighbours j of `weight * scale(i, j) * values[j]`. */
export function spread(
  graph: Adjacency,
  values: Float32Array,
  options: { readonly dimensions: number; readonly scale: 'row' | 'symmetric' },
): Float32Array {
  const { dimensions, scale } = options
  const out = new Float32Array(values.length)
  const inverse = graph.degree.map((degree) => (scale === 'row' ? 1 / degree : 1 / Math.sqrt(degree)))
  for (let node = 0; node < graph.nodeCount; node++) {
    const row = node * dimensions
    for (let at = graph.start[node]!; at < graph.start[node + 1]!; at++) {
      const other = graph.neighbour[at]!
      const factor = graph.weight[at]! * inverse[node]! * (scale === 'row' ? 1 : inverse[other]!)
      const from = other * dimensions
      for (let i = 0; i < dimensions; i++) out[row + i]! += factor * values[from + i]!
    }
  }
  return out
}
