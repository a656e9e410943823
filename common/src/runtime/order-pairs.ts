import { countedUp } from './counted-up.js'

/**
 * Places 0, 1, .. of the pairs `(first[i], second[i])` sorted by first, then second, equal pairs as they stood; all numbers below
 * `limit`. Two passes of counting: a set or a sort of a million keys takes seconds and a hundred bytes a key.
 */
export function orderPairs(first: ArrayLike<number>, second: ArrayLike<number>, limit: number): Uint32Array {
  return stableBy(first, stableBy(second, countedUp(first.length), limit), limit)
}

function stableBy(key: ArrayLike<number>, order: Uint32Array, limit: number): Uint32Array {
  const next = new Uint32Array(limit + 1)
  for (let i = 0; i < order.length; i++) next[key[i]! + 1]!++
  for (let value = 0; value < limit; value++) next[value + 1]! += next[value]!
  const out = new Uint32Array(order.length)
  for (let i = 0; i < order.length; i++) out[next[key[order[i]!]!]!++] = order[i]!
  return out
}
