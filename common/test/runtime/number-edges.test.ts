import assert from 'node:assert/strict'
import type { GraphEdge } from '../../src/contracts/graph.js'
import { numberEdges } from '../../src/runtime/number-edges.js'

const edge = (source: string, target: string): GraphEdge => ({ source, target, kind: 'calls', provenance: 'test', confidence: 1 })

describe('edges as numbers', () => {
  it('name the places of their ends, -1 for an end that is no node, whatever the order of the edges', () => {
    const nodes = ['a', 'b', '', 'c'].map((id) => ({ id }))
    const edges = [edge('', 'a'), edge('b', 'c'), edge('b', 'gone'), edge('gone', 'b'), edge('a', '')]
    const { sources, targets } = numberEdges(nodes, edges)
    assert.deepEqual([...sources], [2, 1, 1, -1, 0])
    assert.deepEqual([...targets], [0, 3, -1, 1, 2])
  })
})
