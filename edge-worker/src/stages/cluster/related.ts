import type { Graph } from '@doctown/common/contracts/graph.js'

const MOST_RELATED = 6
/** Two nodes that share a neighbour which everything touches share nothing; a hub is left out, which also bounds the time. */
const HUB_DEGREE = 100

/**
 * Symbols whose neighbours in the graph overlap with one symbol's, best first: each shared neighbour counts 1 / ln(its degree)
 * (Adamic and Adar), so a rare one counts more. Those joined to it by an edge are left out: callers, callees and container tell them already.
 */
export function createRelated(graph: Graph): (id: string) => string[] {
  const neighbours = new Map<string, Set<string>>()
  for (const { source, target } of graph.edges) {
    if (source === target) continue
    neighbours.set(source, (neighbours.get(source) ?? new Set()).add(target))
    neighbours.set(target, (neighbours.get(target) ?? new Set()).add(source))
  }
  const symbols = new Set(graph.nodes.filter((node) => node.kind === 'symbol').map((node) => node.id))
  return (id) => {
    const own = neighbours.get(id) ?? new Set<string>()
    const scores = new Map<string, number>()
    for (const shared of own) {
      const around = neighbours.get(shared)
      if (around === undefined || around.size > HUB_DEGREE) continue
      for (const other of around) {
        if (other !== id && !own.has(other) && symbols.has(other)) scores.set(other, (scores.get(other) ?? 0) + 1 / Math.log(around.size))
      }
    }
    return [...scores]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, MOST_RELATED)
      .map(([other]) => other)
  }
}
