import { chooseHeldOut, heldOutAuc } from './held-out.js'
import type { StructureInput, StructureResult } from './structure-model.js'
import { structureVectors } from './structure-vectors.js'

/** Measured first on a graph that lacks some edges, then computed with all of them. Synchronous: about 1 s for 10,000 nodes. */
export function computeTrainingFree(input: StructureInput, { dimensions, seed }: { dimensions: number; seed: number }): StructureResult {
  const heldOut = chooseHeldOut(input, seed)
  const values = structureVectors(input, { dimensions, seed })
  if (heldOut.size === 0) return { values, scores: {} }
  const without = structureVectors(input, { dimensions, seed, without: heldOut })
  const auc = heldOutAuc(input, without, { heldOut, dimensions, seed })
  // Four decimals: more would be noise in the docpack.
  return { values, scores: { held_out_auc: Math.round(auc * 10_000) / 10_000, held_out_edges: heldOut.size } }
}
