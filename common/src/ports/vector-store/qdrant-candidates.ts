import type { Schemas } from '@qdrant/js-client-rest'
import { DoctownError } from '../../contracts/errors.js'
import { PointPayloadSchema } from './payload.js'
import type { Candidate, PointPayload, SparseVector, VectorName } from './port.js'

/** Name of the points' words among their vectors. */
export const SPARSE = 'sparse'

/**
 * One request of several looks. Each vector's look takes the best by every vector and by words together (`prefetch`) and scores them all by that vector:
 * so a candidate has its cosine also where it was found by another look. The last look finds by words what has no vector at all.
 * Payloads come with the first vector and with the last look.
 */
export function candidateSearches(
  vectors: readonly [VectorName, Float32Array][],
  sparse: SparseVector,
  { limit, filter }: { readonly limit: number; readonly filter: Schemas['Filter'] | undefined },
): Schemas['QueryRequest'][] {
  const words = sparse.indices.length === 0 ? [] : [{ query: { indices: [...sparse.indices], values: [...sparse.values] }, using: SPARSE }]
  const looks = [...vectors.map(([name, values]) => ({ query: [...values], using: name })), ...words]
  const prefetch = looks.map((look) => ({ ...look, filter, limit }))
  const [first] = vectors
  const without: Schemas['Filter'] =
    first === undefined ? { ...filter } : { ...filter, must_not: [...conditions(filter?.must_not), { has_vector: first[0] }] }
  return [
    ...vectors.map(([name, values], at) => ({
      prefetch,
      query: [...values],
      using: name,
      limit: limit * looks.length,
      with_payload: at === 0,
    })),
    ...words.map((look) => ({ ...look, filter: without, limit, with_payload: true })),
  ]
}

const conditions = (side: Schemas['Filter']['must_not']): Schemas['Condition'][] =>
  side === undefined || side === null ? [] : Array.isArray(side) ? side : [side]

/** Answers of the looks of `candidateSearches`; `names` are the vectors, in their order. A point whose payload did not come is left out. */
export function readCandidates(names: readonly VectorName[], answers: readonly (readonly Schemas['ScoredPoint'][])[]): Candidate[] {
  const cosines = new Map<string, Partial<Record<VectorName, number>>>()
  const payloads = new Map<string, PointPayload>()
  for (const [at, points] of answers.entries()) {
    const name = names[at]
    for (const { id, score, payload } of points) {
      if (name === undefined && score <= 0) continue
      const key = String(id)
      if (name !== undefined) cosines.set(key, { ...cosines.get(key), [name]: score })
      if (payload !== undefined && payload !== null) payloads.set(key, readPayload(payload))
    }
  }
  return [...payloads].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, payload]) => ({ id, cosines: cosines.get(id) ?? {}, payload }))
}

/** Throws `vector_store_refused` for a point that Doctown did not make. */
export function readPayload(payload: unknown): PointPayload {
  const result = PointPayloadSchema.safeParse(payload)
  if (result.success) return result.data
  throw new DoctownError(
    'vector_store_refused',
    'A point in the Qdrant collection was not made by Doctown. Give Doctown a collection of its own.',
  )
}
