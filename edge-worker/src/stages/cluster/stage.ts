import { ClusterSchema, type Cluster } from '@doctown/common/contracts/cluster.js'
import { GraphSchema, type Graph } from '@doctown/common/contracts/graph.js'
import { SymbolContextSchema, type SymbolContext } from '@doctown/common/contracts/symbol-context.js'
import { SymbolSchema, type Symbol } from '@doctown/common/contracts/symbol.js'
import { setImmediate as turn } from 'node:timers/promises'
import { z } from 'zod'
import type { ClusterInput, ClusterOutput } from '../../pipeline/stage-io.js'
import type { Stage, StageContext } from '../../pipeline/stage.js'
import { communitiesOffLoop } from './communities-off-loop.js'
import { symbolContexts } from './contexts.js'
import { withFolders } from './folder-ties.js'
import { labelCommunities, type Naming } from './label.js'
import { mergeSmall } from './merge-small.js'
import { createNaming } from './naming.js'
import { toWeightedGraph } from './weighted-graph.js'
import { withoutDocuments } from './without-documents.js'

/** Louvain communities of the graph with names a person can read, and for each symbol the facts that the writer gets. */
export const clusterStage: Stage<ClusterInput, ClusterOutput, Record<string, never>> = Object.freeze({
  name: 'cluster',
  version: 2,
  input: z.object({ graph: GraphSchema, symbols: z.array(SymbolSchema) }),
  output: z.object({ clusters: z.array(ClusterSchema), contexts: z.array(SymbolContextSchema) }),
  run: async ({ graph: whole, symbols }: ClusterInput, context: StageContext<Record<string, never>>): Promise<ClusterOutput> => {
    const graph = withoutDocuments(whole)
    const weighted = toWeightedGraph(graph)
    const places = graph.nodes.map((node) => (node.kind === 'file' ? node.file : null))
    const withTies = await communitiesOffLoop(withFolders(weighted, places), context.seed, context.signal)
    const communities = withTies.slice(0, graph.nodes.length)
    const merged = mergeSmall({ graph: weighted, communities, files: graph.nodes.map((node) => node.file) })
    const clusters = await describe(graph, symbols, merged, context.signal)
    context.log.info('clusters found', { clusters: clusters.length, nodes: graph.nodes.length })

    const clusterOf = new Map(clusters.flatMap((cluster) => cluster.members.map((member) => [member, cluster] as const)))
    const contexts: SymbolContext[] = []
    for (const facts of symbolContexts({ graph: whole, symbols, clusterOf })) {
      contexts.push(facts)
      if (contexts.length % 500 !== 0) continue
      context.progress(contexts.length, symbols.length)
      await turn()
      context.signal.throwIfAborted()
    }
    context.progress(symbols.length, symbols.length)
    return { clusters, contexts }
  },
})

/** Biggest first; the id is the place in that order. */
async function describe(graph: Graph, symbols: readonly Symbol[], communities: Uint32Array, signal: AbortSignal): Promise<Cluster[]> {
  const members = new Map<number, string[]>()
  graph.nodes.forEach((node, position) => {
    const community = communities[position] ?? 0
    const list = members.get(community)
    if (list === undefined) members.set(community, [node.id])
    else list.push(node.id)
  })
  const ordered = [...members.values()]
    .map((ids) => ids.sort())
    .sort((a, b) => b.length - a.length || ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1))
  const labels = await unhurried(labelsOf(ordered, createNaming(graph.nodes, symbols)), signal)
  const cohesions = cohesion(graph, ordered)
  return ordered.map((ids, position) => ({
    id: `c${position + 1}`,
    label: labels[position] ?? '',
    size: ids.length,
    cohesion: cohesions[position] ?? 0,
    members: ids,
  }))
}

function* labelsOf(communities: readonly (readonly string[])[], naming: (ids: readonly string[]) => Naming): Generator<void, string[]> {
  const namings: Naming[] = []
  for (const ids of communities) {
    namings.push(naming(ids))
    yield
  }
  return yield* labelCommunities(namings)
}

const SLICE_MS = 20

/** What a generator returns in the end; the event loop turns after every slice of its work. Throws the signal's reason on abort. */
async function unhurried<T>(work: Generator<void, T>, signal: AbortSignal): Promise<T> {
  for (let until = performance.now() + SLICE_MS; ;) {
    const step = work.next()
    if (step.done === true) return step.value
    if (performance.now() < until) continue
    await turn()
    signal.throwIfAborted()
    until = performance.now() + SLICE_MS
  }
}

/** For each community the share of its members' edge ends whose other end is a member too; 1 where there are no edges at all. */
function cohesion(graph: Graph, communities: readonly (readonly string[])[]): number[] {
  const communityOf = new Map(communities.flatMap((ids, position) => ids.map((id) => [id, position] as const)))
  const inside = communities.map(() => 0)
  const all = communities.map(() => 0)
  for (const edge of graph.edges) {
    const source = communityOf.get(edge.source)
    const target = communityOf.get(edge.target)
    if (source === undefined || target === undefined) continue
    for (const end of [source, target]) {
      all[end] = (all[end] ?? 0) + 1
      if (source === target) inside[end] = (inside[end] ?? 0) + 1
    }
  }
  return communities.map((_, position) => {
    const ends = all[position] ?? 0
    // Four decimals: more would be noise in the docpack.
    return ends === 0 ? 1 : Math.round((10_000 * (inside[position] ?? 0)) / ends) / 10_000
  })
}
