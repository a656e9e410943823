import type { SparseVector } from '../ports/vector-store/port.js'
import { STOP_WORDS, stem, subWords } from './words.js'

/** The texts of a symbol that a point of the vector store is found by. */
export interface SparseTexts {
  readonly name: string
  readonly path: string
  readonly head: string
  readonly docs: string
}

const WEIGHTS = { name: 3, path: 1, head: 1.5, docs: 1 } as const
const K1 = 1.2
/** First words of each text; the rest of a long one says little more. */
const WORDS = 80

/** Words of a symbol as a sparse vector: BM25F's share of each word that does not depend on the other symbols. */
export function sparseDocument(texts: SparseTexts): SparseVector {
  const counts = new Map<number, number>()
  for (const field of ['name', 'path', 'head', 'docs'] as const)
    for (const word of subWords(texts[field]).slice(0, WORDS)) {
      const index = indexOf(stem(word))
      counts.set(index, (counts.get(index) ?? 0) + WEIGHTS[field])
    }
  return { indices: [...counts.keys()], values: [...counts.values()].map((count) => count / (count + K1)) }
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
