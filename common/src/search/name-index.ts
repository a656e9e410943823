import type { SearchItem } from './item.js'
import { createNearWords } from './near-words.js'
import { joined, STOP_WORDS, subWords } from './words.js'

/** Names of items, found whatever their casing and underscores, and when they are misspelt. */
export interface NameIndex {
  /**
   * Writes to `closeness` how close a run of the query's words comes to the item's name: 1 for the same letters, less for a few
   * wrong ones, weighed by how much of the query's telling words the run takes. Gives the items that have one.
   */
  match(query: string, closeness: Float32Array): readonly number[]
}

const QUALIFIER = /[\p{L}_][\p{L}\p{N}_]*(?:::|\.|->|#)(?=[\p{L}_][\p{L}\p{N}_]{2})/gu
/** Words of the longest name that is looked for. */
const LONGEST_RUN = 6
/** A longer query is a sentence; its words are not tried as misspelt names, because most of them are near to some name. */
const FUZZY_QUERY_WORDS = 7
/** Up to so many telling words, runs of them may be one misspelt name; beyond, each word only by itself. */
const FUZZY_RUN_WORDS = 4
/** Three letters of four right, as in `ansestor`. */
const LEAST_CLOSENESS = 0.72
/** A name of fewer letters is near to everything. */
const SHORTEST_FUZZY = 5

export function createNameIndex(items: readonly SearchItem[]): NameIndex {
  const itemsOf = new Map<string, number[]>()
  for (const [i, { name, symbol_type }] of items.entries()) {
    if (symbol_type === 'text') continue
    const key = joined(name)
    if (key === '') continue
    const list = itemsOf.get(key)
    if (list === undefined) itemsOf.set(key, [i])
    else list.push(i)
  }
  const names = [...itemsOf.keys()]
  const near = createNearWords(names)

  return {
    match(query, closeness) {
      // Of `JoinHandle.is_finished` the member is asked for; what holds it is a matter of paths.
      const words = subWords(query.replace(QUALIFIER, ' '))
      const telling = words.reduce((sum, word) => sum + (STOP_WORDS.has(word) ? 0 : word.length), 0)
      if (telling === 0) return []
      const written = new Set((query.match(/[\p{L}\p{N}_]+/gu) ?? []).map(joined))
      const touched = new Set<number>()
      const take = (name: string, value: number): void => {
        for (const i of itemsOf.get(name) ?? []) {
          if (value > closeness[i]!) closeness[i] = value
          touched.add(i)
        }
      }
      const count = words.filter((word) => !STOP_WORDS.has(word)).length
      const longestFuzzy = count <= FUZZY_RUN_WORDS ? LONGEST_RUN : count <= FUZZY_QUERY_WORDS ? 1 : 0
      for (let from = 0; from < words.length; from++) {
        let run = ''
        let letters = 0
        for (let to = from; to < Math.min(words.length, from + LONGEST_RUN); to++) {
          const word = words[to]!
          run += word
          if (!STOP_WORDS.has(word)) letters += word.length
          if (letters === 0) continue
          // A common word that happens to be a name says little in a sentence; one written as a name says much.
          const share = letters / telling
          const asName = to > from || written.has(run) ? share : share * 0.8
          if (itemsOf.has(run)) take(run, Math.sqrt(asName))
          if (to - from >= longestFuzzy || run.length < SHORTEST_FUZZY) continue
          // A run that ends in "the" is no name, unless it was written as one.
          if ((STOP_WORDS.has(word) || STOP_WORDS.has(words[from]!)) && !written.has(run)) continue
          for (const { word: at, closeness: value } of near.near(run, LEAST_CLOSENESS)) {
            if (value < 1) take(names[at]!, Math.sqrt(asName) * (0.4 + 0.5 * value))
          }
        }
      }
      return [...touched]
    },
  }
}
