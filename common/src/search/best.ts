/** Indexes of the highest scores, best first; of equal ones the earlier. */
export function best(scores: Float32Array, limit: number): number[] {
  const kept: number[] = []
  const size = Math.min(limit, scores.length)
  if (size <= 0) return kept
  let least = -Infinity
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!
    if (kept.length === size && score <= least) continue
    let at = kept.length
    while (at > 0 && scores[kept[at - 1]!]! < score) at--
    kept.splice(at, 0, i)
    if (kept.length > size) kept.pop()
    least = scores[kept.at(-1)!]!
  }
  return kept
}
