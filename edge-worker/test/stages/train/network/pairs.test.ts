import assert from 'node:assert/strict'
import { pairsOf } from '../../../../src/stages/train/network/pairs.js'

describe('pairs of a graph', () => {
  it('are each told once, sorted, without loops, and without all edges of a pair that is held out', () => {
    const graph = { nodeCount: 4, sources: Uint32Array.of(3, 1, 0, 2, 2, 0, 3), targets: Uint32Array.of(2, 0, 1, 2, 3, 3, 1) }
    const told = (without: number[]): number[][] => {
      const { a, b } = pairsOf(graph, new Set(without))
      return Array.from(a, (node, i) => [node, b[i]!])
    }
    assert.deepEqual(told([]), [[0, 1], [0, 3], [1, 3], [2, 3]]) // prettier-ignore
    assert.deepEqual(told([0, 6]), [[0, 1], [0, 3]]) // prettier-ignore
  })
})
