import type { FnDef, Impl, TraitDef } from './model.js'
import type { Bound, Substitution, Type } from './type-model.js'
import { adt, ref, stripRefs, substitute, substituteBound, unify, UNIT, UNKNOWN } from './type-model.js'
import type { Types } from './types.js'
import { openParams } from './types.js'

export interface Callable {
  readonly inputs: readonly Type[]
  readonly output: Type
}

const MAX_DEREFS = 8
const MAX_DEPTH = 6

/** What can be asked of a type without a name of a method: what it dereferences to, its associated types, what calling it gives. */
export class TypeQueries {
  protected readonly deref: TraitDef

  constructor(protected readonly types: Types) {
    this.deref = types.stdTrait('Deref')
  }

  dereferenced(type: Type): Type | null {
    const at = this.normal(type)
    if (at.kind === 'ref') return at.inner
    if (at.kind === 'adt') {
      for (const impl of this.types.implsOf(at).withAssoc('Target')) {
        if (impl.trait?.trait !== this.deref && impl.trait?.trait.name !== 'Deref') continue
        const target = impl.assoc.get('Target')
        const by = target === undefined ? null : this.matched(impl, at)
        if (target !== undefined && by !== null) return this.normal(substitute(this.types.of(target, impl.scope), by))
      }
      return null
    }
    if (at.kind === 'param' || at.kind === 'bounded') {
      const target = this.assocOfBounds(at.kind === 'param' ? at.param.bounds : at.bounds, 'Target', at)
      return target === null ? null : this.normal(target)
    }
    return null
  }

  /** Puts a type in the place of `T::Item` where it is known. */
  normal(type: Type, depth = 0): Type {
    if (type.kind !== 'projection' || depth > MAX_DEPTH) return type
    const base = this.normal(type.base, depth + 1)
    const found = this.assoc(base, type.name, depth)
    return found ?? (base === type.base ? type : { kind: 'projection', base, name: type.name })
  }

  /** The same for the types inside of it. */
  normalDeep(type: Type, depth = 0): Type {
    const at = this.normal(type)
    if (depth > MAX_DEPTH) return at
    if (at.kind === 'adt' && at.args.some((arg) => arg.kind !== 'unknown'))
      return { ...at, args: at.args.map((arg) => this.normalDeep(arg, depth + 1)) }
    if (at.kind === 'ref') return ref(this.normalDeep(at.inner, depth + 1), at.mutable)
    if (at.kind === 'tuple' && at.items.length > 0)
      return { kind: 'tuple', items: at.items.map((item) => this.normalDeep(item, depth + 1)) }
    return at
  }

  /** What calling a value takes and gives: functions, closures, `F: Fn(A) -> B`, and boxes of these. */
  callable(type: Type): Callable | null {
    let at: Type | null = this.normal(type)
    for (let step = 0; at !== null && step < MAX_DEREFS; step++) {
      if (at.kind === 'fn') return at
      if (at.kind === 'item') {
        const { fn } = at
        return { inputs: fn.inputs.map((input) => this.types.of(input, fn.scope)), output: this.outputOf(fn) }
      }
      const bounds: readonly Bound[] = at.kind === 'param' ? at.param.bounds : at.kind === 'bounded' ? at.bounds : []
      for (const bound of bounds) {
        const taken = bound.args[0]
        if (bound.trait.name.startsWith('Fn') && taken?.kind === 'tuple')
          return { inputs: taken.items, output: bound.assoc.get('Output') ?? UNIT }
      }
      at = this.dereferenced(at)
    }
    return null
  }

  outputOf(fn: FnDef): Type {
    return fn.output === null ? UNIT : this.types.of(fn.output, fn.scope)
  }

  /** What an impl's parameters stand for when it is the impl for this type, `null` when it is not. */
  matched(impl: Impl, type: Type): Substitution | null {
    const by: Substitution = new Map()
    return unify(impl.self, type, openParams(impl.params), by) ? by : null
  }

  withSupertraits(bounds: readonly Bound[], self: Type): Bound[] {
    const all: Bound[] = []
    const seen = new Set<TraitDef>()
    const queue = [...bounds]
    for (let bound = queue.shift(); bound !== undefined; bound = queue.shift()) {
      if (seen.has(bound.trait)) continue
      seen.add(bound.trait)
      all.push(bound)
      const { trait } = bound
      if (trait.supertraits.length === 0) continue
      const by: Substitution = new Map([[trait.self, self]])
      trait.params.forEach((param, index) => by.set(param, bound.args[index] ?? UNKNOWN))
      for (const upper of this.types.supertraitsOf(trait)) queue.push(substituteBound(upper, by))
    }
    return all
  }

  private assoc(base: Type, name: string, depth: number): Type | null {
    if (base.kind === 'ref' || base.kind === 'adt' || base.kind === 'tuple') {
      const bare = stripRefs(base)
      const impls = this.types.implsOf(bare).withAssoc(name)
      for (const isRef of base.kind === 'ref' ? [true, false] : [false, true]) {
        for (const impl of impls) {
          const type = (impl.self.kind === 'ref') === isRef ? impl.assoc.get(name) : undefined
          const by = type === undefined ? null : this.matched(impl, isRef ? (base.kind === 'ref' ? base : ref(bare, false)) : bare)
          if (type !== undefined && by !== null) {
            return this.normal(substitute(this.types.of(type, impl.scope), by), depth + 1)
          }
        }
      }
      if (base.kind === 'ref') return this.assoc(base.inner, name, depth + 1)
    }
    if (base.kind === 'param' || base.kind === 'bounded') {
      const found = this.assocOfBounds(base.kind === 'param' ? base.param.bounds : base.bounds, name, base)
      if (found !== null) return this.normal(found, depth + 1)
    }
    if (base.kind === 'projection') {
      const found = this.assocOfBounds(this.projectionBounds(base), name, base)
      if (found !== null) return this.normal(found, depth + 1)
    }
    if (name === 'IntoIter') return adt(this.types.stdType('Iter'), [{ kind: 'projection', base, name: 'Item' }])
    return base.kind === 'unknown' ? UNKNOWN : null
  }

  private assocOfBounds(bounds: readonly Bound[], name: string, self: Type): Type | null {
    for (const bound of this.withSupertraits(bounds, self)) {
      const found = bound.assoc.get(name)
      if (found !== undefined) return found
    }
    return null
  }

  protected projectionBounds(type: Extract<Type, { kind: 'projection' }>): Bound[] {
    const { base, name } = type
    if (base.kind !== 'param' && base.kind !== 'bounded' && base.kind !== 'projection') return []
    const bounds = base.kind === 'param' ? base.param.bounds : base.kind === 'bounded' ? base.bounds : this.projectionBounds(base)
    const own = base.kind === 'param' ? (base.param.assocBounds.get(name) ?? []) : []
    const declared = this.withSupertraits(bounds, base).flatMap((bound) => {
      const syntaxes = bound.trait.assocBounds.get(name)
      if (syntaxes === undefined || syntaxes.length === 0) return []
      const by: Substitution = new Map([[bound.trait.self, base]])
      return this.types.bounds(syntaxes, bound.trait.scope).map((each) => substituteBound(each, by))
    })
    return [...own, ...declared]
  }
}
