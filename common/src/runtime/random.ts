import { countedUp } from './counted-up.js'

/** mulberry32: a seeded generator of numbers in [0, 1), for shuffles and projections that must repeat. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** 0, 1, .. in an order drawn anew (Fisher and Yates). */
export function shuffled(count: number, random: () => number): Uint32Array {
  const order = countedUp(count)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const kept = order[last]!
    order[last] = order[other]!
    order[other] = kept
  }
  return order
}
