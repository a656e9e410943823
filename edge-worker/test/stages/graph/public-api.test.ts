import assert from 'node:assert/strict'
import { publicPaths, rustSymbols, type Repository } from './public-of.js'

/** Each rule of the language as a small crate and the paths that rustdoc shows of it. */
const RULES: readonly (readonly [rule: string, repository: Repository, paths: readonly string[]])[] = [
  [
    'an item of the root is public as soon as it is pub',
    'pub fn f() {} fn g() {} pub(crate) fn h() {} pub(self) fn i() {} pub(in crate) fn j() {}',
    ['fn krate::f'],
  ],
  [
    'a module shows its items when it is shown itself',
    {
      'src/lib.rs': 'pub mod a; mod b;',
      'src/a.rs': 'pub struct A; pub mod c { pub enum E {} } mod d { pub struct No; }',
      'src/b.rs': 'pub struct No;',
    },
    ['enum krate::a::c::E', 'mod krate::a', 'mod krate::a::c', 'struct krate::a::A'],
  ],
  [
    'a re-export makes an item of a private module public, under its new name',
    'mod a { pub struct Plain; pub struct Old; pub(crate) struct Half; } pub use a::Plain; pub use self::a::Old as New; pub(crate) use a::Half;',
    ['struct krate::New', 'struct krate::Plain'],
  ],
  [
    'members follow the path of their type',
    'mod a { pub struct Old; impl Old { pub fn new() -> Self { Old } fn private(&self) {} } impl Clone for Old { fn clone(&self) -> Self { Old } } } pub use a::Old as New;',
    ['fn krate::<Old as Clone>::clone', 'fn krate::New::new', 'struct krate::New'],
  ],
  [
    'a chain of re-exports leads to its end, a group and a glob bring all they name',
    {
      'src/lib.rs': 'mod a; mod b; pub use a::{one, two as zwei, inner::{self, Three}}; pub use b::*;',
      'src/a.rs': 'pub fn one() {} pub fn two() {} pub mod inner { pub struct Three; }',
      'src/b.rs': 'mod deep; pub use deep::*; pub fn near() {} fn hidden() {}',
      'src/b/deep.rs': 'pub fn far() {} pub(super) fn no() {}',
    },
    ['fn krate::far', 'fn krate::near', 'fn krate::one', 'fn krate::zwei', 'mod krate::inner', 'struct krate::Three'],
  ],
  [
    'a path by definition goes before a shorter one by re-export, then the shorter one, then the first by alphabet',
    'pub mod deep { pub struct Own; } pub use deep::Own; mod p { pub struct S; } pub mod b { pub use crate::p::S; } pub mod a { pub use crate::p::S; }',
    ['mod krate::a', 'mod krate::b', 'mod krate::deep', 'struct krate::a::S', 'struct krate::deep::Own'],
  ],
  [
    'what a module names itself goes before what a glob brings, also where it is private',
    'mod a { pub fn f() {} pub fn g() {} pub fn h() {} } mod c { pub fn h() {} } pub use a::*; fn f() {} use c::h;',
    ['fn krate::g'],
  ],
  [
    'a type and a function of one name do not hide each other',
    'mod a { pub struct X { x: u8 } } pub use a::*; pub fn X() {}',
    ['fn krate::X', 'struct krate::X'],
  ],
  [
    'a name that two globs give different meanings is none, one that both give the same is one',
    'mod a { pub fn f() {} pub use super::c::same; } mod b { pub fn f() {} pub use super::c::same; } mod c { pub fn same() {} } pub use a::*; pub use b::*;',
    ['fn krate::same'],
  ],
  [
    'doc(hidden) hides an item, all that is defined in a hidden module, and a re-export',
    '#[doc(hidden)] pub fn f() {} #[doc(hidden)] pub mod m { pub fn g() {} } pub use m::g; mod p { pub fn h() {} pub fn i() {} } #[doc(hidden)] pub use p::h; pub use p::i; #[doc(alias = "hidden")] pub fn k() {}',
    ['fn krate::i', 'fn krate::k'],
  ],
  [
    'no_inline and inline change no reach',
    'mod p { pub fn a() {} pub fn b() {} } #[doc(no_inline)] pub use p::a; #[doc(inline)] pub use p::b;',
    ['fn krate::a', 'fn krate::b'],
  ],
  [
    'items of a trait are public with the trait, those of its impls with trait and type',
    `pub trait Open { type T; const C: u8; fn f(&self); #[doc(hidden)] fn secret(&self) {} } trait Closed { fn g(&self); } pub struct S; struct P;
     impl Open for S { type T = u8; const C: u8 = 0; fn f(&self) {} fn secret(&self) {} } impl Closed for S { fn g(&self) {} }
     impl Open for P { type T = u8; const C: u8 = 0; fn f(&self) {} } impl From<P> for S { fn from(_: P) -> S { S } }
     impl<T> Open for Vec<T> { type T = u8; const C: u8 = 0; fn f(&self) {} } impl Clone for P { fn clone(&self) -> P { P } }`,
    [
      'const krate::<S as Open>::C',
      'const krate::<Vec<T> as Open>::C',
      'const krate::Open::C',
      'fn krate::<S as Open>::f',
      'fn krate::<Vec<T> as Open>::f',
      'fn krate::Open::f',
      'struct krate::S',
      'trait krate::Open',
      'type krate::<S as Open>::T',
      'type krate::<Vec<T> as Open>::T',
      'type krate::Open::T',
    ],
  ],
  [
    'inherent members are public with their type, through an alias too, and only when they are pub',
    'pub struct S; struct P; pub type A = S; impl A { pub fn f() {} fn g() {} pub(crate) fn h() {} #[doc(hidden)] pub fn i() {} } impl P { pub fn j() {} }',
    ['fn krate::S::f', 'struct krate::S', 'type krate::A'],
  ],
  [
    'the impls in a function or a constant are seen from outside, other items there are not',
    'pub struct S; const _: () = { impl S { pub fn f(&self) {} } pub struct No; }; pub fn g() { pub fn no() {} }',
    ['fn krate::S::f', 'fn krate::g', 'struct krate::S'],
  ],
  [
    'macro_export puts a macro into the root, wherever it stands; others are private',
    'mod a { #[macro_export] macro_rules! shown { () => {} } #[doc(hidden)] #[macro_export] macro_rules! inner { () => {} } macro_rules! own { () => {} } } #[macro_export(local_inner_macros)] macro_rules! second { () => {} }',
    ['macro krate::second', 'macro krate::shown'],
  ],
  [
    'test modules and what cfg takes away on Linux are not there, also through the module or the file',
    {
      'src/lib.rs':
        '#[cfg(test)] pub mod tests; #[cfg(windows)] pub mod win { pub fn no() {} } pub mod sys; #[cfg(any(unix, windows))] pub fn yes() {} #[test] pub fn t() {}',
      'src/tests.rs': 'pub fn no() {}',
      'src/sys.rs': '#![cfg(target_os = "macos")]\npub fn no() {}',
    },
    ['fn krate::yes'],
  ],
  [
    'of two items that cfg chooses from, the one of the documented build is shown',
    '#[cfg(feature = "x")] pub fn f() -> u8 { 0 } #[cfg(not(feature = "x"))] pub fn f() {} #[cfg(feature = "x")] pub fn more() {} #[cfg(feature = "nightly")] pub fn no() {}',
    ['fn krate::f', 'fn krate::more'],
  ],
  [
    '#[path] loads the file that it names',
    { 'src/lib.rs': '#[path = "os/linux.rs"] pub mod imp;', 'src/os/linux.rs': 'pub fn f() {}' },
    ['fn krate::imp::f', 'mod krate::imp'],
  ],
  [
    'items and re-exports in the tokens of a macro call are where the call is, under the conditions that the macro puts before them',
    `macro_rules! cfg_net { ($($item:item)*) => { $( #[cfg(feature = "net")] #[doc(cfg(feature = "net"))] $item )* } }
     macro_rules! cfg_win { ($($item:item)*) => { $( #[cfg(windows)] $item )* } }
     macro_rules! cfg_win_net { ($($item:item)*) => { cfg_win! { $($item)* } } }
     mod p { pub fn a() {} pub fn b() {} }
     cfg_net! { pub use p::a; pub fn c() {} pub mod m { pub fn d() {} } } cfg_win! { pub use p::b; pub fn e() {} } cfg_win_net! { pub fn g() {} }`,
    ['fn krate::a', 'fn krate::c', 'fn krate::m::d', 'mod krate::m'],
  ],
  [
    'branches of cfg_if exclude each other',
    'mod a { pub fn f() {} } mod b { pub fn f() {} pub fn g() {} } cfg_if! { if #[cfg(unix)] { pub use a::f; } else { pub use b::f; pub use b::g; } }',
    ['fn krate::f'],
  ],
  [
    'an extern crate of oneself and re-exports in a circle end',
    'extern crate self as me; pub use a::*; mod a { pub use crate::b::*; pub fn f() {} } mod b { pub use crate::a::*; pub use crate as root; pub use self::x as y; pub use self::y as x; }',
    ['fn krate::f'],
  ],
  [
    'modules that load each other end',
    {
      'src/lib.rs': 'pub mod a;',
      'src/a.rs': '#[path = "b.rs"] pub mod b; pub fn f() {}',
      'src/b.rs': '#[path = "a.rs"] pub mod a; #[path = "lib.rs"] pub mod l; pub fn g() {}',
    },
    ['fn krate::a::b::g', 'fn krate::a::f', 'mod krate::a', 'mod krate::a::b', 'mod krate::a::b::a', 'mod krate::a::b::l'],
  ],
  [
    'half-written code shows what can be read',
    'pub use self::nowhere::*; pub use ; pub mod a { pub use super::gone::Thing; pub fn f() {} } pub fn g(',
    ['fn krate::a::f', 'mod krate::a'],
  ],
  [
    'tests, benches, examples and build scripts of a library are not its API, neither are programs beside it',
    {
      'src/lib.rs': 'pub fn f() {}',
      'src/main.rs': 'pub fn no() {}',
      'src/bin/x.rs': 'pub fn no() {}',
      'tests/t.rs': 'pub fn no() {}',
      'benches/b.rs': 'pub fn no() {}',
      'examples/e.rs': 'pub fn no() {}',
      'build.rs': 'pub fn no() {}',
    },
    ['fn krate::f'],
  ],
  [
    'a program without a library shows what is pub in it',
    {
      'src/main.rs': 'mod a; fn main() {}',
      'src/a.rs': 'pub fn f() {} fn g() {} #[cfg(test)] mod t { pub fn no() {} }',
      'tests/t.rs': 'pub fn no() {}',
    },
    ['fn krate::a::f'],
  ],
  [
    "each crate of a workspace has its own root, and what one hands on of another stays the other one's",
    {
      'Cargo.toml': '[workspace]\nmembers = ["a", "b"]\n',
      'a/Cargo.toml': '[package]\nname = "a-core"\n',
      'a/src/lib.rs': 'mod m { pub struct A; pub struct No; } pub use m::A;',
      'b/Cargo.toml': '[package]\nname = "b"\n[lib]\npath = "lib/root.rs"\n',
      'b/lib/root.rs': 'pub use a_core::A; pub fn f() {} mod inner; pub use inner::*;',
      'b/lib/inner.rs': 'pub fn g() {}',
    },
    ['fn b::f', 'fn b::g', 'struct a_core::A'],
  ],
  [
    'a crate of procedural macros shows these alone',
    {
      'Cargo.toml': '[package]\nname = "derive"\n[lib]\nproc-macro = true\n',
      'src/lib.rs': '#[proc_macro_derive(Thing)] pub fn thing(t: TokenStream) -> TokenStream { t } pub fn helper() {}',
    },
    ['fn derive::thing'],
  ],
  [
    'a module that the body of a macro declares is shown if it says pub there',
    {
      'src/lib.rs': 'macro_rules! root { () => { pub mod shown; mod kept; }; } root!();',
      'src/shown.rs': 'pub fn f() {}',
      'src/kept.rs': 'pub fn no() {}',
    },
    ['fn krate::shown::f'],
  ],
  [
    'a type that a macro makes has its members where the call is, if the call says pub',
    'pub mod m { make!(#[derive(Clone)] pub struct Made<A>); impl<A> Made<A> { pub fn f(&self) {} } make!(struct Own); impl Own { pub fn no() {} } }',
    ['fn krate::m::Made::f', 'mod krate::m'],
  ],
  [
    'items of an extern block are public by their own word',
    'extern "C" { pub fn open(); fn close(); pub static mut ERRNO: i32; }',
    ['fn krate::open', 'static krate::ERRNO'],
  ],
]

