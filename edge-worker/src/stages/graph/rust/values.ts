import type { ValueOrigin, ValueStep } from '@doctown/common/contracts/reference.js'
import type { Calls } from './calls.js'
import type { Scope, TypeDef } from './model.js'
import type { Type } from './type-model.js'
import { adt, ref, stripRefs, substitute, UNKNOWN } from './type-model.js'
import type { World } from './world.js'

const MAX_DEREFS = 8
const NUMBERS = new Set('u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool'.split(' '))

/** Types of values: from where they come, step by step through fields, patterns and operators. */
export class Values {
  constructor(
    private readonly world: World,
    private readonly calls: Calls,
  ) {}

  typeOf(origin: ValueOrigin, scope: Scope): Type {
    let type = this.baseType(origin, scope)
    for (const step of origin.steps) {
      if (type.kind === 'unknown') return type
      type = this.step(type, step, scope)
    }
    return type
  }

  step(type: Type, step: ValueStep, scope: Scope): Type {
    const { methods } = this.world
    if ('variant' in step) return this.variantField(type, step.variant, step.field, scope)
    if ('field' in step) return this.field(type, step.field)
    switch (step.op) {
      case 'try':
        return this.unwrapped(type)
      case 'await':
        return this.awaited(type)
      case 'deref':
        return this.pointee(methods.normal(type))
      case 'ref':
      case 'ref_mut':
        return ref(type, step.op === 'ref_mut')
      case 'index':
      case 'slice':
        return this.indexed(type, step.op === 'slice')
      case 'iter_item':
        return methods.normalDeep({ kind: 'projection', base: methods.normal(type), name: 'Item' })
      case 'call':
        return methods.normalDeep(methods.callable(type)?.output ?? UNKNOWN)
      case 'binary': {
        const bare = stripRefs(type)
        return bare.kind === 'adt' && NUMBERS.has(bare.def.name) && bare.def.id === null ? bare : UNKNOWN
      }
    }
  }

  private baseType({ base }: ValueOrigin, scope: Scope): Type {
    switch (base.kind) {
      case 'type':
        return this.world.methods.normalDeep(this.world.types.ofText(base.text, scope))
      case 'path':
        return this.calls.pathValue(base.path, scope).type
      case 'result':
        return this.calls.result(base.reference).type
      case 'closure_parameter':
        return this.calls.closureParameter(base.reference, base.argument, base.parameter)
      case 'closure':
        return { kind: 'fn', inputs: [], output: this.typeOf(base.body, scope) }
      case 'tuple':
        return { kind: 'tuple', items: base.items.map((item) => this.typeOf(item, scope)) }
      case 'one_of':
        return this.best(base.values.map((value) => this.typeOf(value, scope)))
      default:
        return UNKNOWN
    }
  }

  /** The value that tells most: `None` names its enum and nothing else. */
  private best(types: readonly Type[]): Type {
    const known = types.filter((type) => type.kind !== 'unknown')
    return known.find((type) => isWhole(type)) ?? known[0] ?? UNKNOWN
  }

  private field(type: Type, name: string): Type {
    const { types, methods } = this.world
    let at: Type | null = methods.normal(type)
    for (let step = 0; at !== null && step < MAX_DEREFS; step++) {
      if (at.kind === 'tuple') return methods.normalDeep(at.items[Number(name)] ?? UNKNOWN)
      const syntax = at.kind === 'adt' ? at.def.fields.get(name) : undefined
      if (at.kind === 'adt' && syntax !== undefined)
        return methods.normalDeep(substitute(types.of(syntax, at.def.scope), argumentsOf(at.def, at.args)))
      at = methods.dereferenced(at)
    }
    return UNKNOWN
  }

