import assert from 'node:assert/strict'
import type { Reference, ValueOrigin } from '@doctown/common/contracts/reference.js'
import { ReferenceSchema, TypeFactSchema } from '@doctown/common/contracts/reference.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { extractText } from './extract-text.js'

describe('Rust references', () => {
  it('tell every name that a use tree brings in, with its path, its new name and whether it is passed on', () => {
    const imports = referencesOf(
      'use a::{self, b as c, d::*, e::{f, self as g}};\npub(crate) use x::Y as _;\nuse ::z::w;\nextern crate m as n;',
      'import',
    )
    assert.deepEqual(
      imports.map(({ path, alias, is_public }) => `${path.join('::')} ${alias ?? ''}${is_public ? ' pub' : ''}`),
      ['a a', 'a::b c', 'a::d *', 'a::e::f f', 'a::e g', 'x::Y _ pub', '::z::w w', '::m n'],
    )
  })

  it('name a call by its index where its value is called upon', () => {
    const { references } = extractText('fn a(t: T) { let x = make(1); let y = x.go(); y?.field.end(t) }')
    const at = (name: string): number => references.findIndex(({ path }) => path[path.length - 1] === name)
    assert.deepEqual(references[at('go')]?.receiver, { base: { kind: 'result', reference: at('make') }, steps: [] })
    assert.deepEqual(references[at('end')]?.receiver, {
      base: { kind: 'result', reference: at('go') },
      steps: [{ op: 'try' }, { field: 'field' }],
    })
    assert.deepEqual(references[at('end')]?.args, [{ base: { kind: 'type', text: 'T' }, steps: [] }])
    assert.equal(references[at('make')]?.arity, 1)
  })

  it('follow patterns, loops and closures to where a value comes from', () => {
    const origin = (body: string): ValueOrigin | null | undefined =>
      referencesOf(`fn a(v: V) { ${body} }`, 'method_call').find(({ path }) => path[0] === 'm')?.receiver
    const typed = (steps: ValueOrigin['steps']): ValueOrigin => ({ base: { kind: 'type', text: 'V' }, steps: [...steps] })
    assert.deepEqual(origin('let (x, y) = v; y.m()'), typed([{ field: '1' }]))
    assert.deepEqual(origin('if let Some(x) = v { x.m() }'), typed([{ variant: ['Some'], field: '0' }]))
    assert.deepEqual(origin('match v { E::B { c: ref d, .. } => d.m(), _ => {} }'), typed([{ variant: ['E', 'B'], field: 'c' }]))
    assert.deepEqual(origin('for x in &v { x.m() }'), typed([{ op: 'ref' }, { op: 'iter_item' }]))
    assert.deepEqual(origin('(*v)[0].m()'), typed([{ op: 'deref' }, { op: 'index' }]))
    assert.deepEqual(origin('f(1, |_, x| x.m())')?.base, { kind: 'closure_parameter', reference: indexOfCall(), argument: 1, parameter: 1 })
    assert.deepEqual(origin('{ let v = 1; } v.m()'), typed([]))
    assert.equal(origin('let w = if c() { return } else { v }; w.m()')?.base.kind, 'type')

    function indexOfCall(): number {
      return extractText('fn a(v: V) { f(1, |_, x| x.m()) }').references.findIndex(({ kind }) => kind === 'call')
    }
  })

  it('keep the types of a path and of a call that are written there', () => {
    const calls = referencesOf(
      'fn a() { Vec::<Foo>::new(); <T as U>::f(); x.collect::<Vec<_>>(); ::std::mem::drop(1); Self::g::<A, B>() }',
      'call',
      'method_call',
    )
    assert.deepEqual(
      calls.map(({ path, type_args }) => [path.join(' '), ...type_args]),
      [['<Vec::<Foo>> new'], ['<T as U> f'], ['collect', 'Vec<_>'], [' std mem drop'], ['Self g', 'A', 'B']],
    )
  })

  it('see into the tokens of macro calls, and say so', () => {
    const calls = referencesOf(
      'fn a(x: X) { assert_eq!(x.len(), f(vec![g(1)]), "{}", h()); m! { let y = x; y.k(); } }',
      'call',
      'method_call',
    )
    assert.deepEqual(
      calls.map(({ path }) => path[0]),
      ['len', 'f', 'g', 'h', 'k'],
    )
    assert(calls.every(({ in_macro, line }) => in_macro && line === 1))
    assert.deepEqual(referencesOf('macro_rules! m { ($e:expr) => { f($e) } }', 'call'), [])
  })

  it('belong to the innermost symbol, items inside functions included', () => {
    const calls = referencesOf('fn a() { f(); fn b() { g() } struct S; impl S { fn c() { h() } } }\nconst C: u8 = i();', 'call')
    assert.deepEqual(
      calls.map(({ path, from }) => `${from?.split('#')[1]} ${path[0]}`),
      ['a f', 'a::b g', 'a::S::c h', 'C i'],
    )
  })

  it('tell facts of types: fields, variants, impls, associated types, generics and where clauses', () => {
    const { type_facts } = extractText(
      'struct S<T: A + B, const N: usize> where T::X: C { a: Vec<T>, b: u8 }\nstruct P(pub u8, S);\nenum E { V(u8), W { x: S }, U }\nimpl<T> I for S<T> where T: D { type O = P; }\ntrait J: K + L { type M: N; }\ntype Z<T> = Vec<T>;\nstatic Q: S = s();\nimpl !Send for P {}',
    )
    assert.deepEqual(
      type_facts.map(({ symbol_id, kind, name, type, trait }) => [symbol_id.split('#')[1], kind, name, type, trait].join('|')),
      [
        'S|generic|T||A + B',
        'S|generic|N|const|',
        'S|bound||T::X|C',
        'S|field|a|Vec<T>|',
        'S|field|b|u8|',
        'P|field|0|u8|',
        'P|field|1|S|',
        'E|variant|V||',
        'E|field|V.0|u8|',
        'E|variant|W||',
        'E|field|W.x|S|',
        'E|variant|U||',
        'impl I for S<T>|generic|T||',
        'impl I for S<T>|bound||T|D',
        'impl I for S<T>|impl||S<T>|I',
        'impl I for S<T>|assoc|O|P|',
        '<S<T> as I>::O|alias||P|',
        'J|supertrait|||K + L',
        'J|assoc|M||N',
        'Z|generic|T||',
        'Z|alias||Vec<T>|',
        'Q|value||S|',
      ],
    )
  })

  it('are read from broken code without failing, the same twice, and fit their contract', () => {
    const source =
      'mod m { use a::{b, c as d}; pub struct S<T> where T: X { f: Vec<T> } impl<T> S<T> { fn g(&self, n: u8) -> Option<T> { if let Some(x) = self.f.get(n) { foo!(x.h(), |y| y?); } match n { 0 => None, _ => { let z: T = k(); Some(z) } } } } }'
    const random = createRandom(3)
    const pick = (length: number): number => Math.floor(random() * length)
    for (let round = 0; round < 150; round++) {
      const from = pick(source.length)
      const to = Math.min(source.length, from + pick(12))
      const text = source.slice(0, from) + (round % 3 === 0 ? '' : source.slice(pick(source.length)).slice(0, pick(20))) + source.slice(to)
      const first = extractText(text)
      for (const reference of first.references) ReferenceSchema.parse(reference)
      for (const fact of first.type_facts) TypeFactSchema.parse(fact)
      for (const { receiver } of first.references)
        if (receiver?.base.kind === 'result') assert(receiver.base.reference < first.references.length)
      assert.deepEqual(extractText(text).references, first.references)
    }
  })

  it('stay as long as the text: for chains of lets, values in values, macros in macros and deep nesting', () => {
    const size = (body: string): number => JSON.stringify(extractText(`fn a(x: X) { ${body} }`).references).length
    assert(size('let x = x.f.g;'.repeat(2_000)) < 400_000)
    assert(size('let x = (x, x);'.repeat(2_000)) < 400_000)
    assert(size('let x = g(x, x, |y| (x, y));'.repeat(1_000)) < 3_000_000)
    assert(size(`${'m!('.repeat(300)}f()${')'.repeat(300)}`) < 200_000)
    assert(size(`${'('.repeat(5_000)}x.f()${')'.repeat(5_000)}`) < 1_000)
    assert(size(`${'|y| {'.repeat(2_000)}${'}'.repeat(2_000)}`) < 10_000)
  })
})

function referencesOf(text: string, ...kinds: readonly Reference['kind'][]): Reference[] {
  return extractText(text).references.filter(({ kind }) => kinds.includes(kind))
}
