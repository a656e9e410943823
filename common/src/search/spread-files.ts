import type { SearchItem } from './item.js'
import type { Gate } from './query-gates.js'

/**
 * What each further result of a file loses. Ten results of one class answer one question once: on whole repositories the ten best show more of the right files
 * (NDCG@10 of ten results .791 to .808), and the first right symbol stands where it stood (docs/decisions/0013).
 */
const EACH_FURTHER = 0.3
const MOST = 6
/** So many results are looked at for each one that is asked for. */
export const LOOKED_AT = 4

/**
 * Orders hits, best first, anew: a file's further results come a little later. Changes their scores to what they are ordered by. A sentence that tells what one item
 * does, as documentation does, looks for that item alone, and its order stays.
 */
export function spreadFiles(
  order: readonly number[],
  scores: Float32Array,
  { items, gates }: { readonly items: readonly SearchItem[]; readonly gates: Readonly<Record<Gate, number>> },
): number[] {
  const each = EACH_FURTHER * (1 - Math.max(gates.prose, gates.sentence))
  const seen = new Map<string, number>()
  for (const i of order) {
    const { file } = items[i]!
    const before = seen.get(file) ?? 0
    seen.set(file, before + 1)
    scores[i]! -= each * Math.min(MOST, before)
  }
  return [...order].sort((a, b) => scores[b]! - scores[a]! || a - b)
}
