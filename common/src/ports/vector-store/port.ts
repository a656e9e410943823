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
}

export interface VectorPoint {
  /** A UUID. */
  readonly id: string
  readonly vectors: Readonly<Partial<Record<VectorName, Float32Array>>>
  readonly sparse?: SparseVector
  readonly payload: PointPayload
}

/** Points that match all given fields. `exceptCommit` takes every other commit of the repository. */
export interface PointFilter {
  readonly repo_url?: string
  readonly commit_sha?: string
  readonly exceptCommit?: string
  readonly symbol_type?: string
}

export interface ScoredPoint {
  readonly id: string
  readonly score: number
  readonly payload: PointPayload
}

export interface VectorStore {
  /** Makes the collection where it is missing; an existing one of other dimensions is `vector_store_refused`. Idempotent. */
  prepare(dimensions: Readonly<Partial<Record<VectorName, number>>>): Promise<void>
  /** Overwrites points of the same id. Resolves when they are searchable. */
  upsert(points: readonly VectorPoint[], options?: { readonly signal?: AbortSignal }): Promise<void>
  count(filter: PointFilter): Promise<number>
  /** Removes all that match; an empty filter is refused. */
  remove(filter: PointFilter): Promise<void>
  /** Best first by cosine; equal scores by id. */
  search(query: {
    readonly vector: VectorName
    readonly values: Float32Array
    readonly limit: number
    readonly filter?: PointFilter
  }): Promise<ScoredPoint[]>
  close(): Promise<void>
}
