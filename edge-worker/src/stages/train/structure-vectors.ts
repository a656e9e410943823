import { normaliseRows } from '@doctown/common/runtime/normalise-rows.js'
import { toAdjacency } from './adjacency.js'
import { fastRp } from './fast-rp.js'
import { smoothText } from './smooth-text.js'
import type { StructureInput } from './structure-model.js'

export interface StructureSizes {
  /** Of the whole vector; half is the place in the graph, half the text around. */
  readonly dimensions: number
  readonly seed: number
  /** Numbers of edges that are to be left out. */
  readonly without?: ReadonlySet<number>
}

/** `[FastRP | smoothed text]`, each half of equal weight: the best mix without training (graph-training.md, section 5). */
export function structureVectors(input: StructureInput, { dimensions, seed, without }: StructureSizes): Float32Array {
  const half = dimensions / 2
  const graph = toAdjacency(input, without)
  const place = fastRp(graph, { nodeKeys: input.nodeKeys, dimensions: half, seed })
  const text = smoothText(graph, { text: input.text, textDimensions: input.textDimensions, dimensions: half, seed })
  const out = new Float32Array(input.nodeCount * dimensions)
  for (let node = 0; node < input.nodeCount; node++) {
    out.set(place.subarray(node * half, (node + 1) * half), node * dimensions)
    out.set(text.subarray(node * half, (node + 1) * half), node * dimensions + half)
  }
  return normaliseRows(out, dimensions)
}
