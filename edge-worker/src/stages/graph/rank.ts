import type { NumberedEdges } from '@doctown/common/runtime/number-edges.js'

const DAMPING = 0.85
/** Ranks stand when one more round changes a node's by no more than this on average. Each round shrinks the change to 0.85 of it, so it ends. */
const TOLERANCE = 1e-9

/** PageRank of each node over all edges, two between the same ends counting twice; sums to 1. Our own: docs/decisions/0012. */
export function pageRank(nodeCount: number, { sources, targets }: NumberedEdges): Float64Array {
  const start = new Uint32Array(nodeCount + 1)
  const outDegree = new Uint32Array(nodeCount)
  for (let edge = 0; edge < sources.length; edge++) {
    if (sources[edge]! < 0 || targets[edge]! < 0) continue
    outDegree[sources[edge]!]!++
    start[targets[edge]! + 1]!++
  }
  for (let node = 0; node < nodeCount; node++) start[node + 1]! += start[node]!
  const next = start.slice()
  const from = new Uint32Array(start[nodeCount]!)
  for (let edge = 0; edge < sources.length; edge++) {
    if (sources[edge]! >= 0 && targets[edge]! >= 0) from[next[targets[edge]!]!++] = sources[edge]!
  }

  const rank = new Float64Array(nodeCount).fill(1 / nodeCount)
  const given = new Float64Array(nodeCount)
  let change = Infinity
  while (change > nodeCount * TOLERANCE) {
    // What ends nowhere goes to all alike.
    let lost = 0
    for (let node = 0; node < nodeCount; node++) {
      if (outDegree[node] === 0) lost += rank[node]!
      else given[node] = (DAMPING * rank[node]!) / outDegree[node]!
    }
    const base = (DAMPING * lost + 1 - DAMPING) / nodeCount
    change = 0
    for (let node = 0; node < nodeCount; node++) {
      let sum = base
      for (let at = start[node]!; at < start[node + 1]!; at++) sum += given[from[at]!]!
      change += Math.abs(sum - rank[node]!)
      rank[node] = sum
    }
  }
  const total = rank.reduce((sum, value) => sum + value, 0)
  return rank.map((value) => value / total)
}
