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
  /** The header as written, and the first words of its documentation: what the ranker reads beside names. */
  readonly signature?: string
  readonly docs?: string
  /** Name and revision of the model that made `small`. */
  readonly small_model?: string
}

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

/** A point that came near by its vector, by its words, or both; `null` where it was not among the best. */
export interface Candidate {
  readonly id: string
  readonly dense: number | null
  readonly sparse: number | null
  readonly payload: PointPayload
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
   * The best `limit` by cosine together with the best `limit` by the dot product of their sparse vectors, each point once, in the order of ids,
   * asked for in one go. Points that share no word have no sparse score. Before any `prepare` there are none.
   */
  candidates(query: {
    readonly vector: VectorName
    readonly values: Float32Array
    readonly sparse: SparseVector
    readonly limit: number
    readonly filter?: PointFilter
  }): Promise<Candidate[]>
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

/** Both lists as one. */
export function joinCandidates(dense: readonly ScoredPoint[], sparse: readonly ScoredPoint[]): Candidate[] {
  const found = new Map<string, Candidate>()
  for (const { id, score, payload } of dense) found.set(id, { id, dense: score, sparse: null, payload })
  for (const { id, score, payload } of sparse) found.set(id, { id, dense: found.get(id)?.dense ?? null, sparse: score, payload })
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Dot product of two sparse vectors, for adapters that look at each point themselves. */
export function sparseProduct(a: ReadonlyMap<number, number>, b: SparseVector | undefined): number {
  if (b === undefined) return 0
  let sum = 0
  for (let i = 0; i < b.indices.length; i++) sum += (a.get(b.indices[i]!) ?? 0) * b.values[i]!
  return sum
}

export const sparseMap = ({ indices, values }: SparseVector): ReadonlyMap<number, number> =>
  new Map(indices.map((index, i) => [index, values[i] ?? 0]))

/** A slip that would empty the store is refused. Throws `vector_store_refused`. */
export function assertNotEmptyFilter(filter: PointFilter): void {
  if (Object.values(filter).every((value) => value === undefined)) {
    throw new DoctownError('vector_store_refused', 'A filter that matches every point cannot be used to remove points.')
  }
}

/** The same sentence from every adapter. */
export const differentDimensions = (name: string, there: number, wanted: number): DoctownError =>
  new DoctownError(
    'vector_store_refused',
    `The vector store holds vectors "${name}" of ${there} dimensions and cannot take ${wanted}. Go back to the model that made them, or empty the store and build again.`,
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
