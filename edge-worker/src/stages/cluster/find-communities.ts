import { createRandom } from '@doctown/common/runtime/random.js'
import { UndirectedGraph } from 'graphology'
import louvainModule, { type LouvainOptions } from 'graphology-communities-louvain'
import type { WeightedGraph } from './weighted-graph.js'

/** The package is CommonJS whose types claim a default export: under NodeNext the function itself arrives, typed as a module. */
const louvain = louvainModule as unknown as (graph: UndirectedGraph, options: LouvainOptions) => Record<string, number>

/**
 * Louvain communities: for each node the number of its community, counted from 0 in the order in which nodes name them.
 * Same graph and seed, same answer. Takes about 0.7 s at 50,000 nodes (graph-training.md, section 6), so big graphs run it in a worker thread.
 */
export function findCommunities(graph: WeightedGraph, seed: number): Uint32Array {
  const louvainGraph = new UndirectedGraph()
  for (let node = 0; node < graph.nodeCount; node += 1) louvainGraph.addNode(String(node))
  graph.sources.forEach((source, edge) => {
    louvainGraph.addUndirectedEdge(String(source), String(graph.targets[edge]), { weight: graph.weights[edge] ?? 0 })
  })
  // graphology's louvain refuses a graph without edges.
  if (graph.sources.length === 0) return Uint32Array.from({ length: graph.nodeCount }, (_, node) => node)
  const found = louvain(louvainGraph, { rng: createRandom(seed), getEdgeWeight: 'weight' })
  const numbers = new Map<number, number>()
  return Uint32Array.from({ length: graph.nodeCount }, (_, node) => {
    const community = found[String(node)] ?? -1 - node
    const number = numbers.get(community) ?? numbers.size
    numbers.set(community, number)
    return number
  })
}
