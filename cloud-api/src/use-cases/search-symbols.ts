import type { SearchAnswer } from '@doctown/common/contracts/http/bodies.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import type { Candidate, VectorStore } from '@doctown/common/ports/vector-store/port.js'
import { rankCandidates } from '@doctown/common/search/rank-candidates.js'
import { sparseQuery } from '@doctown/common/search/sparse.js'
import { within } from './within.js'

/** The nearest and the most alike that the one ranker chooses from. */
const CANDIDATES = 200
const DEFAULT_LIMIT = 10
/** Of a store that does not answer a person is told, not kept waiting. */
const PATIENCE_MS = 3_000

export interface SymbolQuery {
  readonly q: string
  readonly repo?: string | undefined
  readonly kind?: string | undefined
  readonly limit?: string | undefined
  readonly includePrivate: boolean
}

export interface SearchParts {
  readonly store: Pick<VectorStore, 'candidates'>
  /** The model that comes with the program: the one that every build's `small` vectors are of. */
  readonly model: Pick<Embedder, 'model' | 'embedQueries'>
}

/**
 * Candidates from the vector store by meaning and by words in one call, put in order by the ranker. Without the admin's bearer private repositories are not there.
 * Throws `vector_store_unavailable`; `model_differs` when all the vectors in reach were made with another model.
 */
export function createSearchSymbols(options: {
  readonly parts: SearchParts | null
  readonly isPrivateRepository: (repoUrl: string) => boolean
  readonly now: () => number
}): (query: SymbolQuery) => Promise<SearchAnswer> {
  const { parts, isPrivateRepository, now } = options
  return async ({ q, repo, kind, limit, includePrivate }) => {
    const begin = now()
    if (parts === null) throw away('no vector store is set up')
    const { store, model } = parts
    const values = await model.embedQueries([q])
    const name = `${model.model.name} ${model.model.revision}`
    const asked = store.candidates({
      vector: 'small',
      values,
      sparse: sparseQuery(q),
      limit: CANDIDATES,
      filter: { repo_url: repo, symbol_type: kind, ...(includePrivate ? {} : { private_repository: false }) },
    })
    const found = await within(asked, PATIENCE_MS, () => away('it did not answer in time')).catch((error: unknown) => {
      // The one thing that a store refuses a question for: vectors of another length.
      if (error instanceof DoctownError && error.code === 'vector_store_refused')
        throw differs(`a model of another length than ${model.model.dimensions}`, name, error)
      throw error
    })
    const shown = found.filter(({ payload }) => includePrivate || !isPrivateRepository(payload.repo_url))
    const ranked = rankCandidates(q, ofModel(shown, name), limit === undefined ? DEFAULT_LIMIT : Number(limit))
    const results = ranked.map(({ candidate: { payload }, score, why }) => ({
      docpack_id: payload.docpack_id,
      repo_url: payload.repo_url,
      commit_sha: payload.commit_sha,
      symbol_id: payload.symbol_id,
      name: payload.name,
      symbol_type: payload.symbol_type,
      file: payload.file,
      start_line: payload.start_line,
      end_line: payload.end_line,
      score: Number(score.toFixed(4)),
      why: [...why],
    }))
    return { query: q, model: name, took_ms: now() - begin, results }
  }
}

const away = (why: string): DoctownError =>
  new DoctownError('vector_store_unavailable', `Search is not available: the vector store is away (${why}). Try again later.`)

const differs = (other: string, ours: string, cause?: unknown): DoctownError =>
  new DoctownError(
    'model_differs',
    `The vectors in reach were made with ${other}, and this service has ${ours}. Build the repositories again, or run the version that made them.`,
    { cause },
  )

/** What another model made cannot be compared by meaning: such points are found by their words, and when there are no others, that is told. */
function ofModel(found: readonly Candidate[], name: string): Candidate[] {
  const isStrange = ({ dense, payload }: Candidate): boolean => dense !== null && payload.small_model !== name
  const near = found.filter(({ dense }) => dense !== null)
  if (near.length > 0 && near.every(isStrange)) {
    const other = near[0]?.payload.small_model ?? 'a model that it does not name'
    throw differs(other, name)
  }
  return found.flatMap((candidate) => {
    if (!isStrange(candidate)) return [candidate]
    return candidate.sparse === null ? [] : [{ ...candidate, dense: null }]
  })
}
