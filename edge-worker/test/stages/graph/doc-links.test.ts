import assert from 'node:assert/strict'
import { linksIn } from '../../../src/stages/graph/rust/doc-link-text.js'
import { rustSymbols, type Repository } from './public-of.js'

/** Links of the function `f` as `text -> id`. */
async function linksOf(repository: Repository, name = 'f'): Promise<string[]> {
  const symbol = (await rustSymbols(repository)).find((each) => each.name === name && each.doc_comments !== null)
  return (symbol?.doc_links ?? []).map(({ text, symbol_id: id }) => `${text} -> ${id.slice(id.indexOf('#') + 1)}`)
}

const texts = (markdown: string): string[] => linksIn(markdown).map(({ text }) => text)

describe('links in doc comments', () => {
  it('are read in every form of Markdown, each once', () => {
    assert.deepEqual(
      texts('See [`Foo`], [Bar::baz], [text](crate::A), [other][`B`], [C][] and [`Foo`].\n\n[short]: self::D\nthe [short] one'),
      ['`Foo`', 'Bar::baz', 'crate::A', '`B`', 'C', 'self::D'],
    )
    assert.deepEqual(texts('[fn@a], [`struct@B`], [c()], [d!], [`Vec<T>`], [E#variants]'), [
      'fn@a',
      '`struct@B`',
      'c()',
      'd!',
      '`Vec<T>`',
      'E#variants',
    ])
    assert.deepEqual(
      linksIn('[fn@a] [d!()] [Vec::<u8>::new] [trait@T]').map(({ path, namespace }) => [path.join('::'), namespace]),
      [
        ['a', 'value'],
        ['d', 'macro'],
        ['Vec::new', null],
        ['T', 'type'],
      ],
    )
  })

  it('are not addresses, code, tasks, footnotes or sentences', () => {
    assert.deepEqual(texts('[home](https://a.example/b) [`x`](../b.html) [ ] [x y] [1] [^note] \\[no] ![i](pic.png) a[0]'), [])
    assert.deepEqual(texts('```\n[Foo]\n```\n\n    [Bar]\n\n`[Baz]` and `` `[Q]` `` but [`Yes`] or [`Too`]'), ['`Yes`', '`Too`'])
    assert.deepEqual(texts('[Foo]\n\n[Foo]: https://a.example'), [])
  })

  it('lead to what the name means where the comment stands', async () => {
    const files = {
      'src/lib.rs': `pub mod a; pub use a::Kept as Other; use a::inner; pub struct S { pub field: u8 }
        impl S { pub fn new() -> S { S { field: 0 } } }
        /// [S], [\`S::new\`], [S::field], [Other::go], [inner::deep()], [crate::a::E::One], [a], [self::a::Tr::must], [Alias::new], [exported!], [core::mem::swap], [Missing]
        pub fn f() {}
        pub type Alias = S;`,
      'src/a.rs': `//! In [Kept] and [S].
        pub struct Kept; impl Kept { pub fn go(&self) {} } pub enum E { One } pub trait Tr { fn must(&self); }
        pub mod inner { pub fn deep() {} }
        mod m { #[macro_export] macro_rules! exported { () => {} } }`,
    }
    assert.deepEqual(await linksOf(files), [
      'S -> S',
      '`S::new` -> S::new',
      'S::field -> S',
      'Other::go -> a::Kept::go',
      'inner::deep() -> a::inner::deep',
      'crate::a::E::One -> a::E',
      'a -> a',
      'self::a::Tr::must -> a::Tr::must',
      'Alias::new -> S::new',
      'exported! -> a::m::exported',
    ])
    assert.deepEqual(await linksOf(files, 'a'), ['Kept -> a::Kept', 'S -> S'])
  })

  it('know Self in impls, traits and types', async () => {
    const text = `/// [Self::go]
      pub struct S; impl S { pub fn go() {}
      /// [Self], [Self::go], [Self::clone], [Self::gone]
      pub fn f() {} }
      impl Clone for S { fn clone(&self) -> S { S } }
      pub trait T { fn need(); 
      /// [Self::need] [Self]
      fn g() {} }`
    assert.deepEqual(await linksOf(text), ['Self -> S', 'Self::go -> S::go', 'Self::clone -> <S as Clone>::clone'])
    assert.deepEqual(await linksOf(text, 'S'), ['Self::go -> S::go'])
    assert.deepEqual(await linksOf(text, 'g'), ['Self::need -> T::need', 'Self -> T'])
  })

  it('are left out where they could mean two things, and the author may say which', async () => {
    const text = `pub mod both {} pub fn both() {}
      /// [both], [fn@both], [mod@both]
      pub fn f() {}`
    assert.deepEqual(await linksOf(text), ['fn@both -> both~2', 'mod@both -> both'])
    const chosen = `#[cfg(unix)] pub fn os() {} #[cfg(windows)] pub fn os() {}
      /// [os]
      pub fn f() {}`
    assert.deepEqual(await linksOf(chosen), ['os -> os'])
  })

  it('take time in proportion to the text', () => {
    for (const unit of ['[', '`', '[`', '[a](', '[a]: ', '[a][', '](', '\\[', '[a\n', '``[x]`']) {
      const begin = performance.now()
      linksIn(unit.repeat(100_000))
      assert(performance.now() - begin < 4_000, `${JSON.stringify(unit)} took ${performance.now() - begin} ms`)
    }
  })
})
