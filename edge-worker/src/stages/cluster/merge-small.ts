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
 * Gives each leftover to the community that it has the heaviest edges to; one without edges goes to the community
 * that holds most of its folder, or of the nearest folder above. Ties go to the lower number.
 */
export function mergeSmall(input: MergeInput): Uint32Array {
  const { graph, files } = input
  const communities = Uint32Array.from(input.communities)
  const members = new Map<number, number[]>()
  communities.forEach((community, node) => members.set(community, [...(members.get(community) ?? []), node]))
  const weights = weightsBetween(graph, communities)

  for (;;) {
    const small = [...members]
      .filter(([, nodes]) => nodes.length < SMALLEST_COMMUNITY)
      .sort(([a, x], [b, y]) => x.length - y.length || a - b)[0]
    if (small === undefined || members.size === 1) return communities
    const [leaving, nodes] = small
    const target = heaviest(weights.get(leaving)) ?? nearestByFolder(leaving, nodes, members, files)
    members.set(target, [...(members.get(target) ?? []), ...nodes])
    members.delete(leaving)
    for (const node of nodes) communities[node] = target
    moveWeights(weights, leaving, target)
  }
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

function heaviest(row: ReadonlyMap<number, number> | undefined): number | undefined {
  return [...(row ?? [])].sort(([a, x], [b, y]) => y - x || a - b)[0]?.[0]
}

function nearestByFolder(
  leaving: number,
  nodes: readonly number[],
  members: ReadonlyMap<number, readonly number[]>,
  files: readonly string[],
): number {
  const own = files[nodes[0] ?? 0] ?? ''
  // The file itself first, then its folders up to the root, `""`, under which everything lies.
  for (let place = own; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/')))) {
    const counts = [...members]
      .filter(([community]) => community !== leaving)
      .map(([community, held]) => ({ community, count: held.filter((node) => isUnder(files[node] ?? '', place)).length }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || a.community - b.community)
    if (counts[0] !== undefined) return counts[0].community
    if (place === '') return leaving
  }
}

const isUnder = (file: string, place: string): boolean => place === '' || file === place || file.startsWith(`${place}/`)
