import { createRandom } from '@doctown/common/runtime/random.js'
import { UndirectedGraph } from 'graphology'
import louvainModule, { type LouvainOptions } from 'graphology-communities-louvain'
import assert from 'node:assert/strict'
import { findCommunities } from '../../../src/stages/cluster/find-communities.js'
import { toWeightedGraph, type WeightedGraph } from '../../../src/stages/cluster/weighted-graph.js'
import { groups } from '../train/groups.js'
import { walkdirGraph } from '../walkdir-graph.js'

/** The package is CommonJS whose types claim a default export: under NodeNext the function itself arrives, typed as a module. */
const louvain = louvainModule as unknown as (graph: UndirectedGraph, options: LouvainOptions) => Record<string, number>

/** Graphology's communities, numbered in the order in which nodes name them. */
function ofGraphology({ nodeCount, sources, targets, weights }: WeightedGraph, seed: number): Uint32Array {
  const graph = new UndirectedGraph()
  for (let node = 0; node < nodeCount; node++) graph.addNode(String(node))
  sources.forEach((source, edge) => graph.addUndirectedEdge(String(source), String(targets[edge]), { weight: weights[edge] }))
  const found = louvain(graph, { rng: createRandom(seed), getEdgeWeight: 'weight' })
  const numbers = new Map<number, number>()
  return Uint32Array.from({ length: nodeCount }, (_, node) => {
    const community = found[String(node)]!
    if (!numbers.has(community)) numbers.set(community, numbers.size)
    return numbers.get(community)!
  })
}

describe('communities', () => {
  it("are graphology's, node for node, on the graph of a real crate", async () => {
    const graph = toWeightedGraph(await walkdirGraph())
    for (const seed of [1, 2, 3]) assert.deepEqual(findCommunities(graph, seed), ofGraphology(graph, seed))
  })

  it("are graphology's on groups, and on edges drawn at random, where nodes are moved back and forth", () => {
    const grouped = toWeightedGraph(groups({ count: 20, size: 15 }).graph)
    const random = createRandom(8)
    const pairs = new Set(Array.from({ length: 900 }, () => Math.floor(random() * 300) * 300 + Math.floor(random() * 300)))
    const drawn = [...pairs].map((pair) => [Math.floor(pair / 300), pair % 300] as const).filter(([a, b]) => a < b)
    const atRandom = {
      nodeCount: 300,
      sources: Uint32Array.from(drawn, ([a]) => a),
      targets: Uint32Array.from(drawn, ([, b]) => b),
      weights: Float64Array.from(drawn, () => 0.2 + random()),
    }
    for (const graph of [grouped, atRandom]) {
      for (let seed = 1; seed <= 5; seed++) assert.deepEqual(findCommunities(graph, seed), ofGraphology(graph, seed))
    }
  })

  it('are one a node where there are no edges, or none that weighs anything', () => {
    const none = { nodeCount: 3, sources: new Uint32Array(0), targets: new Uint32Array(0), weights: new Float64Array(0) }
    assert.deepEqual([...findCommunities(none, 1)], [0, 1, 2])
    const weightless = { ...none, sources: Uint32Array.of(0), targets: Uint32Array.of(1), weights: Float64Array.of(0) }
    assert.deepEqual([...findCommunities(weightless, 1)], [0, 1, 2])
  })
})
