import type { VectorTable } from '../../runtime/vector-table.js'
import { matchesFilter, type Candidate, type CandidateQuery, type PointPayload, type SparseVector, type VectorName } from './port.js'

/** What stores that hold their points in memory keep beside the vectors. */
export interface Kept {
  readonly payload: PointPayload
  readonly sparse?: SparseVector
}

/** Every look at every point of a table, exactly. */
export function tableCandidates(table: VectorTable<Kept>, { near, sparse, limit, filter = {} }: CandidateQuery): Candidate[] {
  const accepts = ({ payload }: Kept): boolean => matchesFilter(payload, filter)
  // Object.entries forgets the names of keys.
  const vectors = Object.entries(near) as [VectorName, Float32Array][]
  const found = new Map<string, PointPayload>()
  for (const [name, values] of vectors)
    for (const { id, payload } of table.search(name, values, limit, accepts)) found.set(id, payload.payload)
  const words = weighed(sparse, table)
  for (const { id, payload } of table.best(limit, (kept) => (accepts(kept) ? product(words, kept.sparse) : 0)))
    found.set(id, payload.payload)
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, payload]) => ({ id, cosines: cosinesOf(table, id, vectors), payload }))
}

function cosinesOf(table: VectorTable<Kept>, id: string, vectors: readonly [VectorName, Float32Array][]): Candidate['cosines'] {
  const cosines: Partial<Record<VectorName, number>> = {}
  for (const [name, values] of vectors) {
    const cosine = table.cosine(name, id, values)
    if (cosine !== undefined) cosines[name] = cosine
  }
  return cosines
}

/** The query's words times their rarity. */
function weighed({ indices, values }: SparseVector, table: VectorTable<Kept>): ReadonlyMap<number, number> {
  if (indices.length === 0) return new Map()
  const { points, counts } = wordCounts(table)
  return new Map(
    indices.map((index, i) => {
      const count = counts.get(index) ?? 0
      return [index, (values[i] ?? 0) * Math.log(1 + (points - count + 0.5) / (count + 0.5))]
    }),
  )
}

interface WordCounts {
  readonly version: number
  /** Points that have words. */
  readonly points: number
  readonly counts: ReadonlyMap<number, number>
}

/** Counted once for each state of a table: searches are many and writes few. */
const counted = new WeakMap<VectorTable<Kept>, WordCounts>()

function wordCounts(table: VectorTable<Kept>): WordCounts {
  const known = counted.get(table)
  if (known?.version === table.version) return known
  const counts = new Map<number, number>()
  let points = 0
  for (const { sparse } of table.payloads()) {
    if (sparse === undefined) continue
    points += 1
    for (const index of sparse.indices) counts.set(index, (counts.get(index) ?? 0) + 1)
  }
  const made = { version: table.version, points, counts }
  counted.set(table, made)
  return made
}

function product(words: ReadonlyMap<number, number>, point: SparseVector | undefined): number {
  if (point === undefined) return 0
  let sum = 0
  for (let i = 0; i < point.indices.length; i++) sum += (words.get(point.indices[i]!) ?? 0) * point.values[i]!
  return sum
}
