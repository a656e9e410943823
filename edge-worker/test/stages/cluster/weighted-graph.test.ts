import assert from 'node:assert/strict'
import { toWeightedGraph } from '../../../src/stages/cluster/weighted-graph.js'
import { edge, node } from '../train/groups.js'

describe('the weighted graph', () => {
  it('joins edges of both directions and all kinds between two nodes, and drops loops and edges to nowhere', () => {
    const edges = [
      edge('c', 'a'),
      edge('a', 'b'),
      { ...edge('b', 'a'), kind: 'contains' as const, confidence: 0.5 },
      edge('b', 'b'),
      edge('b', 'gone'),
      edge('gone', 'b'),
    ]
    const graph = toWeightedGraph({ nodes: ['a', 'b', 'c'].map(node), edges })
    assert.deepEqual([...graph.sources], [0, 0])
    assert.deepEqual([...graph.targets], [1, 2])
    assert.deepEqual([...graph.weights], [1 + 1.5 * 0.5, 1])
    assert.equal(graph.sources.buffer.byteLength, 8)
  })
})
