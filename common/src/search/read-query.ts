import type { LexicalIndex } from './lexical-index.js'
import { createNearWords, type NearWords } from './near-words.js'
import { STOP_WORDS, subWords } from './words.js'

/** A query as the repository understands it. */
export interface ReadQuery {
  readonly text: string
  /** With words of the repository in the place of misspelt and run-together ones; this is what a model is given. */
  readonly corrected: string
  /** Words of the index with how surely each is meant, 0 to 1; each once. */
  readonly terms: readonly { readonly term: number; readonly weight: number }[]
  /** Telling words that no item has, also not in another spelling. */
  readonly unknown: number
  readonly words: readonly string[]
}

const SHORTEST_CORRECTED = 5
/** In a longer query one strange word changes little, and a model knows more words than one repository does. */
const CORRECTED_QUERY_WORDS = 4
const LEAST_CLOSENESS = 0.74
const SHORTEST_PART = 3
const CORRECTED_WEIGHT = 0.7
const SPLIT_WEIGHT = 0.9

/** Reads queries against the words of one index. */
export function createQueryReader(index: LexicalIndex): (query: string) => ReadQuery {
  let near: NearWords | null = null
  let words: string[] = []
  const nearest = (word: string): string | null => {
    if (near === null) {
      words = index.terms.filter((term) => term.length >= SHORTEST_CORRECTED - 1 && /^\p{L}+$/u.test(term))
      near = createNearWords(words)
    }
    let best: { word: string; closeness: number; count: number } | null = null
    for (const { word: at, closeness } of near.near(word, LEAST_CLOSENESS)) {
      const found = words[at]!
      const term = index.termOf(found)
      const count = term === undefined ? 0 : index.starts[term + 1]! - index.starts[term]!
      if (best === null || closeness > best.closeness || (closeness === best.closeness && count > best.count))
        best = { word: found, closeness, count }
    }
    return best?.word ?? null
  }

  return (text) => {
    const weights = new Map<number, number>()
    const add = (word: string, weight: number): void => {
      const term = index.termOf(word)
      if (term !== undefined) weights.set(term, Math.max(weight, weights.get(term) ?? 0))
    }
    const asked = subWords(text)
    let corrected = text
    let unknown = 0
    for (const word of new Set(asked)) {
      if (index.termOf(word) !== undefined) {
        add(word, 1)
        continue
      }
      if (STOP_WORDS.has(word)) continue
      const parts = splitWord(word, (part) => index.termOf(part) !== undefined)
      const other = parts === null && word.length >= SHORTEST_CORRECTED ? nearest(word) : null
      const replacement = parts ?? (other === null ? null : [other])
      if (replacement === null) {
        unknown += 1
        continue
      }
      for (const part of replacement) add(part, parts === null ? CORRECTED_WEIGHT : SPLIT_WEIGHT)
      corrected = corrected.replace(new RegExp(word, 'i'), replacement.join(' '))
    }
    if (asked.filter((word) => !STOP_WORDS.has(word)).length > CORRECTED_QUERY_WORDS) corrected = text
    return { text, corrected, terms: [...weights].map(([term, weight]) => ({ term, weight })), unknown, words: asked }
  }
}

/** `workerthreads` gives `worker`, `threads`: two or three words that are known, the shortest of them as long as can be. */
function splitWord(word: string, known: (part: string) => boolean): string[] | null {
  if (word.length < 2 * SHORTEST_PART || word.length > 40) return null
  let best: string[] | null = null
  let least = 0
  for (let at = SHORTEST_PART; at <= word.length - SHORTEST_PART; at++) {
    const [left, right] = [word.slice(0, at), word.slice(at)]
    if (!known(left)) continue
    if (known(right)) {
      const shortest = Math.min(at, word.length - at) + 1
      if (shortest > least) [best, least] = [[left, right], shortest]
      continue
    }
    for (let second = SHORTEST_PART; second <= right.length - SHORTEST_PART; second++) {
      if (!known(right.slice(0, second)) || !known(right.slice(second))) continue
      const shortest = Math.min(at, second, right.length - second)
      if (shortest > least) [best, least] = [[left, right.slice(0, second), right.slice(second)], shortest]
    }
  }
  return best
}
