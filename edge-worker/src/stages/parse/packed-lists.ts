import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { SyntaxRange } from '@doctown/common/contracts/parsed-file.js'
import type { Reference, TypeFact, ValueBase, ValueOrigin, ValueStep } from '@doctown/common/contracts/reference.js'

/**
 * References, type facts and ranges as one list of strings, each once, and one of numbers. A file has hundreds of them that
 * name the same few symbols and words: objects would be copied key by key, and their strings time and again.
 */
export interface PackedLists {
  readonly strings: readonly string[]
  readonly numbers: Int32Array
}

export interface Lists {
  readonly references: Reference[]
  readonly type_facts: TypeFact[]
  readonly ranges: SyntaxRange[]
}

/** Numbers of the words of a union; one that is forgotten here does not compile. */
const KINDS: Readonly<Record<Reference['kind'], number>> = {
  call: 0,
  method_call: 1,
  macro_call: 2,
  type: 3,
  import: 4,
  implements: 5,
  value: 6,
}
const FACTS: Readonly<Record<TypeFact['kind'], number>> = {
  field: 0,
  variant: 1,
  impl: 2,
  assoc: 3,
  generic: 4,
  bound: 5,
  alias: 6,
  supertrait: 7,
  value: 8,
}
const BASES: Readonly<Record<ValueBase['kind'], number>> = {
  type: 0,
  path: 1,
  result: 2,
  closure_parameter: 3,
  closure: 4,
  tuple: 5,
  one_of: 6,
  unknown: 7,
}
type Operation = Extract<ValueStep, { readonly op: unknown }>['op']
const OPERATIONS: Readonly<Record<Operation, number>> = {
  try: 0,
  await: 1,
  deref: 2,
  ref: 3,
  ref_mut: 4,
  index: 5,
  slice: 6,
  iter_item: 7,
  call: 8,
  binary: 9,
}
const KIND_NAMES = names(KINDS)
const FACT_NAMES = names(FACTS)
const OPERATION_NAMES = names(OPERATIONS)

function names<Name extends string>(numbers: Readonly<Record<Name, number>>): readonly Name[] {
  // `as`: the keys of a record are its names.
  return (Object.keys(numbers) as Name[]).sort((a, b) => numbers[a] - numbers[b])
}

/** Steps are fields, fields of a variant, or an operation: 2 and its number. */
const FIELD = 0
const VARIANT = 1
const FIRST_OPERATION = 2
const STEPS_SHIFT = 3

export function packLists({ references, type_facts, ranges }: Lists): PackedLists {
  const writer = new Writer()
  writer.number(references.length)
  for (const each of references) {
    writer.number(KINDS[each.kind] | (each.is_public ? 8 : 0) | (each.in_macro ? 16 : 0))
    writer.nullable(each.from)
    writer.number(each.line)
    writer.texts(each.path)
    if (each.receiver === null) writer.number(-1)
    else writer.origin(each.receiver)
    writer.origins(each.args)
    writer.texts(each.type_args)
    writer.nullable(each.alias)
    writer.number(each.arity ?? -1)
  }
  writer.number(type_facts.length)
  for (const each of type_facts) {
    writer.number(FACTS[each.kind])
    writer.text(each.symbol_id)
    writer.text(each.name)
    writer.text(each.type)
    writer.nullable(each.trait)
  }
  writer.number(ranges.length)
  for (const each of ranges) {
    writer.nullable(each.symbol_id)
    writer.number(each.start)
    writer.number(each.head)
    writer.number(each.body)
    writer.number(each.end)
    writer.number(each.cuts.length)
    for (const cut of each.cuts) writer.number(cut)
  }
  return { strings: writer.strings, numbers: writer.taken() }
}

export function unpackLists(packed: PackedLists): Lists {
  const reader = new Reader(packed)
  const references: Reference[] = []
  for (let left = reader.number(); left > 0; left--) {
    const bits = reader.number()
    // `as`, here and below: what was written was of this type; both ends are of one version.
    const from = reader.nullable() as SymbolId | null
    const line = reader.number()
    const path = reader.texts()
    const receiver = reader.originOrNull()
    const args = reader.origins()
    const type_args = reader.texts()
    const alias = reader.nullable()
    const arity = reader.number()
    references.push({
      kind: KIND_NAMES[bits & 7] as Reference['kind'],
      from,
      line,
      path,
      receiver,
      args,
      type_args,
      alias,
      is_public: (bits & 8) !== 0,
      arity: arity === -1 ? null : arity,
      in_macro: (bits & 16) !== 0,
    })
  }
  const type_facts: TypeFact[] = []
  for (let left = reader.number(); left > 0; left--) {
    const kind = FACT_NAMES[reader.number()] as TypeFact['kind']
    const symbol_id = reader.text() as SymbolId
    type_facts.push({ symbol_id, kind, name: reader.text(), type: reader.text(), trait: reader.nullable() })
  }
  const ranges: SyntaxRange[] = []
  for (let left = reader.number(); left > 0; left--) {
    const symbol_id = reader.nullable() as SymbolId | null
    const start = reader.number()
    const head = reader.number()
    const body = reader.number()
    const end = reader.number()
    const cuts: number[] = []
    for (let more = reader.number(); more > 0; more--) cuts.push(reader.number())
    ranges.push({ symbol_id, start, head, body, end, cuts })
  }
  return { references, type_facts, ranges }
}

