import { shuffled } from '@doctown/common/runtime/random.js'
import type { StructureOptions, TrainingProvider } from '../structure-model.js'
import { frontierOf, gatherRows, neighbourMean } from './batch.js'
import { bucketCapacities } from './bucket-tables.js'
import { floats, freshState, frontierFeeds, stateFeeds } from './feeds.js'
import { openSession } from './open-session.js'
import { neighbourLists, pairsOf } from './pairs.js'
import { stepModel } from './step-graph.js'
import { startWeights } from './start-weights.js'
import { Supervision } from './supervision.js'
import { Tensor } from 'onnxruntime-node'

const NODES = 2_000
const BATCH = 512
const SIZES = { features: 64, hidden: 64, dimensions: 64 }
const TIMED = 3

/** One step on a graph drawn at random: its gradient, and how long a step takes once warm. */
export async function probeStep({
  provider,
  threads,
  random,
}: {
  readonly provider: TrainingProvider
  readonly threads: StructureOptions['threads']
  readonly random: () => number
}): Promise<{ gradient: Float32Array; milliseconds: number }> {
  const node = (): number => Math.floor(random() * NODES)
  const edges = Uint32Array.from({ length: 6 * NODES }, node)
  const graph = { nodeCount: NODES, sources: edges.subarray(0, 3 * NODES), targets: edges.subarray(3 * NODES) }
  const pairs = pairsOf(graph, new Set())
  const order = shuffled(pairs.a.length, random)
  const half = Math.floor(order.length / 2)
  const epoch = { messages: neighbourLists(pairs, order, 0, half), supervised: neighbourLists(pairs, order, half, order.length) }
  const capacities = { forward: bucketCapacities(64), backward: bucketCapacities(BATCH) }
  const features = Float32Array.from({ length: NODES * SIZES.features }, () => random() - 0.5)
  const mean = neighbourMean(epoch.messages, features, SIZES.features)
  const batch = shuffled(NODES, random).slice(0, BATCH)
  const scratch = new Int32Array(NODES).fill(-1)
  const asked = new Supervision(BATCH)
  asked.ask(batch, epoch, scratch)
  const frontier = frontierOf(batch, epoch.messages, capacities, scratch)
  const session = await openSession(stepModel({ ...SIZES, ...capacities, element: 'float' }), { provider, threads })
  try {
    const step = async (): Promise<Float32Array> => {
      const outputs = await session.run({
        ...stateFeeds(freshState(startWeights(SIZES, random)), 1, 1e-3),
        ...frontierFeeds(frontier, gatherRows(frontier.rows, features, mean, SIZES.features)),
        positive: new Tensor('float32', asked.positive, [BATCH, BATCH]),
        mask: new Tensor('float32', asked.mask, [BATCH, BATCH]),
      })
      return floats(outputs['gradient'])
    }
    const gradient = await step()
    const begin = performance.now()
    for (let i = 0; i < TIMED; i++) await step()
    return { gradient, milliseconds: (performance.now() - begin) / TIMED }
  } finally {
    await session.release()
  }
}
