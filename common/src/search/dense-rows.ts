import type { ItemVectors } from './item.js'

/**
 * Writes to `scores` the cosine of the query with each item's best row; items without a row get `absent`. A query vector of zeros gives zeros.
 * Rows and query have unit length. Four sums side by side: a fixed order, so that equal bytes give equal scores, and faster than one.
 */
export function scoreRows(vectors: ItemVectors, query: Float32Array, scores: Float32Array, absent: number): void {
  const { values, dimensions, itemOfRow } = vectors
  scores.fill(NONE)
  const whole = dimensions - (dimensions % 4)
  for (let row = 0, at = 0; row < itemOfRow.length; row++, at += dimensions) {
    let a = 0
    let b = 0
    let c = 0
    let d = 0
    let i = 0
    // Inside both arrays by construction; the checked read would cost half of the speed.
    for (; i < whole; i += 4) {
      a += values[at + i]! * query[i]!
      b += values[at + i + 1]! * query[i + 1]!
      c += values[at + i + 2]! * query[i + 2]!
      d += values[at + i + 3]! * query[i + 3]!
    }
    for (; i < dimensions; i++) a += values[at + i]! * query[i]!
    const score = a + b + c + d
    const item = itemOfRow[row]!
    if (score > scores[item]!) scores[item] = score
  }
  for (let item = 0; item < scores.length; item++) if (scores[item] === NONE) scores[item] = absent
}

const NONE = -2
