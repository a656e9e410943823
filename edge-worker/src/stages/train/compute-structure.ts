import { chooseHeldOut, heldOutAuc } from './held-out.js'
import { encodeNodes, trainNetwork } from './network/train-network.js'
import { chooseProvider } from './network/choose-provider.js'
import { STRUCTURE_DIMENSIONS, type StructureInput, type StructureOptions, type StructureResult } from './structure-model.js'
import { structureVectors } from './structure-vectors.js'

/** Fewer nodes are too few to learn from (graph-training.md, section 8). */
const FEWEST_NODES = 500
/** Units of the hidden layer; twice as many gained .002 of AUC for twice the time (graph-training.md, section 5). */
const HIDDEN = 128
const NONE: ReadonlySet<number> = new Set()

/**
 * Vectors without training (T0), and where steps are asked for those of a network trained on this graph (T1). Both are measured on a
 * graph that lacks some edges; T1 is adopted only when it is better there. The vectors given are computed with all edges.
 * Burns CPU for seconds: run it in a thread.
 */
export async function computeStructure(
  input: StructureInput,
  options: StructureOptions,
  progress: (done: number, total: number) => void = () => {},
): Promise<StructureResult> {
  const { seed, steps } = options
  const dimensions = STRUCTURE_DIMENSIONS
  const heldOut = chooseHeldOut(input, seed)
  const measure = (values: Float32Array): number => rounded(heldOutAuc(input, values, { heldOut, dimensions, seed }))
  const trainingFree = (): Float32Array => structureVectors(input, { dimensions, seed })
  if (heldOut.size === 0) return { model: 'fastrp-appnp', values: trainingFree(), scores: {}, training: null }

  const free = measure(structureVectors(input, { dimensions, seed, without: heldOut }))
  const base = { held_out_edges: heldOut.size }
  if (steps === 0 || input.nodeCount < FEWEST_NODES || input.textDimensions === 0) {
    return { model: 'fastrp-appnp', values: trainingFree(), scores: { held_out_auc: free, ...base }, training: null }
  }

  const begin = performance.now()
  const { provider, refused } = await chooseProvider(options)
  const run = { provider, threads: options.threads }
  const network = await trainNetwork(input, { ...run, seed, steps, hidden: HIDDEN, dimensions, without: heldOut, progress })
  const trained = measure(await encodeNodes(input, network, { ...run, without: heldOut }))
  const scores = { held_out_auc: Math.max(free, trained), training_free_auc: free, trained_auc: trained, steps, ...base }
  const values = trained > free ? await encodeNodes(input, network, { ...run, without: NONE }) : trainingFree()
  const training = { provider, refused, seconds: (performance.now() - begin) / 1000 }
  return { model: trained > free ? 'graphsage' : 'fastrp-appnp', values, scores, training }
}

/** Four decimals: more would be noise in the docpack. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000
