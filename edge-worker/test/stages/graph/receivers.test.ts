import assert from 'node:assert/strict'
import { edgesOf, graphOf } from './graph-of.js'

/** A shape of a call: the source, and every call edge that is right in it. Where none is listed, the resolver must abstain. */
interface Shape {
  readonly title: string
  readonly source: string | Readonly<Record<string, string>>
  readonly calls: readonly string[]
}

/** A type with methods named like those of the standard library. */
const STACK = `
  pub struct Stack<T> { items: Vec<T> }
  impl<T> Stack<T> {
    pub fn new() -> Self { Stack { items: Vec::new() } }
    pub fn len(&self) -> usize { self.items.len() }
    pub fn push(&mut self, item: T) { self.items.push(item) }
    pub fn get(&self, at: usize) -> Option<&T> { self.items.get(at) }
    pub fn iter(&self) -> std::slice::Iter<'_, T> { self.items.iter() }
    pub fn insert(&mut self, at: usize, item: T) { self.items.insert(at, item) }
  }
  pub struct Job; impl Job { pub fn run(&self) {} pub fn next(&self) -> Job { Job } }
`

const SHAPES: readonly Shape[] = [
  { title: 'a free function of the same module', source: 'fn a() { b() } fn b() {}', calls: ['a -> b'] },
  {
    title: 'a free function by its path',
    source: 'fn a() { m::b(); crate::m::c() } mod m { pub fn b() {} pub fn c() {} }',
    calls: ['a -> m::b', 'a -> m::c'],
  },
  {
    title: 'a function of the module above',
    source: 'fn b() {} mod m { fn a() { super::b(); self::c() } fn c() {} }',
    calls: ['m::a -> b', 'm::a -> m::c'],
  },
  {
    title: 'the same name in two modules',
    source: 'mod m { pub fn f() {} } mod n { pub fn f() {} fn a() { f() } } use m::f; fn b() { f() }',
    calls: ['b -> m::f', 'n::a -> n::f'],
  },
  {
    title: 'an import under another name',
    source: 'use m::f as g; mod m { pub fn f() {} } fn g2() {} fn a() { g() }',
    calls: ['a -> m::f'],
  },
  { title: 'a glob import', source: 'use m::*; mod m { pub fn f() {} } fn a() { f() }', calls: ['a -> m::f'] },
  {
    title: 'a re-export of a re-export',
    source: 'mod m { pub use self::n::f; mod n { pub fn f() {} } } pub use m::f; fn a() { crate::f() }',
    calls: ['a -> m::n::f'],
  },
  {
    title: 'an import inside the function',
    source: 'mod m { pub fn f() {} } fn a() { use m::f; f() } fn b() { f() }',
    calls: ['a -> m::f'],
  },
  { title: 'a function written inside the function', source: 'fn f() {} fn a() { fn f() {} f() }', calls: ['a -> a::f'] },
  { title: "a local variable of a function's name", source: 'fn f() {} fn a(f: fn()) { f() } fn b() { let f = || 1; f(); }', calls: [] },
  { title: 'a method of self', source: 'struct S; impl S { fn a(&self) { self.b() } fn b(&self) {} }', calls: ['S::a -> S::b'] },
  {
    title: 'Self:: and the type by name',
    source: 'struct S; impl S { fn a() { Self::b(); S::c() } fn b() {} fn c() {} }',
    calls: ['S::a -> S::b', 'S::a -> S::c'],
  },
  {
    title: 'a typed parameter',
    source: `${STACK} fn a(s: &mut Stack<u8>) { s.push(1); s.len(); }`,
    calls: ['a -> Stack::push', 'a -> Stack::len'],
  },
  {
    title: 'a let with a constructor',
    source: `${STACK} fn a() { let mut s = Stack::new(); s.push(1) }`,
    calls: ['a -> Stack::new', 'a -> Stack::push'],
  },
  {
    title: 'a let with a type',
    source: `${STACK} fn a(x: &dyn Fn() -> u8) { let s: Stack<u8> = make(x); s.len(); } fn make<T>(x: T) -> Stack<u8> { todo!() }`,
    calls: ['a -> make', 'a -> Stack::len'],
  },
  {
    title: 'std methods named like ours',
    source: `${STACK} fn a(v: Vec<u8>, m: std::collections::HashMap<u8, u8>) { v.len(); v.iter(); m.get(&1); "x".len(); vec![1].push(2); }`,
    calls: [],
  },
  { title: 'a value of unknown type', source: `${STACK} fn a<T: Default>(x: T) { let y = unknown(x); y.len(); y.push(1); }`, calls: [] },
  { title: 'a method of a type of another crate', source: `${STACK} fn a(b: bytes::Bytes) { b.len(); b.get(1); }`, calls: [] },
  {
    title: 'the element of a vector',
    source: `${STACK} fn a(v: Vec<Job>) { v[0].run(); v.first().unwrap().next(); }`,
    calls: ['a -> Job::run', 'a -> Job::next'],
  },
  {
    title: 'the items of a loop',
    source: `${STACK} fn a(v: &[Job]) { for j in v { j.run() } for (i, j) in v.iter().enumerate() { j.next(); } }`,
    calls: ['a -> Job::run', 'a -> Job::next'],
  },
  {
    title: 'a closure of an iterator adaptor',
    source: `${STACK} fn a(v: Vec<Job>) { v.iter().map(|j| j.next()).for_each(|j| j.run()); }`,
    calls: ['a -> Job::next', 'a -> Job::run'],
  },
  { title: 'a closure capture', source: `${STACK} fn a(job: Job) { let f = move || job.run(); f() }`, calls: ['a -> Job::run'] },
  { title: 'a field', source: `${STACK} struct P { job: Job } impl P { fn a(&self) { self.job.run() } }`, calls: ['P::a -> Job::run'] },
  {
    title: 'a field of a field',
    source: `${STACK} struct P { q: Q } struct Q { job: Box<Job> } fn a(p: &P) { p.q.job.run() }`,
    calls: ['a -> Job::run'],
  },
  {
    title: "a tuple's field and a tuple struct's",
    source: `${STACK} struct P(Job); fn a(p: P, t: (u8, Job)) { p.0.run(); t.1.next(); }`,
    calls: ['a -> Job::run', 'a -> Job::next'],
  },
  {
    title: "a generic struct's field",
    source: `${STACK} struct W<T> { value: T } fn a(w: W<Job>) { w.value.run() }`,
    calls: ['a -> Job::run'],
  },
  {
    title: 'Rc, Arc, Box, Pin and &mut',
    source: `${STACK} use std::{rc::Rc, sync::Arc, pin::Pin}; fn a(r: Rc<Job>, s: Arc<Box<Job>>, p: Pin<&mut Job>, m: &mut Job) { r.run(); s.next(); p.run(); m.next(); }`,
    calls: ['a -> Job::run', 'a -> Job::next'],
  },
  {
    title: 'a clone of an Arc is not our clone',
    source:
      'use std::sync::Arc; struct S; impl Clone for S { fn clone(&self) -> S { S } } impl S { fn m(&self) {} } fn a(s: Arc<S>) { let t = s.clone(); t.m() } fn b(s: S) { s.clone(); }',
    calls: ['a -> S::m', 'b -> <S as Clone>::clone'],
  },
  {
    title: 'locks and cells',
    source: `${STACK} use std::{sync::Mutex, cell::RefCell}; fn a(m: &Mutex<Job>, c: &RefCell<Job>) { m.lock().unwrap().run(); c.borrow_mut().next(); }`,
    calls: ['a -> Job::run', 'a -> Job::next'],
  },
  {
    title: 'our own Deref',
    source: `${STACK} struct G { j: Job } impl std::ops::Deref for G { type Target = Job; fn deref(&self) -> &Job { &self.j } } fn a(g: G) { g.run() }`,
    calls: ['a -> Job::run'],
  },
  {
    title: 'a builder chain',
    source:
      'struct B; impl B { fn new() -> B { B } fn size(self, n: u8) -> Self { self } fn build(self) -> Result<C, ()> { Ok(C) } } struct C; impl C { fn go(&self) {} } fn a() -> Result<(), ()> { B::new().size(1).build()?.go(); Ok(()) }',
    calls: ['a -> B::new', 'a -> B::size', 'a -> B::build', 'a -> C::go'],
  },
  {
    title: 'Option and Result',
    source: `${STACK} fn f() -> Option<Job> { None } fn a() { f().unwrap().run(); if let Some(j) = f() { j.next(); } match f() { Some(j) => j.run(), None => {} } }`,
    calls: ['a -> f', 'a -> Job::run', 'a -> Job::next'],
  },
  {
    title: 'let else and while let',
    source: `${STACK} fn f() -> Option<Job> { None } fn a() { let Some(j) = f() else { return }; j.run(); while let Some(k) = f() { k.next(); } }`,
    calls: ['a -> f', 'a -> Job::run', 'a -> Job::next'],
  },
  {
    title: "an enum's variant",
    source: `${STACK} enum E { A(Job), B { job: Job } } fn a(e: E) { match e { E::A(j) => j.run(), E::B { job } => { job.next(); } } }`,
    calls: ['a -> Job::run', 'a -> Job::next'],
  },
  {
    title: 'await',
    source: `${STACK} async fn f() -> Job { Job } fn g() -> impl std::future::Future<Output = Job> { f() } async fn a() { f().await.run(); g().await.next(); }`,
    calls: ['g -> f', 'a -> f', 'a -> g', 'a -> Job::run', 'a -> Job::next'],
  },
  {
    title: 'shadowing',
    source:
      'struct A; struct B; impl A { fn m(&self) -> B { B } } impl B { fn m(&self) {} } fn a(x: A) { let x = x.m(); x.m(); { let x = A; x.m(); } }',
    calls: ['a -> A::m', 'a -> B::m'],
  },
  {
    title: 'a scope that ended',
    source: 'struct A; struct B; impl A { fn m(&self) {} } impl B { fn n(&self) {} } fn a(x: A) { { let x = B; x.n(); } x.m() }',
    calls: ['a -> B::n', 'a -> A::m'],
  },
  {
    title: 'a trait object',
    source: 'trait T { fn m(&self); } struct S; impl T for S { fn m(&self) {} } fn a(x: &dyn T, y: Box<dyn T>) { x.m(); y.m() }',
    calls: ['a -> T::m'],
  },
  {
    title: 'a generic bound, in angle brackets and where',
    source: 'trait T { fn m(&self); } trait U { fn n(&self); } fn a<X: T, Y>(x: X, y: Y) where Y: U { x.m(); y.n() }',
    calls: ['a -> T::m', 'a -> U::n'],
  },
  {
    title: 'impl Trait',
    source: 'trait T { fn m(&self) -> u8 { 1 } } fn f() -> impl T { todo!() } fn a(x: impl T) { x.m(); f().m(); }',
    calls: ['a -> f', 'a -> T::m'],
  },
  { title: "a supertrait's method", source: 'trait T { fn m(&self); } trait U: T {} fn a<X: U>(x: X) { x.m() }', calls: ['a -> T::m'] },
  {
    title: 'a bound on an associated type',
    source: 'trait T { fn m(&self); } trait U { type V: T; fn v(&self) -> Self::V; } fn a<X: U>(x: X) { x.v().m() }',
    calls: ['a -> U::v', 'a -> T::m'],
  },
  {
    title: "a trait's method on a type",
    source: 'trait T { fn m(&self); fn n(&self) {} } struct S; impl T for S { fn m(&self) { self.n() } } fn a(s: S) { s.m(); s.n() }',
    calls: ['<S as T>::m -> T::n', 'a -> <S as T>::m', 'a -> T::n'],
  },
  {
    title: 'UFCS',
    source:
      'trait T { fn m(&self); } struct S; impl T for S { fn m(&self) {} } impl S { fn i(&self) {} } fn a(s: S) { S::i(&s); T::m(&s); <S as T>::m(&s); }',
    calls: ['a -> S::i', 'a -> <S as T>::m'],
  },
  {
    title: 'an associated function of a parameter',
    source: 'trait T { fn make() -> Self; } fn a<X: T>() -> X { X::make() }',
    calls: ['a -> T::make'],
  },
  {
    title: 'two impls by their arguments',
    source:
      'struct S; struct A; struct B; impl From<A> for S { fn from(a: A) -> S { S } } impl From<B> for S { fn from(b: B) -> S { S } } fn a(x: B) { S::from(x); }',
    calls: ['a -> <S as From<B>>::from'],
  },
  {
    title: 'two impls that nothing tells apart',
    source:
      'struct S; struct A; struct B; impl From<A> for S { fn from(a: A) -> S { S } } impl From<B> for S { fn from(b: B) -> S { S } } fn a() { S::from(other::thing()); }',
    calls: [],
  },
  {
    title: 'two traits with one method',
    source:
      'trait T { fn m(&self); } trait U { fn m(&self); } struct S; impl T for S { fn m(&self) {} } impl U for S { fn m(&self) {} } fn a(s: S) { s.m() }',
    calls: [],
  },
  {
    title: "an own method before a trait's",
    source: 'trait T { fn m(&self); } struct S; impl T for S { fn m(&self) {} } impl S { fn m(&self) {} } fn a(s: S) { s.m() }',
    calls: ['a -> S::m'],
  },
  {
    title: 'a trait for everything',
    source:
      'trait Ext: Iterator { fn pairs(self) -> u8 where Self: Sized { 1 } } impl<T: Iterator> Ext for T {} fn a(v: Vec<u8>) { v.iter().map(|x| x + 1).pairs(); }',
    calls: ['a -> Ext::pairs'],
  },
  {
    title: 'a trait that is not in scope',
    source:
      'mod m { pub trait Len { fn count(&self) -> u8; } impl Len for [u8] { fn count(&self) -> u8 { 1 } } } fn a(v: &[u8]) { v.count(); }',
    calls: [],
  },
  {
    title: 'a trait of ours on a std type',
    source:
      'trait Twice { fn twice(&self) -> String; } impl Twice for str { fn twice(&self) -> String { String::new() } } fn a(s: String) { s.twice().len(); }',
    calls: ['a -> <str as Twice>::twice'],
  },
  {
    title: 'an iterator of ours',
    source:
      'struct It; impl Iterator for It { type Item = Job; fn next(&mut self) -> Option<Job> { None } } struct Job; impl Job { fn run(&self) {} } fn a(mut it: It) { it.next(); for j in it { j.run() } }',
    calls: ['a -> <It as Iterator>::next', 'a -> Job::run'],
  },
  {
    title: "a macro's arguments",
    source: `${STACK} fn a(j: Job, s: Stack<u8>) { assert!(s.len() == f(1)); println!("{:?}", vec![j.next()]); } fn f(n: usize) -> usize { n }`,
    calls: ['a -> Stack::len', 'a -> f', 'a -> Job::next'],
  },
  {
    title: 'a function handed over',
    source:
      'struct S; impl S { fn of(n: u8) -> S { S } fn m(&self) {} } fn f(n: u8) -> S { S } fn a(o: Option<u8>) { o.map(S::of); o.map(f).unwrap().m(); }',
    calls: ['a -> S::of', 'a -> f', 'a -> S::m'],
  },
  {
    title: 'what a closure gives back',
    source:
      'struct S; impl S { fn m(&self) {} } fn with<R>(f: impl FnOnce(&S) -> R) -> R { f(&S) } fn id<T>(t: T) -> T { t } fn a() { with(|s| s.m()); with(|s| id(S)).m(); }',
    calls: ['a -> with', 'a -> id', 'a -> S::m'],
  },
  {
    title: 'a type alias',
    source: 'struct S<T>(T); impl<T> S<T> { fn m(&self) {} fn new() -> Self { todo!() } } type A = S<u8>; fn a(x: A) { x.m(); A::new(); }',
    calls: ['a -> S::m', 'a -> S::new'],
  },
  {
    title: 'two definitions of which #[cfg] chooses one',
    source: '#[cfg(unix)] fn f() {} #[cfg(windows)] fn f() {} fn a() { f() }',
    calls: ['a -> f', 'a -> f~2'],
  },
  {
    title: 'what exists in tests only',
    source: '#[cfg(test)] fn f() {} fn a() { f() } #[cfg(test)] mod tests { use super::*; #[test] fn t() { f(); a() } }',
    calls: ['tests::t -> f', 'tests::t -> a'],
  },
  {
    title: 'a static and a const',
    source: `${STACK} static J: Job = make(); const fn make() -> Job { Job } fn a() { J.run() }`,
    calls: ['J -> make', 'a -> Job::run'],
  },
  {
    title: 'a pin on a future',
    source:
      "use std::{pin::Pin, task::{Context, Poll}, future::Future}; trait R { fn poll_r(self: Pin<&mut Self>, cx: &mut Context<'_>); } impl<P> R for Pin<P> { fn poll_r(self: Pin<&mut Self>, cx: &mut Context<'_>) {} } struct S; impl R for S { fn poll_r(self: Pin<&mut Self>, cx: &mut Context<'_>) {} } fn a(s: &mut S, cx: &mut Context<'_>) { Pin::new(s).poll_r(cx) }",
    calls: ['a -> <S as R>::poll_r'],
  },
  { title: 'a constructor is no call', source: 'struct P(u8); enum E { V(u8) } fn a() { P(1); E::V(2); Some(3); }', calls: [] },
  {
    title: 'globs in a circle',
    source:
      'mod m { pub use super::n::*; pub fn f() {} } mod n { pub use super::m::*; pub fn g() {} } fn a() { m::g(); n::f(); n::nothing(); }',
    calls: ['a -> n::g', 'a -> m::f'],
  },
  { title: 'an import that names itself', source: 'use x::x; use y::z; pub use z::y; fn a() { x(); y(); }', calls: [] },
  {
    title: 'a vector that collect() fills',
    source: `${STACK} fn a() { let v: Vec<_> = (0..3).map(|_| make()).collect(); v.iter().filter(|j| j.done()).count(); v[0].run(); } fn make() -> Job { Job } impl Job { fn done(&self) -> bool { true } }`,
    calls: ['a -> make', 'a -> Job::done', 'a -> Job::run'],
  },
  {
    title: 'an iterator known by its items alone',
    source: `${STACK} fn jobs() -> impl Iterator<Item = Job> { std::iter::empty() } fn a(mut it: Box<dyn Iterator<Item = Job>>) { jobs().filter(|j| j.ok()).next(); it.find(|j| j.ok()); } impl Job { fn ok(&self) -> bool { true } }`,
    calls: ['a -> jobs', 'a -> Job::ok'],
  },
  {
    title: 'a type parameter that stands for something where none is written',
    source:
      'pub struct E; impl E { fn m(&self) {} } type Result<T, X = E> = std::result::Result<T, X>; fn f() -> Result<u8> { Ok(1) } fn a() { f().map_err(|e| e.m()); }',
    calls: ['a -> f', 'a -> E::m'],
  },
  {
    title: 'another number of arguments',
    source: 'struct S; impl S { fn m(&self, n: u8) {} } fn f(n: u8) {} fn a(s: S) { s.m(); f(); s.m(1); }',
    calls: ['a -> S::m'],
  },
  { title: 'a function without self called as a method', source: 'struct S; impl S { fn m(s: S) {} } fn a(s: S) { s.m() }', calls: [] },
  { title: 'code in quotes', source: 'fn f() {} fn a() { quote! { f() }; stringify!(f()); parse_quote!(f()); }', calls: [] },
  {
    title: "a macro that is the crate's own question mark",
    source: `${STACK} macro_rules! tri { ($e:expr) => { $e? } } fn f() -> Result<Job, ()> { Err(()) } fn a() -> Result<(), ()> { tri!(f()).run(); Ok(()) }`,
    calls: ['a -> tri', 'a -> f', 'a -> Job::run'],
  },
  {
    title: 'items in the tokens of a macro call',
    source: 'cfg_net! { pub struct L; impl L { pub fn m(&self) { self.n() } fn n(&self) {} } } fn a(l: &L) { l.m() }',
    calls: ['L::m -> L::n', 'a -> L::m'],
  },
  {
    title: 'a thread-local value',
    source: `${STACK} thread_local! { static J: Job = const { Job }; } fn a() { J.with(|j| j.run()) }`,
    calls: ['a -> Job::run'],
  },
  {
    title: 'a field behind a pattern with a reference',
    source:
      "struct M; impl IntoIterator for M { type Item = u8; type IntoIter = std::vec::IntoIter<u8>; fn into_iter(self) -> Self::IntoIter { todo!() } } impl<'a> IntoIterator for &'a M { type Item = &'a u8; type IntoIter = std::slice::Iter<'a, u8>; fn into_iter(self) -> Self::IntoIter { todo!() } } enum E { V(M) } fn a(e: &E) { match e { E::V(m) => { m.into_iter(); } } } fn b(e: E) { match e { E::V(m) => { m.into_iter(); } } }",
    calls: ["a -> <&'a M as IntoIterator>::into_iter", 'b -> <M as IntoIterator>::into_iter'],
  },
  {
    title: "another crate's trait with one impl here",
    source:
      'pub struct Error; impl de::Error for Error { fn custom<T>(m: T) -> Self { Error } } use serde::de; fn a() -> Result<u8, Error> { Err(de::Error::custom("x")) } fn b<D: de::Deserializer>() -> Result<u8, D::Error> { Err(de::Error::custom("x")) }',
    calls: ['a -> <Error as de::Error>::custom'],
  },
  {
    title: 'a crate whose root is not in src',
    source: {
      'Cargo.toml': '[package]\nname = "tool"\n[[bin]]\nname = "tool"\npath = "core/main.rs"\n',
      'core/main.rs': 'mod flags; fn helper() {} fn main() { flags::parse() }',
      'core/flags/mod.rs': 'mod low; pub fn parse() { crate::helper(); low::read() }',
      'core/flags/low.rs': 'pub fn read() { super::parse() }',
    },
    calls: [
      'core::flags::low::read -> core::flags::parse',
      'core::flags::parse -> core::flags::low::read',
      'core::flags::parse -> helper',
      'main -> core::flags::parse',
    ],
  },
  {
    title: 'a module that two tests share',
    source: {
      'src/lib.rs': 'pub fn f() {}',
      'tests/a.rs': 'mod support; #[test] fn t() { support::help() }',
      'tests/b.rs': 'mod support; #[test] fn u() { support::help() }',
      'tests/support/mod.rs': 'pub fn help() { krate::f() }',
    },
    calls: ['support::help -> f', 't -> support::help', 'u -> support::help'],
  },
  {
    title: 'two files of a crate',
    source: {
      'src/lib.rs': 'mod m; use m::deep::S; fn a(s: S) { s.m(); m::f() }',
      'src/m/mod.rs': 'pub mod deep; pub fn f() {}',
      'src/m/deep.rs': 'pub struct S; impl S { pub fn m(&self) { super::f() } }',
    },
    calls: ['m::deep::S::m -> m::f', 'a -> m::deep::S::m', 'a -> m::f'],
  },
  {
    title: 'a file named by #[path]',
    source: { 'src/lib.rs': '#[path = "other/name.rs"] mod m; fn a() { m::f() }', 'src/other/name.rs': 'pub fn f() { g() } fn g() {}' },
    calls: ['other::name::f -> other::name::g', 'a -> other::name::f'],
  },
  {
    title: 'two crates of a workspace, one by its name',
    source: {
      'Cargo.toml': '[workspace]\nmembers = ["one", "two"]\n',
      'one/src/lib.rs': 'pub fn f() {} pub struct S; impl S { pub fn m(&self) {} }',
      'two/src/lib.rs': 'use one::S; fn a(s: S) { s.m(); one::f(); f(); g() }',
    },
    calls: ['a -> S::m', 'a -> f'],
  },
]

describe('Call edges are exactly those that are sure', () => {
  for (const { title, source, calls } of SHAPES) {
    it(`for ${title}`, async () => {
      const output = await graphOf(source)
      const own = new Set(['Stack', 'Job', '<G as std::ops::Deref>'])
      const found = edgesOf(output, 'calls').filter((edge) => !own.has(edge.slice(0, edge.lastIndexOf('::', edge.indexOf(' ->')))))
      assert.deepEqual([...new Set(found)].sort(), [...calls].sort())
    })
  }
})
