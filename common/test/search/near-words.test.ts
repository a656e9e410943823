import assert from 'node:assert/strict'
import { createNearWords, editDistance } from '../../src/search/near-words.js'

describe('words that are spelt almost alike', () => {
  it('counts insertions, deletions, replacements and swapped neighbours', () => {
    for (const [a, b, distance] of [
      ['iterator', 'iterator', 0],
      ['itrator', 'iterator', 1],
      ['finnished', 'finished', 1],
      ['procede', 'proceed', 1],
      ['objcet', 'object', 1],
      ['', 'abc', 3],
    ] as const)
      assert.equal(editDistance(a, b, 9), distance, `${a} ${b}`)
    assert.equal(editDistance('completely', 'different', 2), 3)
  })

  it('finds every word that is close enough, the same one with closeness 1', () => {
    const words = ['iterator', 'iterate', 'literal', 'operator', 'itertools']
    const near = createNearWords(words)
    const found = near.near('itrator', 0.75).map(({ word }) => words[word])
    assert.deepEqual(found, ['iterator'])
    assert.deepEqual(near.near('literal', 0.9), [{ word: 2, closeness: 1 }])
    assert.deepEqual(near.near('zzzzzzz', 0.6), [])
  })
})
