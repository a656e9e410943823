import { createFolderCounts, type FolderCounts } from './folder-counts.js'
import { heaviest } from './heaviest.js'
import type { WeightedGraph } from './weighted-graph.js'

/** A community of fewer nodes is a leftover, not a part of the program that a person would name. */
export const SMALLEST_COMMUNITY = 4

export interface MergeInput {
  readonly graph: WeightedGraph
  readonly communities: Uint32Array
  /** File of each node, `a/b.rs`. */
  readonly files: readonly string[]
}

/**
 * Gives each leftover, the smallest first, to the community that it has the heaviest edges to; one without edges goes to the community
 * that holds most of its folder, or of the nearest folder above. Ties go to the lower number.
 */
export function mergeSmall(input: MergeInput): Uint32Array {
  const { graph, files } = input
  const communities = Uint32Array.from(input.communities)
  const members = new Map<number, number[]>()
  communities.forEach((community, node) => {
    const list = members.get(community)
    if (list === undefined) members.set(community, [node])
    else list.push(node)
  })
  const weights = weightsBetween(graph, communities)
  let folders: FolderCounts | null = null
  // Who takes a leftover in is larger than it afterwards, so no size comes back once its turn is over.
  for (let size = 1; size < SMALLEST_COMMUNITY; size++) {
    const leftovers = [...members].filter(([, nodes]) => nodes.length === size).map(([community]) => community)
    for (const leaving of leftovers.sort((a, b) => a - b)) {
      const nodes = members.get(leaving)!
      if (nodes.length !== size) continue
      if (members.size === 1) return communities
      const target = heaviest(weights.get(leaving)) ?? (folders ??= createFolderCounts(files, communities)).nearest(nodes[0]!, leaving)
      members.get(target)!.push(...nodes)
      members.delete(leaving)
      for (const node of nodes) {
        folders?.move(node, target)
        communities[node] = target
      }
      moveWeights(weights, leaving, target)
    }
  }
  return communities
}

type Weights = Map<number, Map<number, number>>

function weightsBetween(graph: WeightedGraph, communities: Uint32Array): Weights {
  const weights: Weights = new Map()
  graph.sources.forEach((source, edge) => {
    const a = communities[source] ?? 0
    const b = communities[graph.targets[edge] ?? 0] ?? 0
    if (a === b) return
    add(weights, a, b, graph.weights[edge] ?? 0)
    add(weights, b, a, graph.weights[edge] ?? 0)
  })
  return weights
}

function add(weights: Weights, from: number, to: number, weight: number): void {
  const row = weights.get(from) ?? new Map<number, number>()
  row.set(to, (row.get(to) ?? 0) + weight)
  weights.set(from, row)
}

function moveWeights(weights: Weights, leaving: number, target: number): void {
  for (const [other, weight] of weights.get(leaving) ?? []) {
    weights.get(other)?.delete(leaving)
    if (other === target) continue
    add(weights, target, other, weight)
    add(weights, other, target, weight)
  }
  weights.delete(leaving)
}
