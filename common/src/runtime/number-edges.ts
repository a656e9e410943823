import type { Graph } from '../contracts/graph.js'

/** Edge e joins nodes `sources[e]` and `targets[e]`, counted as in the list of nodes; -1 for an end that is not in it. */
export interface NumberedEdges {
  readonly sources: Int32Array
  readonly targets: Int32Array
}

/** Ids to numbers, once: graph algorithms on strings and objects take ten times the time and memory (docs/decisions/0012). */
export function numberEdges(nodes: readonly { readonly id: string }[], edges: Graph['edges']): NumberedEdges {
  const position = new Map<string, number>()
  for (let node = 0; node < nodes.length; node++) position.set(nodes[node]!.id, node)
  const sources = new Int32Array(edges.length)
  const targets = new Int32Array(edges.length)
  // Edges are mostly sorted by source, and the last answer saves a look-up.
  let [known, source] = ['', -1]
  for (let i = 0; i < edges.length; i++) {
    const edge = edges[i]!
    if (i === 0 || edge.source !== known) {
      known = edge.source
      source = position.get(known) ?? -1
    }
    sources[i] = source
    targets[i] = position.get(edge.target) ?? -1
  }
  return { sources, targets }
}
