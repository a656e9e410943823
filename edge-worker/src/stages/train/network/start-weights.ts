import { weightSlots, type NetworkSizes } from './step-graph.js'

/** Glorot and Bengio's (2010) uniform start; offsets begin at 0. */
export function startWeights(sizes: NetworkSizes, random: () => number): Float32Array {
  const { size, w1, self, neighbour } = weightSlots(sizes)
  const theta = new Float32Array(size)
  for (const { offset, rows, columns } of [w1, self, neighbour]) {
    const limit = Math.sqrt(6 / (rows + columns))
    for (let i = 0; i < rows * columns; i++) theta[offset + i] = (2 * random() - 1) * limit
  }
  return theta
}
