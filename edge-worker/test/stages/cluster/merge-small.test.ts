import assert from 'node:assert/strict'
import { mergeSmall } from '../../../src/stages/cluster/merge-small.js'

describe('merging leftovers of a large graph', () => {
  it('takes two seconds at most for forty thousand nodes in communities of two, most of them without edges', () => {
    const nodeCount = 40_000
    const communities = Uint32Array.from({ length: nodeCount }, (_, node) => node >> 1)
    const files = Array.from({ length: nodeCount }, (_, node) => `crates/c${node >> 10}/src/m${node >> 5}/f${node >> 1}.rs`)
    const sources = Uint32Array.from({ length: 1_000 }, (_, edge) => 39 * edge)
    const graph = { nodeCount, sources, targets: sources.map((node) => node + 7), weights: new Float64Array(1_000).fill(1) }
    const begin = performance.now()
    const merged = mergeSmall({ graph, communities, files })
    // One second, doubled for a busy machine.
    assert.ok(performance.now() - begin < 2_000, `${(performance.now() - begin).toFixed(0)} ms`)
    const sizes = new Map<number, number>()
    for (const community of merged) sizes.set(community, (sizes.get(community) ?? 0) + 1)
    assert.ok([...sizes.values()].every((size) => size >= 4))
    // Neighbours by folder: who stayed together lies in one crate.
    assert.equal(merged[2], merged[4])
  })
})
