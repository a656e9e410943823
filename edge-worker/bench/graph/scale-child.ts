/** Runs every graph stage once on a graph of as many nodes as the argument says, grown from the one that `scale.ts`, its only caller, sends. */
import { once } from 'node:events'
import type { Graph } from '@doctown/common/contracts/graph.js'
import { numberEdges } from '@doctown/common/runtime/number-edges.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { pageRank } from '../../src/stages/graph/rank.js'
import { findCommunities } from '../../src/stages/cluster/find-communities.js'
import { toWeightedGraph } from '../../src/stages/cluster/weighted-graph.js'
import { toAdjacency } from '../../src/stages/train/adjacency.js'
import { fastRp } from '../../src/stages/train/fast-rp.js'
import { chooseHeldOut, heldOutAuc } from '../../src/stages/train/held-out.js'
import { encodeNodes, trainNetwork } from '../../src/stages/train/network/train-network.js'
import { smoothText } from '../../src/stages/train/smooth-text.js'
import { toStructureInput } from '../../src/stages/train/structure-input.js'
import { structureVectors } from '../../src/stages/train/structure-vectors.js'
import { forgetPeak, peak } from './peak-memory.js'
import type { Repository, ScaleReport } from './scale.js'

const HALF = 64
const NONE: ReadonlySet<number> = new Set()

const nodes = Number(process.argv[2])
// `as`: scale.ts sends exactly this.
const [base] = (await once(process, 'message')) as [Repository]
const { graph, textVectors } = grow(base, nodes)
const report: Record<string, { seconds: number; megabytes: number }> = {}

await step('page_rank', () => pageRank(graph.nodes.length, numberEdges(graph.nodes, graph.edges)))
await step('communities', () => findCommunities(toWeightedGraph(graph), 1))
const input = await step('input', () => toStructureInput(graph, textVectors))
await withoutTraining()
const engine = { provider: 'cpu', threads: 1, without: NONE } as const
const train = (steps: number) => trainNetwork(input, { ...engine, seed: 1, steps, hidden: 128, dimensions: 128, progress: () => {} })
const network = await step('train_100_steps', () => train(100))
await step('encode', () => encodeNodes(input, network, engine))
process.send?.(report satisfies ScaleReport)
process.disconnect()

/** In a function, so that its vectors are gone when training begins, as in `computeStructure`. */
async function withoutTraining(): Promise<void> {
  const adjacency = await step('adjacency', () => toAdjacency(input))
  await step('fast_rp', () => fastRp(adjacency, { nodeKeys: input.nodeKeys, dimensions: HALF, seed: 1 }))
  const { text, textDimensions } = input
  await step('smooth_text', () => smoothText(adjacency, { text, textDimensions, dimensions: HALF, seed: 1 }))
  const values = structureVectors(input, { dimensions: 2 * HALF, seed: 1 })
  await step('held_out', () => heldOutAuc(input, values, { heldOut: chooseHeldOut(input, 1), dimensions: 2 * HALF, seed: 1 }))
}

/** Once, as in a build; and the most memory that was resident meanwhile. */
async function step<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  // Twice: what the first finds dead is given back by a thread of its own, which the second waits for.
  globalThis.gc?.()
  globalThis.gc?.()
  forgetPeak()
  const begin = performance.now()
  const answer = await work()
  report[name] = { seconds: (performance.now() - begin) / 1000, megabytes: peak() }
  return answer
}

/**
 * Copies of one repository's graph side by side, and for every thirty edges one between two copies. Texts are the original's, a little
 * moved. Edges name their ends by the nodes' own strings, as the graph stage's do.
 */
function grow(base: Repository, count: number): Repository {
  const random = createRandom(7)
  const nodes: Graph['nodes'] = []
  const edges: Graph['edges'] = []
  const textVectors = new Map<string, Float32Array>()
  const copies: Map<string, string>[] = []
  while (nodes.length < count) {
    const names = new Map<string, string>()
    const name = (id: string): string => `c${copies.length}/${id}`
    for (const node of base.graph.nodes.slice(0, count - nodes.length)) {
      const id = name(node.id)
      names.set(node.id, id)
      nodes.push({ ...node, id, file: name(node.file) })
      const text = base.textVectors.get(node.id)
      if (text === undefined) continue
      textVectors.set(
        id,
        text.map((value) => value + 0.02 * (random() - 0.5)),
      )
    }
    copies.push(names)
    for (const edge of base.graph.edges) {
      const across = random() < 1 / 30
      const source = names.get(edge.source)
      const target = copies[across ? Math.floor(random() * copies.length) : copies.length - 1]!.get(edge.target)
      if (source !== undefined && target !== undefined) edges.push({ ...edge, source, target })
    }
  }
  return { graph: { nodes, edges }, textVectors }
}
