import { normaliseRows } from '@doctown/common/runtime/normalise-rows.js'
import { createRandom, shuffled } from '@doctown/common/runtime/random.js'
import { spread, type Adjacency } from './adjacency.js'

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
  const own = project(centreRows(text, textDimensions), { from: textDimensions, to: dimensions, seed })
  let mixed = own
  for (let step = 0; step < STEPS; step++) {
    const next = spread(graph, mixed, { dimensions, scale: 'symmetric' })
    for (let i = 0; i < next.length; i++) next[i] = (1 - OWN_SHARE) * next[i]! + OWN_SHARE * own[i]!
    mixed = next
  }
  return normaliseRows(mixed === own ? own.slice() : mixed, dimensions)
}

/**
 * Less the mean of the nodes that have text. Texts of one repository have much in common, and averaging along edges would leave
 * little else: centring raised held-out AUC from .92 to .96 on tokio's calls and from .89 to .94 on serde_json's.
 */
export function centreRows(text: Float32Array, dimensions: number): Float32Array {
  const mean = new Float64Array(dimensions)
  const written: number[] = []
  for (let row = 0; row < text.length; row += dimensions) {
    if (text.subarray(row, row + dimensions).every((value) => value === 0)) continue
    written.push(row)
    for (let i = 0; i < dimensions; i++) mean[i]! += text[row + i]!
  }
  const out = new Float32Array(text.length)
  // One text alone is its own mean; it keeps its direction.
  const share = written.length > 1 ? 1 / written.length : 0
  for (const row of written) for (let i = 0; i < dimensions; i++) out[row + i] = text[row + i]! - mean[i]! * share
  return out
}

/**
 * Each dimension is added, with a drawn sign, to one of `to` (feature hashing, Weinberger et al., 2009): keeps cosines to about
 * 1/sqrt(to), as a dense random projection does, for `from` additions a row. Smoothing is linear, so it may come first and save the work.
 */
export function project(values: Float32Array, { from, to, seed }: { from: number; to: number; seed: number }): Float32Array {
  if (from === 0) return new Float32Array(0)
  const random = createRandom(seed)
  const place = shuffled(from, random).map((position) => position % to)
  const sign = Float32Array.from({ length: from }, () => (random() < 0.5 ? -1 : 1))
  const rows = values.length / from
  const out = new Float32Array(rows * to)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < from; i++) out[row * to + place[i]!]! += sign[i]! * values[row * from + i]!
  }
  return out
}
