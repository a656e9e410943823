import { createRandom } from '@doctown/common/runtime/random.js'
import assert from 'node:assert/strict'
import { rowSums } from '../../../src/stages/train/row-sums.js'

const LISTS = { start: Uint32Array.of(0, 2, 2, 5), items: Uint32Array.of(1, 2, 0, 0, 2) }

describe('sums of rows', () => {
  for (const columns of [3, 8, 21]) {
    it(`are what adding up gives, with ${columns} columns, an empty list, and a row named twice`, () => {
      const random = createRandom(columns)
      const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random() - 0.5)
      const [share, from, into, own] = [draw(5), draw(3 * columns), draw(3 * columns), draw(3 * columns)]
      rowSums(LISTS, share, { from, into, columns, plus: { values: own, weight: 0.5 } })
      for (let list = 0; list < 3; list++) {
        for (let column = 0; column < columns; column++) {
          let sum = 0.5 * own[list * columns + column]!
          for (let at = LISTS.start[list]!; at < LISTS.start[list + 1]!; at++)
            sum += share[at]! * from[LISTS.items[at]! * columns + column]!
          assert.ok(Math.abs(into[list * columns + column]! - sum) < 1e-6)
        }
      }
    })
  }

  it('hold nothing of what stood there before where nothing is added', () => {
    const into = Float32Array.of(7, 7, 7)
    rowSums(LISTS, new Float32Array(5), { from: Float32Array.of(1, 2, 3), into, columns: 1 })
    assert.deepEqual([...into], [0, 0, 0])
  })
})
