import type { VectorTable } from '../../runtime/vector-table.js'
import {
  joinCandidates,
  matchesFilter,
  sparseMap,
  sparseProduct,
  type Candidate,
  type PointFilter,
  type PointPayload,
  type SparseVector,
  type VectorName,
} from './port.js'

/** What stores that hold their points in memory keep beside the vectors. */
export interface Kept {
  readonly payload: PointPayload
  readonly sparse?: SparseVector
}

/** Both looks at every point of a table, exactly. */
export function tableCandidates(
  table: VectorTable<Kept>,
  sparse: SparseVector,
  query: { readonly vector: VectorName; readonly values: Float32Array; readonly limit: number; readonly filter?: PointFilter },
): Candidate[] {
  const { vector, values, limit, filter = {} } = query
  const words = sparseMap(sparse)
  const accepts = ({ payload }: Kept): boolean => matchesFilter(payload, filter)
  const near = table.search(vector, values, limit, accepts)
  const alike = table.best(limit, (kept) => (accepts(kept) ? sparseProduct(words, kept.sparse) : 0))
  const bare = (hits: typeof near) => hits.map(({ id, score, payload }) => ({ id, score, payload: payload.payload }))
  return joinCandidates(bare(near), bare(alike))
}
