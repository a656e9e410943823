import type { Lists } from './network/bucket-tables.js'

export interface RowSums {
  /** Rows of `columns` numbers, one a node. */
  readonly from: Float32Array
  readonly into: Float32Array
  readonly columns: number
  /** Rows that are added to the sums, times `weight`. */
  readonly plus?: { readonly values: Float32Array; readonly weight: number }
}

const AT_ONCE = 8

/**
 * Row i of `into` becomes the sum of `share[at] * from[items[at]]` over list i. Eight columns at a time stay in registers while the list
 * passes by: a third of the time of adding up in memory.
 */
export function rowSums(lists: Lists, share: Float32Array, { from, into, columns, plus = { values: from, weight: 0 } }: RowSums): void {
  const { start, items } = lists
  const { values, weight } = plus
  const whole = columns - (columns % AT_ONCE)
  for (let list = 0; list + 1 < start.length; list++) {
    const first = start[list]!
    const last = start[list + 1]!
    let to = list * columns
    for (let column = 0; column < whole; column += AT_ONCE, to += AT_ONCE) {
      let s0 = weight * values[to]!
      let s1 = weight * values[to + 1]!
      let s2 = weight * values[to + 2]!
      let s3 = weight * values[to + 3]!
      let s4 = weight * values[to + 4]!
      let s5 = weight * values[to + 5]!
      let s6 = weight * values[to + 6]!
      let s7 = weight * values[to + 7]!
      for (let at = first; at < last; at++) {
        const factor = share[at]!
        const row = items[at]! * columns + column
        s0 += factor * from[row]!
        s1 += factor * from[row + 1]!
        s2 += factor * from[row + 2]!
        s3 += factor * from[row + 3]!
        s4 += factor * from[row + 4]!
        s5 += factor * from[row + 5]!
        s6 += factor * from[row + 6]!
        s7 += factor * from[row + 7]!
      }
      into[to] = s0
      into[to + 1] = s1
      into[to + 2] = s2
      into[to + 3] = s3
      into[to + 4] = s4
      into[to + 5] = s5
      into[to + 6] = s6
      into[to + 7] = s7
    }
    for (let column = whole; column < columns; column++, to++) {
      let sum = weight * values[to]!
      for (let at = first; at < last; at++) sum += share[at]! * from[items[at]! * columns + column]!
      into[to] = sum
    }
  }
}
