import type { EdgeKind, Graph, GraphNode } from '@doctown/common/contracts/graph.js'
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'

/** A symbol of which a test states only what matters. The id is `<file>#<path>` unless given. */
export function symbol(facts: Partial<Omit<Symbol, 'id'>> & { readonly path: string; readonly id?: string }): Symbol {
  const file = facts.file ?? 'src/lib.rs'
  return {
    name: facts.path.split('::').at(-1) ?? facts.path,
    symbol_type: 'function',
    visibility: 'pub',
    signature: '',
    parameters: [],
    return_type: null,
    line: 1,
    end_line: 2,
    doc_comments: null,
    attributes: [],
    dependencies: [],
    language: 'Rust',
    container: null,
    is_public_api: true,
    definition_path: facts.path,
    in_macro: false,
    doc_links: [],
    ...facts,
    file,
    // Tests name ids as plain text; the brand only keeps production code from mixing kinds of ids.
    id: (facts.id ?? `${file}#${facts.path}`) as SymbolId,
  }
}

/** A graph of these symbols, their files and these edges, with the degrees counted and `pagerank` falling evenly unless given. */
export function graphOf(
  symbols: readonly Symbol[],
  edges: readonly (readonly [source: string, target: string, kind: EdgeKind])[],
  pagerank: (id: string) => number = () => 0.1,
): Graph {
  const files = [...new Set(symbols.map((each) => each.file))]
  const node = (id: string, facts: Partial<GraphNode>): GraphNode => ({
    id,
    kind: 'symbol',
    name: id,
    symbol_type: null,
    file: id,
    line: null,
    end_line: null,
    public: true,
    in_degree: edges.filter((edge) => edge[1] === id).length,
    out_degree: edges.filter((edge) => edge[0] === id).length,
    pagerank: pagerank(id),
    ...facts,
  })
  const nodes = [
    ...files.map((file) => node(file, { kind: 'file' })),
    ...symbols.map((each) =>
      node(each.id, { name: each.name, symbol_type: each.symbol_type, file: each.file, line: each.line, end_line: each.end_line }),
    ),
  ]
  return {
    nodes: nodes.sort((a, b) => (a.id < b.id ? -1 : 1)),
    edges: edges
      .map(([source, target, kind]) => ({ source, target, kind, provenance: 'test', confidence: 1 }))
      .sort((a, b) => (`${a.source}\n${a.target}\n${a.kind}` < `${b.source}\n${b.target}\n${b.kind}` ? -1 : 1)),
  }
}
