import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Reference, ValueBase, ValueOrigin, ValueStep } from '@doctown/common/contracts/reference.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { packLists, unpackLists, type Lists } from '../../../src/stages/parse/packed-lists.js'
import { fromTransit, toTransit } from '../../../src/stages/parse/transit.js'
import { extractText } from '../../languages/rust/extract-text.js'

const UNKNOWN: ValueOrigin = { base: { kind: 'unknown' }, steps: [] }
const BASES: readonly ValueBase[] = [
  { kind: 'type', text: '' },
  { kind: 'path', path: ['', 'a'] },
  { kind: 'result', reference: 70_000 },
  { kind: 'closure_parameter', reference: 0, argument: 1, parameter: 2 },
  { kind: 'closure', body: UNKNOWN },
  { kind: 'tuple', items: [UNKNOWN, { base: { kind: 'tuple', items: [] }, steps: [] }] },
  { kind: 'one_of', values: [UNKNOWN] },
]
const STEPS: readonly ValueStep[] = [
  { field: '0' },
  { variant: ['A', 'B'], field: 'c' },
  ...(['try', 'await', 'deref', 'ref', 'ref_mut', 'index', 'slice', 'iter_item', 'call', 'binary'] as const).map((op) => ({ op })),
]

describe('packed lists', () => {
  it('give back every kind of reference with every kind of value, keys in their order', () => {
    const kinds = ['call', 'method_call', 'macro_call', 'type', 'import', 'implements', 'value'] as const
    const references = kinds.flatMap((kind) => BASES.map((base, n) => reference(kind, { base, steps: STEPS.slice(0, n + 6) })))
    same({ references, type_facts: [], ranges: [] })
  })

  it('give back every kind of fact', () => {
    const kinds = ['field', 'variant', 'impl', 'assoc', 'generic', 'bound', 'alias', 'supertrait', 'value'] as const
    same({
      references: [],
      type_facts: kinds.map((kind, n) => ({ symbol_id: ID, kind, name: `n${n}`, type: '', trait: n % 2 === 0 ? null : '' })),
      ranges: [{ symbol_id: null, start: 0, head: 1, body: 2, end: 2 ** 20, cuts: [3, 4] }],
    })
  })

  it('give back nothing where there was nothing', () => same({ references: [], type_facts: [], ranges: [] }))

  it('bring a whole file of walkdir over unchanged', () => {
    const text = readFileSync(join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir/src/lib.rs'), 'utf8')
    const parsed = extractText(text)
    assert.equal(JSON.stringify(fromTransit(toTransit(parsed), text)), JSON.stringify(parsed))
  })
})

const ID = 'a.rs#b' as SymbolId

function reference(kind: Reference['kind'], receiver: ValueOrigin): Reference {
  const path = ['a', 'b', 'a']
  const isCall = kind === 'call'
  const args = isCall ? [receiver, UNKNOWN] : []
  const [alias, arity] = isCall ? [null, 2] : ['_', null]
  const rest = { args, type_args: isCall ? ['T'] : [], alias, is_public: !isCall, arity, in_macro: isCall }
  return { kind, from: isCall ? ID : null, line: 9, path, receiver: isCall ? null : receiver, ...rest }
}

function same(lists: Lists): void {
  const { references, type_facts, ranges } = unpackLists(packLists(lists))
  assert.equal(JSON.stringify({ references, type_facts, ranges }), JSON.stringify(lists))
}
