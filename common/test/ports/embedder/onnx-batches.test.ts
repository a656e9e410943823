import assert from 'node:assert/strict'
import { BATCH_SHAPES, batchesByLength, type BatchShape } from '../../../src/ports/embedder/onnx-batches.js'
import { createRandom } from '../../../src/runtime/random.js'

const cost = (batches: readonly (readonly number[])[], lengths: readonly number[], { callTokens }: BatchShape): number =>
  batches.reduce((sum, batch) => sum + callTokens + batch.length * Math.max(1, ...batch.map((i) => lengths[i]!)), 0)

/** Every way to cut rows in order of length. */
function cheapest(lengths: readonly number[], shape: BatchShape): number {
  const sorted = [...lengths].sort((a, b) => b - a)
  const from = (start: number): number => {
    if (start === sorted.length) return 0
    let best = Infinity
    for (let end = start + 1; end <= sorted.length; end++) {
      const tokens = (end - start) * Math.max(1, sorted[start]!)
      if (end > start + 1 && tokens > shape.mostTokens) break
      best = Math.min(best, shape.callTokens + tokens + from(end))
    }
    return best
  }
  return from(0)
}

describe('batches by length', () => {
  const random = createRandom(3)
  const drawn = (count: number, longest: number): number[] => Array.from({ length: count }, () => Math.floor(random() * longest))

  it('put every row into one batch, none over its tokens but a text that is longer by itself', () => {
    for (const shape of [BATCH_SHAPES.cpu, BATCH_SHAPES.gpu]) {
      const lengths = drawn(500, 600)
      const batches = batchesByLength(lengths, shape)
      assert.deepEqual(
        batches.flat().sort((a, b) => a - b),
        lengths.map((_, i) => i),
      )
      for (const batch of batches) {
        const tokens = batch.length * Math.max(...batch.map((i) => lengths[i]!))
        assert.ok(batch.length === 1 || tokens <= shape.mostTokens, `${batch.length} texts, ${tokens} tokens`)
      }
    }
  })

  it('cost as little as the best of all ways to cut', () => {
    for (let i = 0; i < 50; i++) {
      const shape = { mostTokens: 20 + Math.floor(random() * 100), callTokens: Math.floor(random() * 30) }
      const lengths = drawn(1 + Math.floor(random() * 11), 40)
      assert.equal(cost(batchesByLength(lengths, shape), lengths, shape), cheapest(lengths, shape))
    }
  })

  it('are the same for the same lengths, and none for no rows', () => {
    const lengths = drawn(200, 256)
    assert.deepEqual(batchesByLength(lengths, BATCH_SHAPES.cpu), batchesByLength([...lengths], BATCH_SHAPES.cpu))
    assert.deepEqual(batchesByLength([], BATCH_SHAPES.cpu), [])
    assert.deepEqual(batchesByLength([0], BATCH_SHAPES.cpu), [[0]])
  })
})
