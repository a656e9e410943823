import type { SearchAnswer } from '@doctown/common/contracts/http/bodies.js'
import { isIndexPending, type DocpackRecord } from '@doctown/common/contracts/docpack-record.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { repositoryKey, type Candidate, type CandidateQuery, type VectorStore } from '@doctown/common/ports/vector-store/port.js'
import { rankCandidates } from '@doctown/common/search/rank-candidates.js'
import { sparseQuery } from '@doctown/common/search/sparse.js'
import { comparable } from './comparable.js'
import { embedQuery, type EmbeddedQuery, type QueryModels } from './embed-query.js'
import { within } from './within.js'

/** The nearest and the most alike that the one ranker chooses from: near 300 KB of points. A small crate is ranked whole. */
const CANDIDATES = 300
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
  readonly models: QueryModels
}

/**
 * Candidates from the vector store by meaning and by words in one call, put in order by the ranker. Without the admin's bearer private repositories are not there.
 * Throws `vector_store_unavailable`; `model_differs` when all the vectors in reach were made with another model.
 */
export function createSearchSymbols(options: {
  readonly parts: SearchParts | null
  readonly isPrivateRepository: (repoUrl: string) => boolean
  /** What is on the shelf: what the vector store lacks yet is told. */
  readonly records: (options: { readonly includePrivate: boolean }) => Promise<readonly DocpackRecord[]>
  readonly now: () => number
}): (query: SymbolQuery) => Promise<SearchAnswer> {
  const { parts, isPrivateRepository, records, now } = options
  return async ({ q, repo, kind, limit, includePrivate }) => {
    const begin = now()
    if (parts === null) throw away('no vector store is set up')
    // A shelf that cannot be read says nothing of what is missing; what was found is right all the same.
    const shelf = records({ includePrivate }).catch((): DocpackRecord[] => [])
    const embedded = await embedQuery(parts.models, q)
    const filter = { repo_url: repo, symbol_type: kind, ...(includePrivate ? {} : { private_repository: false }) }
    const asked = askStore(parts.store, { near: embedded.near, sparse: sparseQuery(q), limit: CANDIDATES, filter }, embedded)
    const { found, notes } = await within(asked, PATIENCE_MS, () => away('it did not answer in time'))
    const shown = comparable(
      found.filter(({ payload }) => includePrivate || !isPrivateRepository(payload.repo_url)),
      { query: q, models: embedded.models },
    )
    const ranked = rankCandidates(q, shown.candidates, limit === undefined ? DEFAULT_LIMIT : Number(limit))
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
    const said = [...embedded.notes, ...notes, ...shown.notes, ...pendingNotes(await shelf, repo)]
    return { query: q, model: shown.model, took_ms: now() - begin, results, ...(said.length === 0 ? {} : { notes: said }) }
  }
}

interface Found {
  readonly found: readonly Candidate[]
  readonly notes: readonly string[]
}

/** A store that refuses a vector for its length is asked again without the second model's; of ours it is told. */
async function askStore(store: SearchParts['store'], query: CandidateQuery, { models }: EmbeddedQuery): Promise<Found> {
  try {
    return { found: await store.candidates(query), notes: [] }
  } catch (error) {
    if (!(error instanceof DoctownError) || error.code !== 'vector_store_refused') throw error
    const { small, text } = query.near
    if (error.details['dimensions'] === undefined || small === undefined) throw away(error.message, error)
    if (text === undefined) throw refused(error, models.small)
    const { found } = await askStore(store, { ...query, near: { small } }, { near: { small }, models, notes: [] })
    return { found, notes: [`The vectors in reach are not of ${models.text}'s length; meaning is compared by ${models.small} alone.`] }
  }
}

const away = (why: string, cause?: unknown): DoctownError =>
  new DoctownError('vector_store_unavailable', `Search is not available: the vector store is away (${why}). Try again later.`, { cause })

const refused = (cause: DoctownError, ours: string): DoctownError =>
  new DoctownError(
    'model_differs',
    `The vector store holds what this service, which has ${ours}, cannot compare: ${cause.message} Build the repositories again, or run the version that made them.`,
    { cause },
  )

/** Repositories whose newest docpack the worker has still to write to the vector store. `records`: newest first. */
function pendingNotes(records: readonly DocpackRecord[], repo: string | undefined): string[] {
  const newest = new Map<string, DocpackRecord>()
  for (const record of records) {
    const key = repositoryKey(record.repo_url)
    if (!newest.has(key) && (repo === undefined || key === repositoryKey(repo))) newest.set(key, record)
  }
  const pending = [...newest.values()].filter(isIndexPending).map(({ repo_url }) => repo_url)
  if (pending.length === 0) return []
  const named = pending.slice(0, NAMED_PENDING).join(', ')
  const more = pending.length > NAMED_PENDING ? ` and ${pending.length - NAMED_PENDING} more` : ''
  return [`Not in the vector store yet, and found once the worker has written them there: ${named}${more}.`]
}

const NAMED_PENDING = 3
