import { ClusterSchema } from '@doctown/common/contracts/cluster.js'
import type { Graph } from '@doctown/common/contracts/graph.js'
import { SymbolContextSchema } from '@doctown/common/contracts/symbol-context.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import assert from 'node:assert/strict'
import { communitiesOffLoop, INLINE_SIZE } from '../../../src/stages/cluster/communities-off-loop.js'
import { findCommunities } from '../../../src/stages/cluster/find-communities.js'
import { mergeSmall, SMALLEST_COMMUNITY } from '../../../src/stages/cluster/merge-small.js'
import { clusterStage } from '../../../src/stages/cluster/stage.js'
import type { WeightedGraph } from '../../../src/stages/cluster/weighted-graph.js'
import { stageContext } from '../context.js'
import { graphOf, symbol } from '../graph-fixture.js'

/** Two groups of functions that call each other in a ring, joined by one call. */
function twoRings(size: number): { symbols: Symbol[]; graph: Graph } {
  const ring = (file: string, module: string): Symbol[] =>
    Array.from({ length: size }, (_, at) =>
      symbol({
        path: `app::${module}::${module}_step_${['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'][at] ?? ''}`,
        file,
      }),
    )
  const left = ring('src/read.rs', 'read')
  const right = ring('src/write.rs', 'write')
  const id = (list: Symbol[], at: number): string => list[at % size]?.id ?? ''
  const edges = [left, right].flatMap((list) =>
    list.flatMap((each, at) => [
      [each.id, id(list, at + 1), 'calls'] as const,
      [each.id, id(list, at + 2), 'calls'] as const,
      [each.file, each.id, 'contains'] as const,
    ]),
  )
  const symbols = [...left, ...right].sort((a, b) => (a.id < b.id ? -1 : 1))
  return { symbols, graph: graphOf(symbols, [...edges, [id(left, 0), id(right, 0), 'calls']]) }
}

/** A graph too big for the event loop: groups of forty with random edges inside. */
function bigGraph(): WeightedGraph {
  const random = createRandom(5)
  const nodeCount = INLINE_SIZE
  const pairs = new Set<number>()
  for (let node = 0; node < nodeCount; node += 1) {
    const other = Math.floor(node / 40) * 40 + Math.floor(random() * 40)
    if (other > node && other < nodeCount) pairs.add(node * nodeCount + other)
  }
  const keys = [...pairs].sort((a, b) => a - b)
  return {
    nodeCount,
    sources: Uint32Array.from(keys, (key) => Math.floor(key / nodeCount)),
    targets: Uint32Array.from(keys, (key) => key % nodeCount),
    weights: Float64Array.from(keys, () => 1),
  }
}

