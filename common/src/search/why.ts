import type { SearchItem } from './item.js'
import type { LexicalIndex } from './lexical-index.js'
import type { ReadQuery } from './read-query.js'
import type { QuerySignals } from './signals.js'
import { STOP_WORDS } from './words.js'

/** Words named in one reason. */
const SHOWN_WORDS = 4
const LEAST_LITERAL = 0.4
const LEAST_COSINE = 0.25

/** Why an item was found, in a few words each, the most telling first. */
export function reasons(hit: {
  readonly item: SearchItem
  readonly at: number
  readonly query: ReadQuery
  readonly lexical: LexicalIndex
  readonly found: QuerySignals
}): string[] {
  const { item, at, query, lexical, found } = hit
  const why: string[] = []
  const close = found.values.name_close[at]!
  if (close > 0.9) why.push(`name matches \`${item.name}\``)
  else if (close > 0.6) why.push(`name is close to \`${item.name}\``)
  if (found.values.literal[at]! >= LEAST_LITERAL) why.push('a text in it reads like the query')

  const shared = query.terms
    .filter(({ term }) => !STOP_WORDS.has(lexical.terms[term]!) && lexical.terms[term]!.length > 1)
    .map(({ term }) => ({ term, place: placeOf(lexical, term, at) }))
    .filter(({ place }) => place >= 0)
    .sort((a, b) => lexical.rarity[b.term]! - lexical.rarity[a.term]!)
  const inName = shared.filter(({ place }) => (place & 1) !== 0)
  const elsewhere = shared.filter(({ place }) => (place & 1) === 0)
  const say = (label: string, terms: typeof shared): void => {
    if (terms.length > 0) {
      const words = terms.slice(0, SHOWN_WORDS).map(({ term }) => written(lexical.terms[term]!, query.words))
      why.push(`${label}: ${words.join(', ')}`)
    }
  }
  if (close <= 0.9) say('name shares', inName)
  say('text shares', elsewhere)
  const cosine = found.cosine[at]!
  if (cosine >= LEAST_COSINE) why.push(`similar meaning ${cosine.toFixed(2).replace(/^0/, '')}`)
  return why
}

/** The word as it was asked for, where a stem of it is in the index. */
const written = (term: string, words: readonly string[]): string => words.find((word) => word.startsWith(term)) ?? term

/** Where the item has the word (LexicalIndex.places), -1 for nowhere. A word's items are in rising order. */
function placeOf({ starts, postings, places }: LexicalIndex, term: number, item: number): number {
  let low = starts[term]!
  let high = starts[term + 1]! - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const there = postings[middle]!
    if (there === item) return places[middle]!
    if (there < item) low = middle + 1
    else high = middle - 1
  }
  return -1
}
