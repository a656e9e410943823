import type { Candidate } from '../ports/vector-store/port.js'
import { containerPath } from './container-path.js'
import type { ItemVectors, SearchItem } from './item.js'
import { createSearchIndex } from './search-index.js'
import { isImplementation } from './implementation.js'
import { isTestPath } from '../runtime/test-path.js'

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
  const rows = candidates.flatMap(({ dense }, item) => (dense === null ? [] : [{ item, dense }]))
  return {
    dimensions: 1,
    values: Float32Array.from(rows, ({ dense }) => dense),
    itemOfRow: Int32Array.from(rows, ({ item }) => item),
  }
}

function itemOf({ payload }: Candidate): SearchItem {
  const inFile = payload.symbol_id.slice(payload.symbol_id.indexOf('#') + 1)
  const test = isTestPath(payload.file)
  return {
    symbol_id: payload.symbol_id,
    name: payload.name,
    symbol_type: payload.symbol_type,
    path: containerPath(inFile, payload.name),
    file: payload.file,
    start_line: payload.start_line,
    end_line: payload.end_line,
    public: payload.public && !test && !isImplementation(payload.symbol_id),
    test,
    implementation: isImplementation(payload.symbol_id),
    head: payload.signature ?? '',
    body: '',
    docs: payload.docs ?? '',
  }
}