describe('The public API of a Rust library', () => {
  for (const [rule, repository, paths] of RULES) {
    it(`is by rustdoc's rules: ${rule}`, async () => assert.deepEqual(await publicPaths(repository), [...paths].sort()))
  }

  it('has the features that the package documents itself with', async () => {
    const lib =
      '#[cfg(feature = "std")] pub fn a() {} #[cfg(not(feature = "std"))] pub fn a() -> u8 { 0 } #[cfg(not(feature = "serde"))] pub fn b() {} #[cfg(has_it)] pub fn c() {} #[cfg(krate_no_it)] pub fn d() {} #[cfg(docsrs)] pub fn e() {}'
    const manifest =
      '[package]\nname = "krate"\n[features]\ndefault = ["std"]\nstd = []\n[dependencies]\nserde = { version = "1", optional = true }\n'
    const script =
      'fn main() { println!("cargo:rustc-cfg=has_it"); println!("cargo:rustc-cfg=krate_no_it"); println!("cargo:rustc-check-cfg=cfg(docsrs)"); }'
    const signatures = async (more: string): Promise<string[]> => {
      const symbols = await rustSymbols({ 'Cargo.toml': manifest + more, 'build.rs': script, 'src/lib.rs': lib })
      return symbols.filter((symbol) => symbol.is_public_api).map((symbol) => symbol.signature)
    }
    assert.deepEqual(await signatures(''), ['pub fn a()', 'pub fn b()', 'pub fn c()'])
    // Even with serde in the documentation a user may leave it out; `std` is there unless one goes out of one's way.
    assert.deepEqual(await signatures('[package.metadata.docs.rs]\nall-features = true\n'), ['pub fn a()', 'pub fn b()', 'pub fn c()'])
  })

  it('is told with the path that users write and the path of the definition', async () => {
    const symbols = await rustSymbols({
      'src/lib.rs': '#[path = "x/y.rs"] mod z; pub use z::S as T;',
      'src/x/y.rs': 'pub struct S; impl S { pub fn f(&self) {} } impl Drop for S { fn drop(&mut self) {} } fn own() {}',
    })
    assert.deepEqual(
      symbols.filter(({ file }) => file === 'src/x/y.rs').map(({ path, definition_path: defined }) => `${path} of ${defined}`),
      [
        'krate::<S as Drop>::drop of krate::z::<S as Drop>::drop',
        'krate::T of krate::z::S',
        'krate::T::f of krate::z::S::f',
        'krate::impl Drop for S of krate::z::impl Drop for S',
        'krate::impl S of krate::z::impl S',
        'krate::z::own of krate::z::own',
      ],
    )
  })

  it('does not depend on the order of the files', async () => {
    const files = {
      'src/lib.rs': 'pub mod b; mod a; pub use a::*; pub use b::*;',
      'src/a.rs': 'pub fn f() {} pub fn g() {}',
      'src/b.rs': 'pub fn f() {} pub use crate::a::g as h;',
    }
    const reversed = Object.fromEntries(Object.entries(files).reverse())
    assert.deepEqual(await rustSymbols(files), await rustSymbols(reversed))
  })
})
