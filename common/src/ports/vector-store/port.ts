import { DoctownError } from '../../contracts/errors.js'

/** Vectors of symbols, for search. One point a symbol; ids are UUIDv5 of (repository, commit, symbol). */
export type VectorName = 'small' | 'text' | 'structure'

export interface SparseVector {
  readonly indices: readonly number[]
  readonly values: readonly number[]
}

export interface PointPayload {
  readonly repo_url: string
  readonly commit_sha: string
  readonly docpack_id: string
  readonly symbol_id: string
  readonly name: string
  readonly symbol_type: string
  readonly file: string
  readonly start_line: number
  readonly end_line: number
  readonly public: boolean
  readonly private_repository: boolean
  /** Path of what holds it, as users of the package write it. */
  readonly path: string
  /** Stands in a test, a benchmark or an example. */
  readonly test: boolean
  /** What the ranker reads beside names: digests (search/digest.ts) of the text up to the body, the body and the documentation, `PAYLOAD_TEXT_BYTES` in all. */
  readonly head?: string
  readonly body?: string
  readonly docs?: string
  /** Name and revision of the models that made `small` and `text`. */
  readonly small_model?: string
  readonly text_model?: string
}

/** A payload is sent with every candidate: its texts have 1,500 bytes, the whole about 2 KB. */
export const PAYLOAD_TEXT_BYTES = 1_500

export interface VectorPoint {
  /** A UUID. */
  readonly id: string
  readonly vectors: Readonly<Partial<Record<VectorName, Float32Array>>>
  readonly sparse?: SparseVector
  readonly payload: PointPayload
}

/** Points that match all given fields. `exceptCommit` takes every other commit of the repository; repositories compare without case. */
export interface PointFilter {
  readonly repo_url?: string
  readonly commit_sha?: string
  readonly exceptCommit?: string
  readonly docpack_id?: string
  /** Every other docpack's: those of older commits, and of an earlier build of the same one. */
  readonly exceptDocpack?: string
  readonly symbol_type?: string
  readonly private_repository?: boolean
}

/** A point that came near by a vector or by its words, with its cosine to each vector that was asked for and that it has. */
export interface Candidate {
  readonly id: string
  readonly cosines: Readonly<Partial<Record<VectorName, number>>>
  readonly payload: PointPayload
}

export interface CandidateQuery {
  readonly near: Readonly<Partial<Record<VectorName, Float32Array>>>
  readonly sparse: SparseVector
  readonly limit: number
  readonly filter?: PointFilter
}

export interface ScoredPoint {
  readonly id: string
  readonly score: number
  readonly payload: PointPayload
}

export interface VectorStore {
  /**
   * Makes the collection where it is missing and adds vector names that an existing one lacks; other dimensions than
   * those of a name that is there are `vector_store_refused`. Idempotent.
   */
  prepare(dimensions: Readonly<Partial<Record<VectorName, number>>>): Promise<void>
  /** Overwrites points of the same id. Resolves when they are searchable. A vector that was not prepared is `vector_store_refused`. */
  upsert(points: readonly VectorPoint[], options?: { readonly signal?: AbortSignal }): Promise<void>
  /** Exact; an empty filter counts all. */
  count(filter: PointFilter): Promise<number>
  /** Removes all that match; an empty filter is refused. */
  remove(filter: PointFilter): Promise<void>
  /** Best first by cosine; equal scores by id. Points without the named vector are not found; before any `prepare` nothing is. */
  search(query: {
    readonly vector: VectorName
    readonly values: Float32Array
    readonly limit: number
    readonly filter?: PointFilter
  }): Promise<ScoredPoint[]>
  /**
   * The best `limit` by cosine to each vector of `near` together with the best `limit` by words: the dot product of sparse vectors, each word times its
   * rarity over all points, ln(1 + (N - n + .5) / (n + .5)). Each point once, in the order of ids, asked for in one go; of equals at the edge any.
   * Points that share no word are not found by words. Before any `prepare` there are none.
   */
  candidates(query: CandidateQuery): Promise<Candidate[]>
  close(): Promise<void>
}

/** Repositories compare without case (http-api.md, One spelling). */
export const repositoryKey = (repoUrl: string): string => repoUrl.toLowerCase()

/** What a filter means, for adapters that look at each point themselves. */
export function matchesFilter(payload: PointPayload, filter: PointFilter): boolean {
  if (filter.repo_url !== undefined && repositoryKey(payload.repo_url) !== repositoryKey(filter.repo_url)) return false
  if (filter.commit_sha !== undefined && payload.commit_sha !== filter.commit_sha) return false
  if (filter.exceptCommit !== undefined && payload.commit_sha === filter.exceptCommit) return false
  if (filter.docpack_id !== undefined && payload.docpack_id !== filter.docpack_id) return false
  if (filter.exceptDocpack !== undefined && payload.docpack_id === filter.exceptDocpack) return false
  if (filter.private_repository !== undefined && payload.private_repository !== filter.private_repository) return false
  return filter.symbol_type === undefined || payload.symbol_type === filter.symbol_type
}

/** A slip that would empty the store is refused. Throws `vector_store_refused`. */
export function assertNotEmptyFilter(filter: PointFilter): void {
  if (Object.values(filter).every((value) => value === undefined)) {
    throw new DoctownError('vector_store_refused', 'A filter that matches every point cannot be used to remove points.')
  }
}

/** The same sentence from every adapter; `details.dimensions` are those of the vectors that are there. */
export const differentDimensions = (name: string, there: number, wanted: number): DoctownError =>
  new DoctownError(
    'vector_store_refused',
    `The vector store holds vectors "${name}" of ${there} dimensions and cannot take ${wanted}. Go back to the model that made them, or empty the store and build again.`,
    { details: { dimensions: there } },
  )

/** Throws `vector_store_refused` for a vector that was not prepared or has another length. `dimensions` gives a name's, if prepared. */
export function assertPointFits(point: VectorPoint, dimensions: (name: string) => number | undefined): void {
  for (const [name, values] of Object.entries(point.vectors)) {
    const there = dimensions(name)
    if (there === undefined) throw new DoctownError('vector_store_refused', `The vector store was not prepared for vectors "${name}".`)
    if (there !== values.length) throw differentDimensions(name, there, values.length)
  }
}

/** Throws `vector_store_refused` when the vectors of that name have another length; no such name is no error. */
export function assertQueryFits(name: string, values: Float32Array, dimensions: (name: string) => number | undefined): void {
  const there = dimensions(name)
  if (there !== undefined && there !== values.length) throw differentDimensions(name, there, values.length)
}
