import assert from 'node:assert/strict'
import fc from 'fast-check'
import { documentEntryName, unsafeName } from '../../src/docpack/entry-name.js'
import { symbolFileName } from '../../src/runtime/symbol-file-name.js'

describe('the name of an entry', () => {
  it('keeps letters, digits, dot, underscore and hyphen, and writes every other byte as %XX', () => {
    assert.equal(symbolFileName('src/parser.rs#parser::parse_file'), 'src%2Fparser.rs%23parser%3A%3Aparse_file')
    assert.equal(symbolFileName('a-b_c.d~2'), 'a-b_c.d%7E2')
    assert.equal(symbolFileName('é%'), '%C3%A9%25')
    assert.equal(documentEntryName('..'), 'docs/...json')
  })

  it('cuts what is longer than 180 bytes at 140 and adds 16 digits of the hash', () => {
    assert.equal(symbolFileName('a'.repeat(180)), 'a'.repeat(180))
    // printf 'a%.0s' $(seq 181) | sha256sum
    assert.equal(symbolFileName('a'.repeat(181)), `${'a'.repeat(140)}-9ce4e58a8e1314bf`)
  })

  it('is safe, short and tells two ids apart, whatever they are', () => {
    const id = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    )
    fc.assert(
      fc.property(id, id, (a, b) => {
        const name = symbolFileName(a)
        assert.match(name, /^[A-Za-z0-9._%-]{1,180}$/)
        assert.equal(unsafeName(documentEntryName(a)), undefined)
        // Lone surrogates have no bytes of their own: as UTF-8 they are all U+FFFD.
        if (Buffer.from(a).equals(Buffer.from(b))) return
        assert.notEqual(name, symbolFileName(b))
      }),
      { numRuns: 2000 },
    )
  })

  it('can be turned back when it was not cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), (id) => {
        const name = symbolFileName(id)
        if (name.length <= 180) assert.equal(decodeURIComponent(name), id)
      }),
    )
  })

  it('is unsafe when it could lead a reader astray', () => {
    for (const name of [
      '',
      '/etc/passwd',
      'C:x',
      'c:/x',
      '../x',
      'a/../b',
      'a/..',
      '..',
      'a\\b',
      'a\0b',
      'a\nb',
      'a\u009bb',
      'a//b',
      'a/',
      './a',
      'a/./b',
    ]) {
      assert.notEqual(unsafeName(name), undefined, JSON.stringify(name))
    }
    for (const name of ['manifest.json', 'docs/...json', 'docs/a..b.json', 'source/src/ü ñ.rs', 'source/.github/x']) {
      assert.equal(unsafeName(name), undefined, name)
    }
  })
})
