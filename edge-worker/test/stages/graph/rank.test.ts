import { numberEdges, type NumberedEdges } from '@doctown/common/runtime/number-edges.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { DirectedGraph } from 'graphology'
import pagerankModule from 'graphology-metrics/centrality/pagerank.js'
import assert from 'node:assert/strict'
import { pageRank } from '../../../src/stages/graph/rank.js'
import { walkdirGraph } from '../walkdir-graph.js'

// The package is CommonJS whose types promise a default export that is not there at run time.
const pagerank = pagerankModule as unknown as (graph: DirectedGraph, options: object) => Record<string, number>

function ofGraphology(nodeCount: number, { sources, targets }: NumberedEdges): number[] {
  const graph = new DirectedGraph()
  for (let node = 0; node < nodeCount; node++) graph.addNode(node)
  sources.forEach((source, edge) => {
    const known = graph.edge(source, targets[edge])
    if (known === undefined) graph.addEdge(source, targets[edge], { weight: 1 })
    else graph.updateEdgeAttribute(known, 'weight', (weight: number | undefined) => (weight ?? 0) + 1)
  })
  const ranks = pagerank(graph, { alpha: 0.85, getEdgeWeight: 'weight', maxIterations: 1_000, tolerance: 1e-9 })
  return Array.from({ length: nodeCount }, (_, node) => ranks[node]!)
}

function assertSame(nodeCount: number, edges: NumberedEdges): void {
  const theirs = ofGraphology(nodeCount, edges)
  pageRank(nodeCount, edges).forEach((rank, node) =>
    assert.ok(Math.abs(rank - theirs[node]!) < 1e-9, `node ${node}: ${rank}, ${theirs[node]}`),
  )
}

describe('PageRank', () => {
  it("is graphology's on the graph of a real crate", async () => {
    const { nodes, edges } = await walkdirGraph()
    assert.ok(edges.length > 500)
    assertSame(nodes.length, numberEdges(nodes, edges))
  })

  it("is graphology's with loops, edges told twice and nodes that lead nowhere", () => {
    const random = createRandom(4)
    const end = (): number => Math.floor(random() * 40)
    const sources = Int32Array.from({ length: 90 }, end)
    const targets = Int32Array.from({ length: 90 }, end)
    for (let twice = 0; twice < 10; twice++) [sources[twice + 10], targets[twice + 10]] = [sources[twice]!, targets[twice]!]
    targets[0] = sources[0]!
    assertSame(50, { sources, targets })
  })

  it('leaves out edges whose end is not among the nodes, and takes a graph of none', () => {
    const edges = { sources: Int32Array.of(0, 1, -1), targets: Int32Array.of(1, -1, 0) }
    assert.deepEqual(pageRank(2, edges), pageRank(2, { sources: Int32Array.of(0), targets: Int32Array.of(1) }))
    assert.equal(pageRank(0, { sources: new Int32Array(0), targets: new Int32Array(0) }).length, 0)
  })
})
