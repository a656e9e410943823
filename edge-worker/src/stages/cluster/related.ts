import type { Graph } from '@doctown/common/contracts/graph.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { numberEdges } from '@doctown/common/runtime/number-edges.js'

const MOST_RELATED = 8
/** Links of comments take at most so many of the places. */
const MOST_LINKED = 5
/** Two nodes that share a neighbour which everything touches share nothing; a hub is left out, which also bounds the time. */
const HUB_DEGREE = 100

/**
 * Symbols to read next to one: first those that its doc comment links to (`doc_links`, as far as the graph has them) and those whose comments link to
 * it; then those whose neighbours in the graph overlap with its own, best first: each shared neighbour counts 1 / ln(its degree) (Adamic and Adar), so
 * that a rare one counts more. What an edge joins to it comes only by a link: callers, callees and container tell it already.
 */
export function createRelated(graph: Graph, symbols: readonly Symbol[]): (id: string) => string[] {
  const place = new Map(graph.nodes.map(({ id }, node) => [id, node]))
  const { start, items } = neighboursOf(graph)
  // An impl block is read through its type.
  const isReadable = Uint8Array.from(graph.nodes, (node) => (node.kind === 'symbol' && node.symbol_type !== 'impl' ? 1 : 0))
  const linked = linksOf(symbols, (id) => isReadable[place.get(id) ?? -1] === 1)
  const scores = new Float64Array(graph.nodes.length)
  const idOf = (node: number): string => graph.nodes[node]!.id
  const nearest = (own: number): number[] => {
    const met: number[] = []
    for (let i = start[own]!; i < start[own + 1]!; i++) {
      const shared = items[i]!
      const degree = start[shared + 1]! - start[shared]!
      if (degree > HUB_DEGREE) continue
      for (let j = start[shared]!; j < start[shared + 1]!; j++) {
        const other = items[j]!
        if (isReadable[other] === 0 || other === own) continue
        if (scores[other] === 0) met.push(other)
        scores[other]! += 1 / Math.log(degree)
      }
    }
    // What it is joined to scores nothing.
    for (let i = start[own]!; i < start[own + 1]!; i++) scores[items[i]!] = 0
    const near = met
      .filter((node) => scores[node]! > 0)
      .sort((a, b) => scores[b]! - scores[a]! || (idOf(a) < idOf(b) ? -1 : 1))
      .slice(0, MOST_RELATED + MOST_LINKED)
    for (const node of met) scores[node] = 0
    return near
  }
  return (id) => {
    const own = place.get(id)
    const near = own === undefined ? [] : nearest(own).map(idOf)
    return [...new Set([...(linked.get(id) ?? []).slice(0, MOST_LINKED), ...near])].slice(0, MOST_RELATED)
  }
}

/** Each node's neighbours, once each, in the order in which edges name them: those of node i are `items[start[i]]` up to `items[start[i + 1]]`. */
function neighboursOf({ nodes, edges }: Graph): { readonly start: Uint32Array; readonly items: Uint32Array } {
  const { sources, targets } = numberEdges(nodes, edges)
  const next = new Uint32Array(nodes.length + 1)
  const isKept = (edge: number): boolean => sources[edge]! >= 0 && targets[edge]! >= 0 && sources[edge] !== targets[edge]
  for (let edge = 0; edge < edges.length; edge++) {
    if (!isKept(edge)) continue
    next[sources[edge]! + 1]!++
    next[targets[edge]! + 1]!++
  }
  for (let node = 0; node < nodes.length; node++) next[node + 1]! += next[node]!
  const all = new Uint32Array(next[nodes.length]!)
  const first = next.slice()
  for (let edge = 0; edge < edges.length; edge++) {
    if (!isKept(edge)) continue
    all[next[sources[edge]!]!++] = targets[edge]!
    all[next[targets[edge]!]!++] = sources[edge]!
  }
  // Two edges to one neighbour stand apart in the row; the later are dropped.
  const start = new Uint32Array(nodes.length + 1)
  const toldBy = new Int32Array(nodes.length).fill(-1)
  let count = 0
  for (let node = 0; node < nodes.length; node++) {
    for (let at = first[node]!; at < first[node + 1]!; at++) {
      const other = all[at]!
      if (toldBy[other] === node) continue
      toldBy[other] = node
      all[count++] = other
    }
    start[node + 1] = count
  }
  return { start, items: all.slice(0, count) }
}

/** By symbol: what its comment links to, in the order of the comment, then what links to it. */
function linksOf(symbols: readonly Symbol[], isReadable: (id: string) => boolean): ReadonlyMap<string, readonly string[]> {
  const to = new Map<string, Set<string>>()
  const add = (key: string, value: string): void => void to.set(key, (to.get(key) ?? new Set()).add(value))
  const pairs = symbols.flatMap(({ id, container, doc_links: links }) =>
    links
      .map(({ symbol_id: target }) => [id, target] as const)
      .filter(([, target]) => target !== id && target !== container && isReadable(target)),
  )
  for (const [from, target] of pairs) add(from, target)
  for (const [from, target] of pairs) if (isReadable(from)) add(target, from)
  return new Map([...to].map(([id, ids]) => [id, [...ids]]))
}
