import { normaliseRows } from '@doctown/common/runtime/normalise-rows.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { shares, type Adjacency } from './adjacency.js'
import { rowSums } from './row-sums.js'

/** Weight of the random vectors after 0, 1, 2, 3 steps. The first keeps a node without edges apart from the others. */
const STEP_WEIGHTS = [0.05, 1, 1, 1]
/** Nodes of many edges say less: their start is scaled by degree to this power. */
const DEGREE_POWER = -0.5

/** FastRP (Chen et al., 2019): sparse random vectors averaged over 1 to 3 steps, so that nodes of near neighbourhoods are near. Unit rows. */
export function fastRp(
  graph: Adjacency,
  { nodeKeys, dimensions, seed }: { readonly nodeKeys: Uint32Array; readonly dimensions: number; readonly seed: number },
): Float32Array {
  let current = new Float32Array(graph.nodeCount * dimensions)
  for (let node = 0; node < graph.nodeCount; node++) {
    const random = createRandom(nodeKeys[node]! ^ Math.imul(seed, 0x9e3779b1))
    const size = graph.degree[node]! ** DEGREE_POWER
    for (let i = 0; i < dimensions; i++) {
      const draw = random()
      current[node * dimensions + i] = draw < 1 / 6 ? -size : draw < 1 / 3 ? size : 0
    }
  }
  const share = shares(graph, 'row')
  const sum = new Float32Array(current.length)
  let next = new Float32Array(current.length)
  for (const [step, weight] of STEP_WEIGHTS.entries()) {
    if (step > 0) {
      rowSums(graph, share, { from: current, into: next, columns: dimensions })
      ;[current, next] = [next, current]
    }
    addUnitRows(sum, current, { columns: dimensions, weight })
  }
  return normaliseRows(sum, dimensions)
}

/** Rows of zeros add nothing. */
function addUnitRows(sum: Float32Array, rows: Float32Array, { columns, weight }: { columns: number; weight: number }): void {
  for (let row = 0; row < rows.length; row += columns) {
    let square = 0
    for (let i = row; i < row + columns; i++) square += rows[i]! * rows[i]!
    const scale = square > 0 ? weight / Math.sqrt(square) : 0
    for (let i = row; i < row + columns; i++) sum[i]! += scale * rows[i]!
  }
}
