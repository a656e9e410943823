import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Parser from 'tree-sitter'
import { createRandom } from '@doctown/common/runtime/random.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { rustGrammar } from '../../../src/languages/rust/grammar.js'
import { readerOf } from '../../../src/languages/rust/kinds.js'
import { QuickParser } from '../../../src/languages/rust/quick/quick-parser.js'
import { SyntaxTable } from '../../../src/languages/syntax-table.js'
import { syntaxNodes } from '../../support/syntax-nodes.js'

const walkdir = join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir/src')
const sources = readdirSync(walkdir, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.rs'))
  .map((name) => readFileSync(join(walkdir, name), 'utf8'))

/** Each a shape of Rust that is easily read otherwise than the grammar reads it. */
const SHAPES = [
  'fn f() { if let Some(x) = y && a && let Z = q { } else if b { 1 } else { 2 } }',
  'fn f() { a..-1; a..*b; x[a..&b]; for i in 0.. {} ..a + b; x[..=i]; a..=b + c; }',
  'fn f() { match x { A => {} B => {}, C if d => if a {} else {} D | E => x, | F => {}.g() } }',
  'fn f() { foo!{} -1; foo!(); bar![a]; foo!{} }',
  'fn f() { let x = break (a); return a = b; |x| x = 5; async move |a: u8, mut b| c; }',
  'fn f() { a < b && c > d; x as usize < y; -x as u8; !a && b; *a.b = c; a <<= b >> c; a >= b; a >>= c; }',
  "fn f() { 'a: loop { break 'a 1; } 'b: { continue 'a; } let y = 'c'; let z = b'\\''; }",
  'fn f() { 1.max(2); 1.; 1.0f32; 1e5; 0xffu8; x.0.1; 1..2; 1f32; 1_000i64; }',
  'fn f() { Vec::<T>::new(); a.b::<C>(d); x::<T>::y(1); <A as B>::c(d); A { b, c: d, ..e }; A::<B> { b }; s::A {} }',
  'fn f() { let A { b, c: d, ref mut e, .. } = f; let [a, b @ ..] = c; let (a, ..) = b; let &mut x = y; let A(ref mut x) = y; }',
  'fn f() { let Some(x): Option<Vec<Vec<u8>>>= y else { return }; let _ = &raw const y; _ = z; }',
  'fn f() { unsafe { x } async { y }.await; const { 1 }; { a }; { b }.c; match x {} (y, z); }',
  "fn f<'a, T: A + ?Sized + 'a, const N: usize = 3>(self: &Self, _: u8, mut x: &mut dyn Fn(A) -> B) -> impl A + B where for<'b> &'b T: X, {}",
  'impl<T> !Send for A<T> {} unsafe impl<T: B<C = D>> E for F<T> where T: G { type H = I; const J: u8 = 1; fn k(&mut self); }',
  "struct A<'a, T = B>(pub T, pub(crate) &'a u8) where T: X; struct C { #[a] pub b: fn(_: D, ...) -> (), c: *const [u8; N] } enum E { F(u8), G { h: I }, J = 3 }",
  "type A = <B as C>::D; type E = F<G>::H; type I = Box<dyn for<'a> Fn(&'a J) -> K + Send>; type L = A<B = C, 3, { N }, 'static, D<E> = F>;",
  'use a::{self, b::*, c as _, {d}}; use ::e::f; pub(in g::h) use crate::i; extern crate self as j; extern "C" { static k: l; fn m(); }',
  '#![a(b)]\n/// docs\n#[c = "d"]\n#[unsafe(no_mangle)]\npub const unsafe extern "C" fn e() {}\n//! f\n/* g /* h */ */\nmod i { j! { k } }',
  `macro_rules! m { ($a:expr, $($b:tt)*) => { $a + $($b)* }; } n! { 'a 'static '_ 1.0 r#"x"# { [ ( ) ] } ${'x '.repeat(300)} }`,
  'trait A: B + C { type D: E; fn f(&self) {} g!(); } union U { a: u8 } static mut S: &str = "a\\"b"; fn union(default: u8) { default.union() }',
]

const BROKEN = [
  'fn f( {',
  'fn f() { "a }',
  'fn f() { /* a }',
  'fn f() { a b }',
  'struct A { b c }',
  'fn f() { x ~ y }',
  'fn f() { m!(a ~ b) }',
  'fn \0f() {}',
  'fn f() { ] }',
  'impl {}',
  'fn f() {} }',
  `fn f() { ${'('.repeat(400)}1${')'.repeat(400)}; }`,
  `fn f() { a${'.b()'.repeat(600)}; }`,
]

describe('The quick parser of Rust', () => {
  it('reads every file of walkdir as the grammar does, node for node', () => {
    assert(sources.length >= 5)
    for (const text of sources) assert.deepEqual(quickly(text), byGrammar(text))
  })

  for (const text of SHAPES) {
    it(`reads as the grammar does: ${text.slice(0, 70)}`, () => {
      const expected = byGrammar(text)
      assert.notEqual(expected, null, 'the grammar finds an error in it')
      assert.deepEqual(quickly(text), expected)
    })
  }

  for (const text of BROKEN) it(`leaves to the grammar, without a trace: ${text.slice(0, 70)}`, () => assert.equal(quickly(text), null))

  it('reads a stretch of a text with the offsets of the whole', () => {
    const table = new SyntaxTable()
    table.clear()
    const text = 'm!(a, b.c(1))'
    const root = new QuickParser(table).read({ text, start: 2, end: text.length, closing: true })
    assert.deepEqual(syntaxNodes(table, root).slice(0, 3), ['expression_statement 2-14', ' tuple_expression 2-13', '  identifier 3-4'])
  })

  it('says the same as the grammar of two thousand items with tokens taken, put and swapped, or says nothing', () => {
    const random = createRandom(4)
    const below = (limit: number): number => Math.floor(random() * limit)
    const items = sources.flatMap((text) => text.split(/\n(?=(?: {4})?(?:pub |fn |impl|struct |#\[))/)).filter((item) => item.length < 1500)
    let read = 0
    for (let made = 0; made < 2000; made++) {
      const tokens = (items[below(items.length)] ?? '').match(/\/\/[^\n]*\n?|\s+|\w+|"(?:[^"\\]|\\.)*"|::|->|=>|\.\.=?|./gs) ?? []
      const [one, other] = [below(tokens.length), below(tokens.length)]
      const kept = [tokens[one] ?? '', tokens[other] ?? '']
      tokens[one] = below(3) === 0 ? '' : (kept[1] as string)
      if (below(2) === 0) tokens[other] = kept[0] as string
      const text = tokens.join('')
      const found = quickly(text)
      const expected = found === null ? null : byGrammar(text)
      if (expected === null) continue
      read++
      assert.deepEqual(found, expected, text)
    }
    assert(read > 100, `${read} were read by both`)
  }).timeout(30_000)
})

function quickly(text: string): string[] | null {
  const table = new SyntaxTable()
  table.clear()
  const root = new QuickParser(table).read({ text, start: 0, end: text.length })
  if (root === 0) assert.deepEqual([table.count, table.comments.length], [1, 0])
  return root === 0 ? null : syntaxNodes(table, root)
}

let parser: Parser | null = null

/** `null` when the grammar finds an error. */
function byGrammar(text: string): string[] | null {
  if (parser === null) {
    parser = new Parser()
    parser.setLanguage(rustGrammar())
  }
  const { rootNode } = parser.parse(text, undefined, { bufferSize: text.length + 1 })
  if (rootNode.hasError) return null
  const table = new SyntaxTable()
  table.clear()
  return syntaxNodes(table, readerOf(rustGrammar()).read(table, rootNode, { offset: 0, depth: 0, deadline: Infinity }))
}
