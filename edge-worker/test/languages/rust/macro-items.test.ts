import assert from 'node:assert/strict'
import { extractText } from './extract-text.js'

describe('Rust items in the tokens of a macro call', () => {
  const found = (text: string): string[] =>
    extractText(text).symbols.map(
      ({ id, symbol_type, line, in_macro }) => `${symbol_type} ${id.split('#')[1]} ${line}${in_macro ? ' in macro' : ''}`,
    )

  it('are symbols at their own lines, with docs, and say where they are written', () => {
    const text =
      '// é😀\ncfg_net! {\n    /// Listens.\n    #[derive(Debug)]\n    pub struct Listener { io: Io }\n\n    impl Listener {\n        pub fn bind() {}\n    }\n}\npub fn after() {}\n'
    assert.deepEqual(found(text), [
      'struct Listener 5 in macro',
      'impl impl Listener 7 in macro',
      'method Listener::bind 8 in macro',
      'function after 11',
    ])
    const { symbols, ranges } = extractText(text)
    assert.equal(symbols[0]?.doc_comments, 'Listens.')
    assert.equal(symbols[0]?.signature, 'pub struct Listener')
    assert.deepEqual(symbols[0]?.attributes, ['#[derive(Debug)]'])
    assert.equal(text.slice(ranges[2]?.head, ranges[2]?.end), 'pub fn bind() {}')
  })

  it('belong to the module or impl around the call, and to macros in macros', () => {
    assert.deepEqual(found('mod m { cfg_a! { cfg_b! { fn f() {} } struct S; } }\nimpl T { cfg_c! { pub fn g(&self) {} } }'), [
      'module m 1',
      'function m::f 1 in macro',
      'struct m::S 1 in macro',
      'impl impl T 2',
      'method T::g 2 in macro',
    ])
  })

  it('are left out where the macro has a language of its own', () => {
    assert.deepEqual(found('bitflags! { pub struct F: u32 { const A = 1; } }'), [])
    assert.deepEqual(found('service! { fn call(x: u8) -> u8; }'), [])
    assert.deepEqual(found('macro_rules! m { () => { fn f() {} } }'), ['macro m 1'])
    assert.deepEqual(found('fn f() { let x = m! { fn g() {} }; }'), ['function f 1'])
    assert.deepEqual(found('half! { fn f() { '), [])
  })

  it('are read in a time that grows with the text alone', () => {
    const started = performance.now()
    assert.equal(found('cfg! { fn f() {} }\n'.repeat(4_000)).length, 4_000)
    found(`${'m! { fn f() {} '.repeat(400)}${'}'.repeat(400)}`)
    assert(performance.now() - started < 10_000, `${performance.now() - started} ms`)
  })
})
