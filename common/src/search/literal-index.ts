import type { SearchItem } from './item.js'
import { literalsOf, literalWords } from './literals.js'
import { stem } from './words.js'

/**
 * Pairs of neighbouring words inside string literals. Numbers and placeholders are left out on both sides, so that the message
 * "expected 4, found 5" meets the text "expected {}, found {}" that printed it.
 */
export interface LiteralIndex {
  /**
   * Writes to `share` how much of the query's word pairs stand in each item's literals, 0 to 1, pairs weighed by their rarity.
   * Gives the best share of any item, and the items that have one.
   */
  match(query: string, share: Float32Array): { readonly best: number; readonly items: readonly number[] }
}

export function createLiteralIndex(items: readonly SearchItem[]): LiteralIndex {
  const lists = new Map<string, number[]>()
  for (const [i, item] of items.entries()) {
    const text = item.head === '' ? item.body : `${item.head}\n${item.body}`
    if (!text.includes('"') && !text.includes("'") && !text.includes('`')) continue
    for (const literal of literalsOf(text, item.file.endsWith('.rs'))) {
      for (const pair of pairsOf(literal)) {
        const list = lists.get(pair)
        if (list === undefined) lists.set(pair, [i])
        else if (list.at(-1) !== i) list.push(i)
      }
    }
  }
  const rarityOf = (count: number): number => Math.log(1 + (items.length - count + 0.5) / (count + 0.5))
  const unknown = rarityOf(0.5)

  function matchPart(query: string, share: Float32Array, touched: Set<number>): number {
    const pairs = [...new Set(pairsOf(query))]
    if (pairs.length === 0) return 0
    let total = 0
    const sums = new Map<number, number>()
    for (const pair of pairs) {
      const list = lists.get(pair)
      const rarity = list === undefined ? unknown : rarityOf(list.length)
      total += rarity
      for (const i of list ?? []) sums.set(i, (sums.get(i) ?? 0) + rarity)
    }
    let best = 0
    for (const [i, sum] of sums) {
      const value = sum / total
      if (value > share[i]!) share[i] = value
      if (value > best) best = value
      touched.add(i)
    }
    return best
  }

  return {
    match(query, share) {
      const touched = new Set<number>()
      let best = matchPart(query, share, touched)
      // The text inside quotes alone: what stands around it is not part of the message.
      for (const quoted of query.match(/"[^"]{3,}"|“[^”]{3,}”/g) ?? []) best = Math.max(best, matchPart(quoted, share, touched))
      return { best, items: [...touched] }
    },
  }
}

function pairsOf(text: string): string[] {
  const words = literalWords(text).map(stem)
  const pairs: string[] = []
  for (let i = 1; i < words.length; i++) pairs.push(`${words[i - 1]} ${words[i]}`)
  return pairs
}
