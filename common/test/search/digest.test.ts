import assert from 'node:assert/strict'
import { cutDigest, digestText, expandDigest } from '../../src/search/digest.js'
import { traitsOf } from '../../src/search/item-traits.js'
import { createLexicalIndex } from '../../src/search/lexical-index.js'
import { createLiteralIndex } from '../../src/search/literal-index.js'
import type { SearchItem } from '../../src/search/item.js'
import { subWords } from '../../src/search/words.js'

const BODY = `{
    let mut bytes_read = 0; // bytes so far
    while bytes_read < HTTPServer2::LIMIT { bytes_read += self.read(&mut buf)?; }
    Err(Error::new("expected {} bytes, found {}: unexpected end"))
}`

const item = (body: string): SearchItem => ({
  symbol_id: 'a',
  name: 'read_all',
  symbol_type: 'function',
  path: 'io',
  file: 'src/io.rs',
  start_line: 1,
  end_line: 5,
  public: true,
  test: false,
  implementation: false,
  head: 'fn read_all()',
  body,
  docs: '',
})

describe('a digest of a text', () => {
  const digest = digestText(BODY, { maxBytes: 4096, isRust: true })

  it('is shorter than the text and expands to the same words as often', () => {
    assert.ok(digest.length < BODY.length * 0.8, digest)
    assert.deepEqual(subWords(expandDigest(digest)).sort(), subWords(BODY).sort())
  })

  it('is to the ranker what the text is: the same weights of every word, the same message found', () => {
    const [whole, short] = [createLexicalIndex([item(BODY)]), createLexicalIndex([item(expandDigest(digest))])]
    const rows = (index: typeof whole) =>
      index.terms.map((term, t) => [term, index.plain[index.starts[t]!], index.fielded[index.starts[t]!]]).sort()
    assert.deepEqual(rows(short), rows(whole))
    const share = new Float32Array(1)
    createLiteralIndex([item(expandDigest(digest))]).match('expected 4 bytes, found 9', share)
    assert.ok(share[0]! > 0.7, `${share[0]}`)
  })

  it('keeps within its bytes, literals in half of them, and never half a word', () => {
    const words = new Set(subWords(BODY))
    for (const maxBytes of [0, 5, 40, 80, 4096]) {
      const cut = cutDigest(digest, maxBytes)
      assert.ok(Buffer.byteLength(cut) <= maxBytes)
      for (const word of subWords(expandDigest(cut))) assert.ok(words.has(word), word)
    }
    assert.ok(!cutDigest(digest, 60).includes('`'), 'the message alone would take more than half')
    assert.ok(cutDigest(digest, 60).startsWith('let'))
  })

  it('of a million words stays within its bytes and does not blow up again', () => {
    const huge = digestText('word '.repeat(1_000_000), { maxBytes: 100, isRust: true })
    assert.equal(huge, 'word*200')
    assert.equal(expandDigest('x*999999999 y*0').length < 2000, true)
    assert.equal(digestText(' \n', { maxBytes: 100, isRust: true }), '')
  })

  it('that somebody else made, long and without a space, is expanded in the time of its length', () => {
    const begin = performance.now()
    assert.equal(expandDigest('x'.repeat(100_000)).length, 100_000)
    assert.ok(performance.now() - begin < 1000)
  })

  it('of a text of quotes that nothing closes is made in no more than the time of its beginning', () => {
    const begin = performance.now()
    digestText('"' + '\\"'.repeat(100_000), { maxBytes: 100, isRust: true })
    assert.ok(performance.now() - begin < 2000)
  })

  it('of an empty body is not that of no body', () => {
    const empty = expandDigest(cutDigest(digestText('{ }', { maxBytes: 100, isRust: true }), 50))
    assert.deepEqual(traitsOf(item(empty)), traitsOf(item('{ }')))
    assert.notDeepEqual(traitsOf(item(empty)), traitsOf(item('')))
    assert.deepEqual(subWords(empty), [])
  })
})
