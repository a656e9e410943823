/** Rows of `width` numbers to unit length, in place; a row of zeros stays. Gives the array back. */
export function normaliseRows(values: Float32Array, width: number): Float32Array {
  for (let row = 0; row < values.length; row += width) {
    let square = 0
    for (let i = row; i < row + width; i++) square += values[i]! * values[i]!
    const length = Math.sqrt(square)
    if (length > 0) for (let i = row; i < row + width; i++) values[i]! /= length
  }
  return values
}