class Writer {
  readonly strings: string[] = []
  private readonly places = new Map<string, number>()
  private numbers = new Int32Array(1024)
  private count = 0

  taken(): Int32Array {
    return this.numbers.slice(0, this.count)
  }

  number(value: number): void {
    if (this.count === this.numbers.length) {
      const wider = new Int32Array(this.count * 2)
      wider.set(this.numbers)
      this.numbers = wider
    }
    this.numbers[this.count++] = value
  }

  text(text: string): void {
    let place = this.places.get(text)
    if (place === undefined) {
      place = this.strings.push(text) - 1
      this.places.set(text, place)
    }
    this.number(place)
  }

  nullable(text: string | null): void {
    if (text === null) this.number(-1)
    else this.text(text)
  }

  texts(texts: readonly string[]): void {
    this.number(texts.length)
    for (const text of texts) this.text(text)
  }

  origins(origins: readonly ValueOrigin[]): void {
    this.number(origins.length)
    for (const origin of origins) this.origin(origin)
  }

  origin({ base, steps }: ValueOrigin): void {
    this.number(BASES[base.kind] | (steps.length << STEPS_SHIFT))
    switch (base.kind) {
      case 'type':
        this.text(base.text)
        break
      case 'path':
        this.texts(base.path)
        break
      case 'result':
        this.number(base.reference)
        break
      case 'closure_parameter':
        this.number(base.reference)
        this.number(base.argument)
        this.number(base.parameter)
        break
      case 'closure':
        this.origin(base.body)
        break
      case 'tuple':
        this.origins(base.items)
        break
      case 'one_of':
        this.origins(base.values)
        break
      case 'unknown':
    }
    for (const step of steps) {
      if ('op' in step) this.number(FIRST_OPERATION + OPERATIONS[step.op])
      else if ('variant' in step) {
        this.number(VARIANT)
        this.texts(step.variant)
        this.text(step.field)
      } else {
        this.number(FIELD)
        this.text(step.field)
      }
    }
  }
}

class Reader {
  private readonly strings: readonly string[]
  private readonly numbers: Int32Array
  private at = 0

  constructor({ strings, numbers }: PackedLists) {
    this.strings = strings
    this.numbers = numbers
  }

  number(): number {
    return this.numbers[this.at++] as number
  }

  text(): string {
    return this.strings[this.number()] as string
  }

  nullable(): string | null {
    const place = this.number()
    return place === -1 ? null : (this.strings[place] as string)
  }

  texts(): string[] {
    const count = this.number()
    if (count === 1) return [this.text()]
    const texts: string[] = []
    for (let left = count; left > 0; left--) texts.push(this.text())
    return texts
  }

  origins(): ValueOrigin[] {
    const origins: ValueOrigin[] = []
    for (let left = this.number(); left > 0; left--) origins.push(this.originOf(this.number()))
    return origins
  }

  originOrNull(): ValueOrigin | null {
    const head = this.number()
    return head === -1 ? null : this.originOf(head)
  }

  private originOf(head: number): ValueOrigin {
    const base = this.base(head & 7)
    const steps: ValueStep[] = []
    for (let left = head >> STEPS_SHIFT; left > 0; left--) {
      const kind = this.number()
      if (kind === FIELD) steps.push({ field: this.text() })
      else if (kind === VARIANT) steps.push({ variant: this.texts(), field: this.text() })
      else steps.push({ op: OPERATION_NAMES[kind - FIRST_OPERATION] as Operation })
    }
    return { base, steps }
  }

  private base(kind: number): ValueBase {
    switch (kind) {
      case BASES.type:
        return { kind: 'type', text: this.text() }
      case BASES.path:
        return { kind: 'path', path: this.texts() }
      case BASES.result:
        return { kind: 'result', reference: this.number() }
      case BASES.closure_parameter:
        return { kind: 'closure_parameter', reference: this.number(), argument: this.number(), parameter: this.number() }
      case BASES.closure:
        return { kind: 'closure', body: this.originOf(this.number()) }
      case BASES.tuple:
        return { kind: 'tuple', items: this.origins() }
      case BASES.one_of:
        return { kind: 'one_of', values: this.origins() }
      default:
        return { kind: 'unknown' }
    }
  }
}
