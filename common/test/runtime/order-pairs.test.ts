import assert from 'node:assert/strict'
import { createRandom } from '../../src/runtime/random.js'
import { orderPairs } from '../../src/runtime/order-pairs.js'

describe('the order of pairs', () => {
  it('is that of a sort by first and second which leaves equal pairs as they stood', () => {
    const random = createRandom(3)
    const draw = (): number => Math.floor(random() * 20)
    const first = Uint32Array.from({ length: 500 }, draw)
    const second = Uint32Array.from({ length: 500 }, draw)
    const sorted = Array.from({ length: 500 }, (_, i) => i).sort((i, j) => first[i]! - first[j]! || second[i]! - second[j]!)
    assert.deepEqual([...orderPairs(first, second, 20)], sorted)
  })

  it('is empty where there is no pair', () => {
    assert.equal(orderPairs([], [], 0).length, 0)
  })
})
