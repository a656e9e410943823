import { normaliseRows } from '@doctown/common/runtime/normalise-rows.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { spread, type Adjacency } from './adjacency.js'

/** Weight of the random vectors after 0, 1, 2, 3 steps. The first keeps a node without edges apart from the others. */
const STEP_WEIGHTS = [0.05, 1, 1, 1]
/** Nodes of many edges say less: their start is scaled by degree to this power. */
const DEGREE_POWER = -0.5

/** FastRP (Chen et al., 2019): sparse random vectors averaged over 1 to 3 steps, so that nodes of near neighbourhoods are near. Unit rows. */
export function fastRp(
  graph: Adjacency,
  { nodeKeys, dimensions, seed }: { readonly nodeKeys: Uint32Array; readonly dimensions: number; readonly seed: number },
): Float32Array {
  let current: Float32Array = new Float32Array(graph.nodeCount * dimensions)
  for (let node = 0; node < graph.nodeCount; node++) {
    const random = createRandom(nodeKeys[node]! ^ Math.imul(seed, 0x9e3779b1))
    const size = graph.degree[node]! ** DEGREE_POWER
    for (let i = 0; i < dimensions; i++) {
      const draw = random()
      current[node * dimensions + i] = draw < 1 / 6 ? -size : draw < 1 / 3 ? size : 0
    }
  }
  const sum = new Float32Array(current.length)
  for (const [step, weight] of STEP_WEIGHTS.entries()) {
    if (step > 0) current = spread(graph, current, { dimensions, scale: 'row' })
    const unit = normaliseRows(current.slice(), dimensions)
    for (let i = 0; i < sum.length; i++) sum[i]! += weight * unit[i]!
  }
  return normaliseRows(sum, dimensions)
}
