import { centreRows } from '../centre-text.js'
import type { StructureInput } from '../structure-model.js'

/** What the network reads of each node: its text vector less the mean of all. A node without text has zeros, and learns from its neighbours. */
export function nodeFeatures({ text, textDimensions }: StructureInput): Float32Array {
  return centreRows(text.slice(), textDimensions)
}
