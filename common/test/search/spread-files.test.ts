import assert from 'node:assert/strict'
import type { SearchItem } from '../../src/search/item.js'
import { GATES, type Gate } from '../../src/search/query-gates.js'
import { spreadFiles } from '../../src/search/spread-files.js'

// `as`: only the file is read.
const items = ['big', 'big', 'big', 'small', 'other'].map((file) => ({ file }) as SearchItem)
const gates = (over: Partial<Record<Gate, number>>): Record<Gate, number> => ({
  // `as`: an entry a gate.
  ...(Object.fromEntries(GATES.map((gate) => [gate, 0])) as Record<Gate, number>),
  ...over,
})

describe('results of one file', () => {
  it('come a little later each, so that a question sees more files, and their scores tell the order', () => {
    const scores = Float32Array.of(5, 4.9, 4.8, 4.7, 1)
    assert.deepEqual(spreadFiles([0, 1, 2, 3, 4], scores, { items, gates: gates({ question: 1 }) }), [0, 3, 1, 2, 4])
    assert.deepEqual(
      [...scores].map((score) => Math.round(score * 10) / 10),
      [5, 4.6, 4.2, 4.7, 1],
    )
  })

  it('keep their order where the query tells what one item does', () => {
    const scores = Float32Array.of(5, 4.9, 4.8, 4.7, 1)
    assert.deepEqual(spreadFiles([0, 1, 2, 3, 4], scores, { items, gates: gates({ prose: 1 }) }), [0, 1, 2, 3, 4])
    assert.deepEqual(scores, Float32Array.of(5, 4.9, 4.8, 4.7, 1))
  })
})
