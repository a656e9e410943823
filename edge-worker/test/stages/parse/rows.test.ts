import assert from 'node:assert/strict'
import { packRows, unpackRows } from '../../../src/stages/parse/rows.js'

describe('rows', () => {
  for (const [what, objects] of [
    [
      'objects of one shape',
      [
        { a: 1, b: ['x'] },
        { a: null, b: [] },
      ],
    ],
    ['objects of two shapes', [{ a: 1 }, { b: 1 }, { a: 1, b: 2 }]],
    [
      'the same keys in another order',
      [
        { a: 1, b: 2 },
        { b: 3, a: 4 },
      ],
    ],
    ['nothing', []],
    ['an empty object', [{}, {}]],
  ] as const) {
    it(`give back ${what}, keys in their order`, () => {
      assert.equal(JSON.stringify(unpackRows(packRows(objects))), JSON.stringify(objects))
    })
  }
})
