import type { Graph } from '@doctown/common/contracts/graph.js'

/**
 * The graph of the code alone. Headings hang together through nothing but the document that holds them, so that as members they
 * would make clusters of their own, or pull a folder's code to its README.
 */
export function withoutDocuments(graph: Graph): Graph {
  const documents = new Set(graph.nodes.filter((node) => node.symbol_type === 'section' || isDocument(node.file)).map((node) => node.id))
  if (documents.size === 0) return graph
  return {
    nodes: graph.nodes.filter(({ id }) => !documents.has(id)),
    edges: graph.edges.filter(({ source, target }) => !documents.has(source) && !documents.has(target)),
  }
}

function isDocument(file: string): boolean {
  return /\.(?:md|markdown)$/i.test(file)
}
