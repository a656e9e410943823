/** Times every graph stage on a graph of as many nodes as the argument says. Run by `scale.ts` only. */
import { join } from 'node:path'
import type { Graph } from '@doctown/common/contracts/graph.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { pageRank } from '../../src/stages/graph/rank.js'
import { findCommunities } from '../../src/stages/cluster/find-communities.js'
import { toWeightedGraph } from '../../src/stages/cluster/weighted-graph.js'
import { toAdjacency } from '../../src/stages/train/adjacency.js'
import { fastRp } from '../../src/stages/train/fast-rp.js'
import { chooseHeldOut, heldOutAuc } from '../../src/stages/train/held-out.js'
import { nodeFeatures } from '../../src/stages/train/network/node-features.js'
import { encodeNodes, trainNetwork } from '../../src/stages/train/network/train-network.js'
import { smoothText } from '../../src/stages/train/smooth-text.js'
import { toStructureInput } from '../../src/stages/train/structure-input.js'
import { structureVectors } from '../../src/stages/train/structure-vectors.js'
import { readGraph } from './read-graph.js'
import type { ScaleReport } from './scale.js'

const TRIES = 3
const HALF = 64
const NONE: ReadonlySet<number> = new Set()

const nodes = Number(process.argv[2])
const { graph, textVectors } = grow(await readGraph(join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir')), nodes)
const report: Record<string, { seconds: number; megabytes: number }> = {}

await step('page_rank', () =>
  pageRank(
    graph.nodes.map(({ id }) => id),
    graph.edges,
  ),
)
await step('communities', () => findCommunities(toWeightedGraph(graph), 1))
const input = await step('input', () => toStructureInput(graph, textVectors))
const adjacency = await step('adjacency', () => toAdjacency(input))
await step('fast_rp', () => fastRp(adjacency, { nodeKeys: input.nodeKeys, dimensions: HALF, seed: 1 }))
const { text, textDimensions } = input
await step('smooth_text', () => smoothText(adjacency, { text, textDimensions, dimensions: HALF, seed: 1 }))
const values = structureVectors(input, { dimensions: 2 * HALF, seed: 1 })
await step('held_out', () => heldOutAuc(input, values, { heldOut: chooseHeldOut(input, 1), dimensions: 2 * HALF, seed: 1 }))
const features = await step('features', () => nodeFeatures(input, 1))
const engine = { provider: 'cpu', threads: 1, without: NONE } as const
const train = (steps: number) =>
  trainNetwork(input, features, { ...engine, seed: 1, steps, hidden: 128, dimensions: 128, progress: () => {} })
const network = await step('train_100_steps', () => train(100))
await step('encode', () => encodeNodes(input, features, network, engine))
process.send?.(report satisfies ScaleReport)

/** The best of three, and the memory held with the last answer alive. */
async function step<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  let seconds = Infinity
  for (let attempt = 1; ; attempt++) {
    globalThis.gc?.()
    const begin = performance.now()
    const answer = await work()
    seconds = Math.min(seconds, (performance.now() - begin) / 1000)
    if (attempt < TRIES) continue
    report[name] = { seconds, megabytes: process.memoryUsage.rss() / 2 ** 20 }
    return answer
  }
}

/** Copies of one repository's graph side by side, and for every thirty edges one between two copies. Texts are the original's, a little moved. */
function grow(base: Awaited<ReturnType<typeof readGraph>>, count: number): { graph: Graph; textVectors: Map<string, Float32Array> } {
  const random = createRandom(7)
  const size = base.graph.nodes.length
  const copies = Math.ceil(count / size)
  const nodes: Graph['nodes'] = []
  const edges: Graph['edges'] = []
  const textVectors = new Map<string, Float32Array>()
  for (let copy = 0; copy < copies; copy++) {
    const name = (id: string): string => `c${copy}/${id}`
    for (const node of base.graph.nodes.slice(0, count - copy * size)) {
      nodes.push({ ...node, id: name(node.id), file: name(node.file) })
      const text = base.textVectors.get(node.id)
      if (text !== undefined)
        textVectors.set(
          name(node.id),
          text.map((value) => value + 0.02 * (random() - 0.5)),
        )
    }
    for (const edge of base.graph.edges) {
      const across = copy > 0 && random() < 1 / 30
      const target = across ? `c${Math.floor(random() * copy)}/${edge.target}` : name(edge.target)
      edges.push({ ...edge, source: name(edge.source), target })
    }
  }
  const known = new Set(nodes.map(({ id }) => id))
  return { graph: { nodes, edges: edges.filter(({ source, target }) => known.has(source) && known.has(target)) }, textVectors }
}
