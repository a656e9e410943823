import { stem } from '@doctown/common/search/words.js'
import { subWords } from '@doctown/common/ports/embedder/table-words.js'

/** BM25 (k1 1.2, b 0.75) over the sub-words of names: the yardstick of the retrieval benchmark. Gives each document's score for a query. */
export function createBm25(documents: readonly string[], { k1 = 1.2, b = 0.75, stemmed = false } = {}): (query: string) => Float64Array {
  const wordsOf = (text: string): string[] => (stemmed ? subWords(text).map(stem) : subWords(text))
  const words = documents.map(wordsOf)
  const average = words.reduce((sum, list) => sum + list.length, 0) / Math.max(1, words.length)
  const postings = new Map<string, { document: number; weight: number }[]>()
  words.forEach((list, document) => {
    const counts = new Map<string, number>()
    for (const word of list) counts.set(word, (counts.get(word) ?? 0) + 1)
    for (const [word, count] of counts) {
      const weight = (count * (k1 + 1)) / (count + k1 * (1 - b + (b * list.length) / average))
      const known = postings.get(word)
      if (known === undefined) postings.set(word, [{ document, weight }])
      else known.push({ document, weight })
    }
  })
  return (query) => {
    const scores = new Float64Array(documents.length)
    for (const word of new Set(wordsOf(query))) {
      const found = postings.get(word) ?? []
      const rarity = Math.log(1 + (documents.length - found.length + 0.5) / (found.length + 0.5))
      for (const { document, weight } of found) scores[document]! += rarity * weight
    }
    return scores
  }
}
