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
 * Rows of `values` into those of `into`, from row `at` on. Dimension i is added, with a drawn sign, to dimension i modulo `to` (feature
 * hashing, Weinberger et al., 2009): keeps cosines to about 1/sqrt(to), as a dense random projection does, for one addition a
 * dimension. Linear, so it may come before centring and smoothing and save their work.
 */
export function projectRows({ to, signs }: Projection, values: Float32Array, { into, at }: { into: Float32Array; at: number }): void {
  const from = signs.length
  for (let row = 0, out = at * to; row < values.length; row += from, out += to) {
    for (let column = 0; column < to; column++) {
      let sum = 0
      for (let i = column; i < from; i += to) sum += signs[i]! * values[row + i]!
      into[out + column] = sum
    }
  }
}
