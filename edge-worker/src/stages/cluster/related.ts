import type { Graph } from '@doctown/common/contracts/graph.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'

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
  const neighbours = new Map<string, Set<string>>()
  for (const { source, target } of graph.edges) {
    if (source === target) continue
    neighbours.set(source, (neighbours.get(source) ?? new Set()).add(target))
    neighbours.set(target, (neighbours.get(target) ?? new Set()).add(source))
  }
  // An impl block is read through its type.
  const readable = new Set(graph.nodes.filter((node) => node.kind === 'symbol' && node.symbol_type !== 'impl').map((node) => node.id))
  const linked = linksOf(symbols, readable)
  return (id) => {
    const own = neighbours.get(id) ?? new Set<string>()
    const scores = new Map<string, number>()
    for (const shared of own) {
      const around = neighbours.get(shared)
      if (around === undefined || around.size > HUB_DEGREE) continue
      for (const other of around) {
        if (other !== id && !own.has(other) && readable.has(other)) scores.set(other, (scores.get(other) ?? 0) + 1 / Math.log(around.size))
      }
    }
    const near = [...scores].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([other]) => other)
    return [...new Set([...(linked.get(id) ?? []).slice(0, MOST_LINKED), ...near])].slice(0, MOST_RELATED)
  }
}

/** By symbol: what its comment links to, in the order of the comment, then what links to it. */
function linksOf(symbols: readonly Symbol[], readable: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const to = new Map<string, Set<string>>()
  const add = (key: string, value: string): void => void to.set(key, (to.get(key) ?? new Set()).add(value))
  const pairs = symbols.flatMap(({ id, container, doc_links: links }) =>
    links
      .map(({ symbol_id: target }) => [id, target] as const)
      .filter(([, target]) => target !== id && target !== container && readable.has(target)),
  )
  for (const [from, target] of pairs) add(from, target)
  for (const [from, target] of pairs) if (readable.has(from)) add(target, from)
  return new Map([...to].map(([id, ids]) => [id, [...ids]]))
}
