import { createRandom } from '@doctown/common/runtime/random.js'

export interface Projection {
  readonly to: number
  /** One a dimension of the values that are projected, 1 or -1. */
  readonly signs: Float32Array
}

export function drawProjection({ from, to, seed }: { readonly from: number; readonly to: number; readonly seed: number }): Projection {
  const random = createRandom(seed)
  return { to, signs: Float32Array.from({ length: from }, () => (random() < 0.5 ? -1 : 1)) }
}

/**
 * Dimension i is added, with a drawn sign, to dimension i modulo `to` (feature hashing, Weinberger et al., 2009): keeps cosines to about
 * 1/sqrt(to), as a dense random projection does, for one addition a dimension. Linear, so it may come before centring and smoothing and
 * save their work.
 */
export function projectRow({ to, signs }: Projection, values: Float32Array, row: number, into: Float32Array, intoRow: number): void {
  const from = signs.length
  const [first, out] = [row * from, intoRow * to]
  for (let column = 0; column < to; column++) {
    let sum = 0
    for (let i = column; i < from; i += to) sum += signs[i]! * values[first + i]!
    into[out + column] = sum
  }
}

/** All rows of a table. */
export function project(values: Float32Array, projection: Projection): Float32Array {
  const rows = projection.signs.length === 0 ? 0 : values.length / projection.signs.length
  const into = new Float32Array(rows * projection.to)
  for (let row = 0; row < rows; row++) projectRow(projection, values, row, into, row)
  return into
}
