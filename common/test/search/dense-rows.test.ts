import assert from 'node:assert/strict'
import { createRandom } from '../../src/runtime/random.js'
import { packRows, scoreRows } from '../../src/search/dense-rows.js'

/** Unit vectors of chance. */
function unitRows(rows: number, dimensions: number, seed: number): Float32Array {
  const random = createRandom(seed)
  const values = Float32Array.from({ length: rows * dimensions }, () => random() - 0.5)
  for (let row = 0; row < rows; row++) {
    const part = values.subarray(row * dimensions, (row + 1) * dimensions)
    const norm = Math.hypot(...part)
    part.forEach((value, i) => (part[i] = value / norm))
  }
  return values
}

describe('packed vectors', () => {
  for (const [rows, dimensions] of [
    [1, 3],
    [7, 256],
    [8, 1024],
    [5, 641],
  ] as const) {
    it(`give the cosines of ${rows} rows of ${dimensions} to .005`, () => {
      const values = unitRows(rows, dimensions, rows)
      const query = unitRows(1, dimensions, 99)
      const scores = new Float32Array(rows)
      const itemOfRow = Int32Array.from({ length: rows }, (_, i) => i)
      scoreRows(packRows({ dimensions, values, itemOfRow }), query, scores)
      for (let row = 0; row < rows; row++) {
        let cosine = 0
        for (let i = 0; i < dimensions; i++) cosine += values[row * dimensions + i]! * query[i]!
        assert.ok(Math.abs(scores[row]! - cosine) < 0.005, `row ${row}: ${scores[row]} for ${cosine}`)
      }
    })
  }

  it('stay apart when both rows and the query are as large as can be, of either sign', () => {
    const dimensions = 1024
    const one = 1 / Math.sqrt(dimensions)
    const values = Float32Array.from({ length: 2 * dimensions }, (_, i) => (i < dimensions ? one : -one))
    const scores = new Float32Array(2)
    scoreRows(packRows({ dimensions, values, itemOfRow: Int32Array.of(0, 1) }), values.subarray(dimensions), scores)
    assert.ok(Math.abs(scores[0]! + 1) < 1e-4 && Math.abs(scores[1]! - 1) < 1e-4, String(scores))
  })

  it("take an item's best row, and give 0 to an item without one and to a query of zeros", () => {
    const rows = packRows({ dimensions: 2, values: Float32Array.of(1, 0, 0, 1, -1, 0), itemOfRow: Int32Array.of(0, 0, 2) })
    const scores = new Float32Array(3)
    scoreRows(rows, Float32Array.of(0, 1), scores)
    assert.deepEqual(
      [...scores].map((score) => Math.round(score * 1000) / 1000 + 0),
      [1, 0, 0],
    )
    scoreRows(rows, Float32Array.of(0, 0), scores)
    assert.deepEqual([...scores], [0, 0, 0])
  })
})
