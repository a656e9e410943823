import assert from 'node:assert/strict'
import { createRandom } from '@doctown/common/runtime/random.js'
import { bucketCapacities, bucketTables } from '../../../../src/stages/train/network/bucket-tables.js'

describe('degree buckets', () => {
  it('give each list the sum of its own numbers, whatever its length, and an empty list none', () => {
    const random = createRandom(1)
    const lengths = [0, 1, 2, 3, 64, 65, 255, 0, 17, 256, 257]
    const start = new Uint32Array(lengths.length + 1)
    lengths.forEach((length, i) => (start[i + 1] = start[i]! + length))
    const items = Uint32Array.from({ length: start.at(-1)! }, () => Math.floor(random() * 50))
    const values = Array.from({ length: 50 }, () => random())
    const { buckets, order } = bucketTables({ start, items }, bucketCapacities(257), 50)
    const sums = buckets.flatMap(({ rows, capacity, indices }) =>
      Array.from({ length: rows }, (_, row) =>
        [...indices.subarray(row * capacity, (row + 1) * capacity)].reduce((sum, index) => sum + (values[index] ?? 0), 0),
      ),
    )
    lengths.forEach((length, i) => {
      const right = [...items.subarray(start[i], start[i]! + length)].reduce((sum, item) => sum + values[item]!, 0)
      assert.ok(Math.abs(sums[order[i]!]! - right) < 1e-9, `list ${i} of ${length}`)
    })
  })

  it('are as many as the longest list needs, and refuse a longer one', () => {
    assert.deepEqual(bucketCapacities(0), [2])
    assert.deepEqual(bucketCapacities(65), [2, 4, 8, 16, 32, 64, 256])
    assert.equal(bucketCapacities(60_000).at(-1), 65_536)
    assert.throws(() => bucketTables({ start: Uint32Array.of(0, 3), items: Uint32Array.of(0, 0, 0) }, [2], 1), RangeError)
  })
})
