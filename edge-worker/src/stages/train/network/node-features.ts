import { centreRows, project } from '../smooth-text.js'
import type { StructureInput } from '../structure-model.js'

/** Beyond this many nodes the features are made narrower: two tables of nodes * features floats are held while training. */
const WIDE_NODES = 50_000
const NARROW = 96

/** What the network reads of each node: its text vector less the mean of all. A node without text has zeros, and learns from its neighbours. */
export function nodeFeatures({ text, textDimensions, nodeCount }: StructureInput, seed: number): Float32Array {
  const centred = centreRows(text, textDimensions)
  return nodeCount <= WIDE_NODES || textDimensions <= NARROW ? centred : project(centred, { from: textDimensions, to: NARROW, seed })
}
