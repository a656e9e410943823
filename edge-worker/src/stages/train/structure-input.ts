import type { Graph } from '@doctown/common/contracts/graph.js'
import type { StructureInput } from './structure-model.js'

/** The graph and its texts as arrays. Edges of several kinds between two nodes stay apart: two ties bind more than one. */
export function toStructureInput(graph: Graph, textVectors: ReadonlyMap<string, Float32Array>): StructureInput {
  const position = new Map(graph.nodes.map((node, i) => [node.id, i]))
  const edges = graph.edges.flatMap((edge) => {
    const source = position.get(edge.source)
    const target = position.get(edge.target)
    return source === undefined || target === undefined || source === target ? [] : [{ source, target, weight: edge.confidence }]
  })
  const textDimensions = textVectors.values().next().value?.length ?? 0
  const text = new Float32Array(graph.nodes.length * textDimensions)
  graph.nodes.forEach((node, i) => text.set(textVectors.get(node.id) ?? [], i * textDimensions))
  const kinds = [...new Set(graph.nodes.map(kindOf))].sort()
  return {
    nodeCount: graph.nodes.length,
    nodeKeys: Uint32Array.from(graph.nodes, (node) => fnv1a(node.id)),
    nodeKinds: Uint8Array.from(graph.nodes, (node) => kinds.indexOf(kindOf(node))),
    sources: Uint32Array.from(edges, ({ source }) => source),
    targets: Uint32Array.from(edges, ({ target }) => target),
    weights: Float32Array.from(edges, ({ weight }) => weight),
    text,
    textDimensions,
  }
}

const kindOf = (node: Graph['nodes'][number]): string => node.symbol_type ?? node.kind

/** FNV-1a over UTF-16 units: a seed for each node, not a promise against collisions. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
