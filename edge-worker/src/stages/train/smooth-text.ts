import { normaliseRows } from '@doctown/common/runtime/normalise-rows.js'
import { shares, type Adjacency } from './adjacency.js'
import { drawProjection, projectRows } from './project.js'
import { rowSums } from './row-sums.js'

/** Steps and share of the own text, as in APPNP (graph-training.md, section 5). */
const STEPS = 10
const OWN_SHARE = 0.1

export interface SmoothTextInput {
  readonly text: Float32Array
  readonly textDimensions: number
  readonly dimensions: number
  readonly seed: number
}

/** Text vectors mixed along the edges, so that a node without text (a file) gets that of its surroundings. Unit rows. */
export function smoothText(graph: Adjacency, { text, textDimensions, dimensions, seed }: SmoothTextInput): Float32Array {
  const own = new Float32Array(graph.nodeCount * dimensions)
  if (text.length === 0) return own
  projectRows(drawProjection({ from: textDimensions, to: dimensions, seed }), text, { into: own, at: 0 })
  const share = shares(graph, 'symmetric').map((value) => (1 - OWN_SHARE) * value)
  let mixed = own
  let [next, spare] = [new Float32Array(own.length), new Float32Array(own.length)]
  for (let step = 0; step < STEPS; step++) {
    rowSums(graph, share, { from: mixed, into: next, columns: dimensions, plus: { values: own, weight: OWN_SHARE } })
    ;[mixed, next, spare] = [next, spare, next]
  }
  return normaliseRows(mixed, dimensions)
}
