import type { Candidate } from '../ports/vector-store/port.js'
import { digestedItem } from './digested-item.js'
import type { ItemVectors, SearchItem } from './item.js'
import { createSearchIndex } from './search-index.js'
import { joinCosines } from './second-model.js'

export interface RankedCandidate {
  readonly candidate: Candidate
  readonly score: number
  readonly why: readonly string[]
}

/** The one ranker over what a vector store found: the same signals and weights as over a whole repository, of the texts that points carry. */
export function rankCandidates(query: string, candidates: readonly Candidate[], limit: number): RankedCandidate[] {
  const items = candidates.map(itemOf)
  const index = createSearchIndex(items, cosines(candidates))
  const byItem = new Map(items.map((item, i) => [item, candidates[i]!]))
  return index
    .search(index.read(query), Float32Array.of(1), { limit })
    .map(({ item, score, why }) => ({ candidate: byItem.get(item)!, score, why }))
}

/** The store has computed the cosines: as vectors of one number they come out of the index as they went in. */
function cosines(candidates: readonly Candidate[]): ItemVectors {
  const rows = candidates.flatMap(({ cosines: { small, text } }, item) => {
    const cosine = small !== undefined && text !== undefined ? joinCosines(small, text) : (text ?? small)
    return cosine === undefined ? [] : [{ item, cosine }]
  })
  return {
    dimensions: 1,
    values: Float32Array.from(rows, ({ cosine }) => cosine),
    itemOfRow: Int32Array.from(rows, ({ item }) => item),
  }
}

function itemOf({ payload }: Candidate): SearchItem {
  const { path, test, head = '', body = '', docs = '' } = payload
  return digestedItem(payload, { path, test, head, body, docs })
}