describe('the cluster stage', () => {
  it('leaves documents out, and finds nothing where there is nothing else', async () => {
    const { symbols, graph } = twoRings(6)
    const heading = symbol({ path: 'src/README.md::Title', file: 'src/README.md', symbol_type: 'section', language: 'Markdown' })
    const document = graphOf([heading], [[heading.file, heading.id, 'contains']])
    const nodes = [...graph.nodes, ...document.nodes].sort((a, b) => (a.id < b.id ? -1 : 1))
    const both = { nodes, edges: [...graph.edges, ...document.edges] }
    const alone = await clusterStage.run({ graph, symbols }, stageContext({}))
    const output = await clusterStage.run({ graph: both, symbols: [...symbols, heading] }, stageContext({}))
    assert.deepEqual(output.clusters, alone.clusters)
    assert.equal(output.contexts.find(({ symbol_id: id }) => id === heading.id)?.cluster, null)
    assert.deepEqual((await clusterStage.run({ graph: document, symbols: [heading] }, stageContext({}))).clusters, [])
  })

  it('finds the two groups, names them after their modules and counts the edge ends that stay inside', async () => {
    const { symbols, graph } = twoRings(6)
    const { clusters } = await clusterStage.run({ graph, symbols }, stageContext({}))
    assert.deepEqual(
      clusters.map(({ label, size }) => [label, size]),
      [
        ['read step', 7],
        ['write step', 7],
      ],
    )
    // 12 calls and 6 contains inside are 36 ends; the one call across gives each side 1 end more.
    assert.equal(clusters[0]?.cohesion, 0.973)
    for (const cluster of clusters) ClusterSchema.parse(cluster)
  })

  it('puts every node into one cluster and every symbol into one context', async () => {
    const { symbols, graph } = twoRings(5)
    const { clusters, contexts } = await clusterStage.run({ graph, symbols }, stageContext({}))
    assert.deepEqual(clusters.flatMap((cluster) => cluster.members).sort(), graph.nodes.map((node) => node.id).sort())
    assert.deepEqual(
      contexts.map((each) => each.symbol_id),
      symbols.map((each) => each.id),
    )
    for (const each of contexts) SymbolContextSchema.parse(each)
  })

  it('tells callers, callees, trait and rank of a symbol', async () => {
    const block = symbol({
      path: 'app::Log',
      name: 'Log',
      symbol_type: 'impl',
      signature: 'impl Write for Log',
      id: 'src/lib.rs#impl Write for Log',
    })
    const method = symbol({ path: 'app::Log::write', symbol_type: 'method', container: block.id })
    const caller = symbol({ path: 'app::main' })
    const symbols = [block, method, caller].sort((a, b) => (a.id < b.id ? -1 : 1))
    const graph = graphOf(
      symbols,
      [
        [block.id, method.id, 'contains'],
        [caller.id, method.id, 'calls'],
      ],
      (id) => (id === method.id ? 0.5 : 0.1),
    )
    const { contexts } = await clusterStage.run({ graph, symbols }, stageContext({}))
    const facts = contexts.find((each) => each.symbol_id === method.id)
    assert.deepEqual(facts?.callers, [caller.id])
    assert.equal(facts?.trait, 'Write')
    assert.equal(facts?.centrality, 1)
    assert.deepEqual(contexts.find((each) => each.symbol_id === caller.id)?.callees, [method.id])
    assert.equal(contexts.find((each) => each.symbol_id === caller.id)?.centrality, 0)
  })

  it('gives equal output for equal input and seed', async () => {
    const { symbols, graph } = twoRings(8)
    const first = await clusterStage.run({ graph, symbols }, stageContext({}, { seed: 7 }))
    const second = await clusterStage.run(
      { graph: structuredClone(graph), symbols: structuredClone(symbols) },
      stageContext({}, { seed: 7 }),
    )
    assert.deepEqual(first, second)
  })

  it('accepts an empty repository', async () => {
    const { clusters, contexts } = await clusterStage.run({ graph: { nodes: [], edges: [] }, symbols: [] }, stageContext({}))
    assert.deepEqual([clusters, contexts], [[], []])
  })

  it('finds the same communities in a worker thread as on the event loop', async () => {
    const weighted = bigGraph()
    const off = await communitiesOffLoop(weighted, 3, new AbortController().signal)
    assert.ok(weighted.nodeCount + weighted.sources.length > INLINE_SIZE)
    assert.deepEqual(off, findCommunities(weighted, 3))
  })

  it('stops with the reason of the signal when it is aborted on the way', async () => {
    const controller = new AbortController()
    const weighted = bigGraph()
    const running = communitiesOffLoop(weighted, 3, controller.signal)
    controller.abort(new Error('stop now'))
    await assert.rejects(running, /stop now/)
  })
})

describe('merging leftovers', () => {
  it('joins a lone symbol to its heaviest neighbour and a symbol without edges to the folder it lies in', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'lone', 'unconnected']
    const index = (name: string): number => names.indexOf(name)
    const pairs = [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
      ['g', 'h'],
      ['e', 'lone'],
    ].map(([from, to]) => [index(from ?? ''), index(to ?? '')] as const)
    const graph = {
      nodeCount: names.length,
      sources: Uint32Array.from(pairs, ([from]) => from),
      targets: Uint32Array.from(pairs, ([, to]) => to),
      weights: Float64Array.from(pairs, () => 1),
    }
    const communities = Uint32Array.from([0, 0, 0, 0, 1, 1, 1, 1, 2, 3])
    const files = ['x/a.rs', 'x/a.rs', 'x/a.rs', 'x/a.rs', 'y/b.rs', 'y/b.rs', 'y/b.rs', 'y/b.rs', 'x/c.rs', 'y/deep/er.rs']
    const merged = mergeSmall({ graph, communities, files })
    assert.deepEqual([...merged], [0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    assert.ok(SMALLEST_COMMUNITY <= 4)
  })
})
