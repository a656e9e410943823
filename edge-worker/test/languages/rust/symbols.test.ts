import assert from 'node:assert/strict'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import { extractText } from './extract-text.js'

describe('Rust symbols', () => {
  it('keep their ids when code that has nothing to do with them changes', () => {
    const before = extractText('pub fn a() {}\npub struct S;\nimpl S { pub fn m(&self) {} }\n', 'src/parser.rs')
    const after = extractText(
      'use x::y;\nfn new() { let s = 1; }\n\npub fn a() { b() }\n/// d\npub struct S;\nimpl S { fn k() {} pub fn m(&self) {} }\n',
      'src/parser.rs',
    )
    const ids = new Set<string>(after.symbols.map(({ id }) => id))
    assert.deepEqual(
      before.symbols.map(({ id }) => id).filter((id) => !ids.has(id)),
      [],
    )
    assert(ids.has('src/parser.rs#parser::a'))
  })

  it('of one path are told apart in source order', () => {
    const { symbols } = extractText('#[cfg(unix)] mod imp { pub fn f() {} }\n#[cfg(windows)] mod imp { pub fn f() {} }\n')
    assert.deepEqual(
      symbols.map(({ id }) => id.split('#')[1]),
      ['imp', 'imp::f', 'imp~2', 'imp::f~2'],
    )
    assert.equal(symbols[3]?.container, symbols[2]?.id)
    assert.equal(symbols[3]?.path, 'krate::imp::f')
  })

  it('never share an id, and their spans nest as their containers do', () => {
    const { symbols, ranges } = extractText(
      'impl A for B<u8> { fn f() { fn g() {} } }\nimpl A for B<u16> { fn f() {} }\nimpl A for B<u8> { fn f() {} }',
    )
    assert.equal(new Set(symbols.map(({ id }) => id)).size, symbols.length)
    for (const [index, symbol] of symbols.entries()) {
      const outer = symbols.findIndex(({ id }) => id === symbol.container)
      if (outer === -1) continue
      assert((ranges[outer]?.start ?? NaN) <= (ranges[index]?.start ?? NaN) && (ranges[outer]?.end ?? NaN) >= (ranges[index]?.end ?? NaN))
    }
  })

  it('with a header or documentation beyond the limits are cut between characters, and the reader is told', () => {
    const { symbols, diagnostics } = extractText(`/// ${'é'.repeat(40_000)}\nfn f(${'ä: u8, '.repeat(2000)}) {}\n`)
    const [symbol] = symbols
    assert(symbol !== undefined && symbol.doc_comments !== null)
    assert(Buffer.byteLength(symbol.signature) <= LIMITS.signatureBytes && Buffer.byteLength(symbol.signature) > LIMITS.signatureBytes - 4)
    assert(Buffer.byteLength(symbol.doc_comments) <= LIMITS.docBytes)
    assert(!symbol.signature.includes('\ufffd') && !symbol.doc_comments.includes('\ufffd'))
    assert.deepEqual(diagnostics.map(({ code }) => code).sort(), ['docs_cut', 'signature_cut'])
  })

  it('have an id of bounded length whatever their type', () => {
    const { symbols } = extractText(`impl ${'Very'.repeat(5000)} { fn f() {} }\nimpl ${'Very'.repeat(5001)} { fn f() {} }`)
    assert(symbols.every(({ id }) => id.length < 500))
    assert.equal(new Set(symbols.map(({ id }) => id.replace(/~2$/, ''))).size, 4)
  })

  it('are found with CR LF, NUL and without a final line break', () => {
    const { symbols } = extractText('/// one\r\n/// two\r\npub fn a(){}\r\n\0\npub fn b(){}')
    assert.deepEqual(
      symbols.map(({ name, line, doc_comments }) => [name, line, doc_comments]),
      [
        ['a', 3, 'one\ntwo'],
        ['b', 5, null],
      ],
    )
  })
})