  private variantField(type: Type, path: readonly string[], field: string, scope: Scope): Type {
    const { names, types, methods } = this.world
    const last = path[path.length - 1] ?? ''
    const prefix = (def: TypeDef): string => (def.variants.has(last) ? `${last}.${field}` : field)
    const named = path[0] === 'Self' ? undefined : names.resolve(path, scope, 'type').definitions[0]
    const self = path[0] === 'Self' ? stripRefs(types.selfOf(scope)) : null
    const target = named?.tag === 'alias' ? stripRefs(types.aliasTarget(named, [])) : self
    const wanted = named?.tag === 'variant' ? named.type : named?.tag === 'type' ? named : target?.kind === 'adt' ? target.def : null
    let at: Type | null = methods.normal(type)
    // What is taken out of a reference by a pattern is a reference.
    const behind = at.kind === 'ref' ? at : null
    for (let step = 0; at !== null && step < MAX_DEREFS; step++) {
      if (at.kind === 'adt' && (wanted === null || at.def === wanted)) {
        const syntax = at.def.fields.get(prefix(at.def))
        if (syntax !== undefined) {
          const part = methods.normalDeep(substitute(types.of(syntax, at.def.scope), argumentsOf(at.def, at.args)))
          return behind === null ? part : ref(part, behind.mutable)
        }
      }
      at = methods.dereferenced(at)
    }
    const syntax = wanted?.fields.get(prefix(wanted))
    return wanted === null || syntax === undefined ? UNKNOWN : substitute(types.of(syntax, wanted.scope), argumentsOf(wanted, []))
  }

  private unwrapped(type: Type): Type {
    const at = stripRefs(this.world.methods.normal(type))
    if (at.kind !== 'adt') return UNKNOWN
    if (at.def.id !== null || !['Option', 'Result', 'Poll'].includes(at.def.name)) return UNKNOWN
    const inner = at.args[0] ?? UNKNOWN
    // `?` on a `Poll<Result<T, E>>` gives a `Poll<T>`; `ready!` gives what is in the poll. Either way a result inside is looked through by what follows.
    return this.world.methods.normalDeep(inner)
  }

  private awaited(type: Type): Type {
    const { methods } = this.world
    let at: Type | null = methods.normal(type)
    const output = (base: Type): Type => methods.normalDeep({ kind: 'projection', base, name: 'Output' })
    for (let step = 0; at !== null && step < MAX_DEREFS; step++) {
      if (at.kind === 'bounded' || at.kind === 'param' || at.kind === 'adt') {
        const future = methods.satisfies(at, this.world.types.stdTrait('Future'))
        if (future === 'yes') {
          const found = output(at)
          if (found.kind !== 'projection') return found
        }
      }
      at = methods.dereferenced(at)
    }
    // What an async function gives is told as its awaited type.
    return type
  }

  private pointee(type: Type): Type {
    if (type.kind === 'adt' && type.def === this.world.types.pointer) return type.args[0] ?? UNKNOWN
    // References to references are told as one, so a star too many takes nothing away.
    return this.world.methods.dereferenced(type) ?? (type.kind === 'adt' && type.def.isOpaque ? UNKNOWN : type)
  }

  private indexed(type: Type, isSlice: boolean): Type {
    const { methods, types } = this.world
    let at: Type | null = methods.normal(type)
    for (let step = 0; at !== null && step < MAX_DEREFS; step++) {
      if (at.kind === 'adt') {
        const { def, args } = at
        if (def.id === null && SEQUENCES.has(def.name)) return isSlice ? adt(types.slice, args) : (args[0] ?? UNKNOWN)
        if (def.id === null && MAPS.has(def.name)) return args[1] ?? UNKNOWN
        if (def.id === null && (def.name === 'str' || def.name === 'String')) return adt(types.stdType('str'))
        if (def.id !== null) {
          const output = methods.normal({ kind: 'projection', base: at, name: 'Output' })
          if (output.kind !== 'projection') return methods.normalDeep(output)
        }
      }
      at = methods.dereferenced(at)
    }
    return UNKNOWN
  }
}

const SEQUENCES = new Set(['Vec', 'Slice', 'VecDeque'])
const MAPS = new Set(['HashMap', 'BTreeMap', 'IndexMap'])

function argumentsOf(def: TypeDef, args: readonly Type[]): Map<TypeDef['params'][number], Type> {
  return new Map(def.params.map((param, index) => [param, args[index] ?? UNKNOWN]))
}

function isWhole(type: Type, depth = 0): boolean {
  if (type.kind === 'unknown') return false
  if (depth > 3) return true
  if (type.kind === 'adt') return type.args.length >= type.def.params.length && type.args.every((arg) => isWhole(arg, depth + 1))
  if (type.kind === 'tuple') return type.items.every((item) => isWhole(item, depth + 1))
  if (type.kind === 'ref') return isWhole(type.inner, depth + 1)
  return true
}
