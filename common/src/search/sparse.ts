import type { SparseVector } from '../ports/vector-store/port.js'
import { STOP_WORDS, stem, subWords } from './words.js'

/** The texts of a symbol that a point of the vector store is found by; digests expanded. */
export interface SparseTexts {
  readonly name: string
  readonly path: string
  readonly head: string
  readonly body: string
  readonly docs: string
}

/**
 * BM25F as the ranker's lexical index has it: how much a word of each text counts, how much less where the text is long. The usual lengths, in words, are
 * those of the crates that search was fitted on: one point must not depend on the others.
 */
const FIELDS = {
  name: { weight: 3, b: 0.3, usual: 2 },
  path: { weight: 1, b: 0.6, usual: 5 },
  head: { weight: 1.5, b: 0.6, usual: 12 },
  body: { weight: 1, b: 0.6, usual: 40 },
  docs: { weight: 1, b: 0.6, usual: 15 },
} as const
const K1 = 1.2
/** Of a point the words that count most: a request of 128 points stays near 2 MB. */
const MAX_WORDS = 256

/** Words of a symbol as a sparse vector: BM25F's share of each word that does not depend on the other symbols. Its rarity is the store's matter. */
export function sparseDocument(texts: SparseTexts): SparseVector {
  const counts = new Map<number, number>()
  for (const field of ['name', 'path', 'head', 'body', 'docs'] as const) {
    const words = subWords(texts[field])
    const { weight, b, usual } = FIELDS[field]
    const share = weight / (1 - b + (b * words.length) / usual)
    for (const word of words) {
      const index = indexOf(stem(word))
      counts.set(index, (counts.get(index) ?? 0) + share)
    }
  }
  const kept = [...counts].sort(([, a], [, b]) => b - a).slice(0, MAX_WORDS)
  return { indices: kept.map(([index]) => index), values: kept.map(([, count]) => Number((count / (count + K1)).toFixed(4))) }
}

/** The query's telling words, each once; of a query of nothing but stop words, those. */
export function sparseQuery(query: string): SparseVector {
  const words = subWords(query)
  const telling = words.filter((word) => !STOP_WORDS.has(word))
  const indices = [...new Set((telling.length > 0 ? telling : words).map((word) => indexOf(stem(word))))]
  return { indices, values: indices.map(() => 1) }
}

/** FNV-1a of the word in 31 bits: two words of one repository seldom meet, and then the ranker tells them apart. */
function indexOf(word: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193)
  return hash & 0x7fffffff
}
