import type { Cluster } from '@doctown/common/contracts/cluster.js'
import type { Graph } from '@doctown/common/contracts/graph.js'

const MOST_CLUSTERS = 12
const MOST_ARROWS = 20

/**
 * How the biggest clusters lean on each other, as a Mermaid flowchart: an arrow from A to B with the number of calls,
 * implementations, types used and imports that go from members of A to members of B. Empty when nothing joins two clusters.
 */
export function clusterDiagram(graph: Graph, clusters: readonly Cluster[]): string {
  const shown = clusters.slice(0, MOST_CLUSTERS)
  const place = new Map(shown.flatMap((cluster, at) => cluster.members.map((member) => [member, at] as const)))
  const weights = new Map<number, number>()
  for (const edge of graph.edges) {
    const from = place.get(edge.source)
    const to = place.get(edge.target)
    if (edge.kind === 'contains' || from === undefined || to === undefined || from === to) continue
    const key = from * MOST_CLUSTERS + to
    weights.set(key, (weights.get(key) ?? 0) + 1)
  }
  const arrows = [...weights].sort(([a, x], [b, y]) => y - x || a - b).slice(0, MOST_ARROWS)
  if (arrows.length === 0) return ''
  const drawn = new Set(arrows.flatMap(([key]) => [Math.floor(key / MOST_CLUSTERS), key % MOST_CLUSTERS]))
  return [
    '```mermaid',
    'flowchart LR',
    ...shown.flatMap((cluster, at) => (drawn.has(at) ? [`  ${cluster.id}["${cluster.label.replace(/["<>]/g, '')}"]`] : [])),
    ...arrows.map(
      ([key, weight]) => `  ${shown[Math.floor(key / MOST_CLUSTERS)]?.id ?? ''} -->|${weight}| ${shown[key % MOST_CLUSTERS]?.id ?? ''}`,
    ),
    '```',
  ].join('\n')
}
