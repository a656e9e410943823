import { countedUp } from '@doctown/common/runtime/counted-up.js'
import { createRandom, shuffled } from '@doctown/common/runtime/random.js'
import { Tensor } from 'onnxruntime-node'
import type { StructureInput, StructureOptions, TrainingProvider } from '../structure-model.js'
import { createGatherer, frontierOf, neighbourMean } from './batch.js'
import { bucketCapacities, type Lists } from './bucket-tables.js'
import { floats, freshState, frontierFeeds, stateFeeds } from './feeds.js'
import { openSession } from './open-session.js'
import { longestList, neighbourLists, pairsOf, type Pairs } from './pairs.js'
import { startWeights } from './start-weights.js'
import { encoderModel, stepModel, type NetworkSizes } from './step-graph.js'
import { Supervision } from './supervision.js'

export interface TrainNetworkOptions {
  readonly seed: number
  readonly steps: number
  readonly hidden: number
  readonly dimensions: number
  readonly threads: StructureOptions['threads']
  readonly provider: TrainingProvider
  /** Numbers of edges that training must not see. */
  readonly without: ReadonlySet<number>
  readonly progress: (done: number, total: number) => void
}

export interface TrainedNetwork {
  readonly theta: Float32Array
  readonly sizes: NetworkSizes
  readonly firstLoss: number
  readonly lastLoss: number
}

/** Recipe of graph-training.md, section 8. */
const RATE = 5e-3
const SUPERVISED_PAIRS = 256
const BATCH = 768
/** Share of the pairs that carry messages; the others are what is asked. Drawn anew each epoch: the decisive choice (section 4). */
const MESSAGE_SHARE = 0.5

/** Trains on one graph. Needs at least two pairs. Synchronous in native code between steps: run it in a thread. */
export async function trainNetwork(input: StructureInput, options: TrainNetworkOptions): Promise<TrainedNetwork> {
  const pairs = pairsOf(input, options.without)
  const { text: features, textDimensions: width } = input
  const sizes = { features: width, hidden: options.hidden, dimensions: options.dimensions }
  const batchSize = Math.min(BATCH, input.nodeCount)
  const capacities = { forward: bucketCapacities(longestList(pairs)), backward: bucketCapacities(batchSize) }
  const session = await openSession(stepModel({ ...sizes, ...capacities, element: 'float' }), options)
  try {
    const random = createRandom(options.seed)
    let state = freshState(startWeights(sizes, random))
    const scratch = new Int32Array(input.nodeCount).fill(-1)
    const asked = new Supervision(batchSize)
    const losses: number[] = []
    const neighbourFeatures = new Float32Array(features.length)
    const gather = createGatherer(width)
    while (losses.length < options.steps) {
      const epoch = splitPairs(pairs, random)
      neighbourMean(epoch.messages, features, width, neighbourFeatures)
      for (let at = epoch.split; at < pairs.a.length && losses.length < options.steps; at += SUPERVISED_PAIRS) {
        const batch = drawBatch(pairs, epoch.order.subarray(at, at + SUPERVISED_PAIRS), {
          size: batchSize,
          nodeCount: input.nodeCount,
          random,
        })
        asked.ask(batch, epoch, scratch)
        const frontier = frontierOf(batch, epoch.messages, capacities, scratch)
        const step = losses.length + 1
        const outputs = await session.run({
          ...stateFeeds(state, step, rateAt(step, options.steps)),
          ...frontierFeeds(frontier, gather(frontier.rows, features, neighbourFeatures)),
          positive: new Tensor('float32', asked.positive, [batchSize, batchSize]),
          mask: new Tensor('float32', asked.mask, [batchSize, batchSize]),
        })
        state = { theta: await floats(outputs['next_theta']), m: await floats(outputs['next_m']), v: await floats(outputs['next_v']) }
        losses.push((await floats(outputs['loss']))[0]!)
        options.progress(losses.length, options.steps)
      }
    }
    const tenth = Math.max(1, Math.floor(losses.length / 10))
    return { theta: state.theta, sizes, firstLoss: mean(losses.slice(0, tenth)), lastLoss: mean(losses.slice(-tenth)) }
  } finally {
    await session.release()
  }
}

/** Vectors of all nodes by the pairs that are not left out, `nodeCount * dimensions`, unit rows. */
export async function encodeNodes(
  input: StructureInput,
  { theta, sizes }: Pick<TrainedNetwork, 'theta' | 'sizes'>,
  options: Pick<TrainNetworkOptions, 'without' | 'threads' | 'provider'>,
): Promise<Float32Array> {
  const pairs = pairsOf(input, options.without)
  const neighbours = neighbourLists(pairs, countedUp(pairs.a.length), 0, pairs.a.length)
  const neighbourFeatures = neighbourMean(neighbours, input.text, sizes.features)
  const capacities = { forward: bucketCapacities(longestList(pairs)), backward: null }
  const session = await openSession(encoderModel({ ...sizes, forward: capacities.forward, element: 'float' }), options)
  try {
    const scratch = new Int32Array(input.nodeCount).fill(-1)
    const nodes = countedUp(input.nodeCount)
    const gather = createGatherer(sizes.features)
    const out = new Float32Array(input.nodeCount * sizes.dimensions)
    for (let from = 0; from < input.nodeCount; from += ENCODED_AT_ONCE) {
      const batch = nodes.subarray(from, from + ENCODED_AT_ONCE)
      const frontier = frontierOf(batch, neighbours, capacities, scratch)
      const feeds = frontierFeeds(frontier, gather(frontier.rows, input.text, neighbourFeatures))
      const { vectors } = await session.run({ theta: new Tensor('float32', theta, [theta.length]), ...feeds })
      out.set(await floats(vectors), from * sizes.dimensions)
    }
    return out
  } finally {
    await session.release()
  }
}

const ENCODED_AT_ONCE = 4096

/** Cosine decay to zero over the whole run. */
const rateAt = (step: number, steps: number): number => RATE * 0.5 * (1 + Math.cos((Math.PI * (step - 1)) / steps))

function splitPairs(pairs: Pairs, random: () => number): { order: Uint32Array; split: number; messages: Lists; supervised: Lists } {
  const count = pairs.a.length
  const order = shuffled(count, random)
  const split = Math.floor(count * MESSAGE_SHARE)
  return { order, split, messages: neighbourLists(pairs, order, 0, split), supervised: neighbourLists(pairs, order, split, count) }
}

/** Ends of the pairs that are asked, then nodes at random, each once. */
function drawBatch(
  { a, b }: Pairs,
  asked: Uint32Array,
  { size, nodeCount, random }: { size: number; nodeCount: number; random: () => number },
): Uint32Array {
  const nodes = new Set<number>()
  for (const pair of asked) {
    if (nodes.size + 2 > size) break
    nodes.add(a[pair]!).add(b[pair]!)
  }
  while (nodes.size < size) nodes.add(Math.floor(random() * nodeCount))
  return Uint32Array.from(nodes)
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
