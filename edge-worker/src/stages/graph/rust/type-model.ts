import type { FnDef, TraitDef, TypeDef } from './model.js'
import type { TypeSyntax } from './type-text.js'

export type Type =
  | { readonly kind: 'adt'; readonly def: TypeDef; readonly args: readonly Type[] }
  | { readonly kind: 'param'; readonly param: Param }
  /** `dyn` and `impl`: known by its traits. */
  | { readonly kind: 'bounded'; readonly bounds: readonly Bound[] }
  | { readonly kind: 'ref'; readonly inner: Type; readonly mutable: boolean }
  | { readonly kind: 'tuple'; readonly items: readonly Type[] }
  | { readonly kind: 'fn'; readonly inputs: readonly Type[]; readonly output: Type }
  | { readonly kind: 'item'; readonly fn: FnDef }
  /** `T::Item`, whose value depends on what stands for T. */
  | { readonly kind: 'projection'; readonly base: Type; readonly name: string }
  | { readonly kind: 'unknown' }

/** A type parameter, or `Self` of a trait. Its identity is the object. */
export interface Param {
  readonly name: string
  bounds: readonly Bound[]
  /** Bounds on its associated types, from where clauses: `T::Item: Foo`. */
  readonly assocBounds: Map<string, readonly Bound[]>
  /** `E = Error` of a type: what stands where nothing is written. */
  readonly standard: TypeSyntax | null
}

export interface Bound {
  readonly trait: TraitDef
  readonly args: readonly Type[]
  readonly assoc: ReadonlyMap<string, Type>
}

export type Substitution = Map<Param, Type>

export const UNKNOWN: Type = { kind: 'unknown' }
export const UNIT: Type = { kind: 'tuple', items: [] }

export function adt(def: TypeDef, args: readonly Type[] = []): Type {
  return { kind: 'adt', def, args }
}

/** A reference to a reference is told as one: nothing that we look for depends on how many there are. */
export function ref(inner: Type, mutable: boolean): Type {
  return inner.kind === 'unknown' || inner.kind === 'ref' ? inner : { kind: 'ref', inner, mutable }
}

export function stripRefs(type: Type): Type {
  let at = type
  while (at.kind === 'ref') at = at.inner
  return at
}

const MAX_DEPTH = 12

/** Puts types in the place of parameters. What grows deeper than any written type is cut to unknown. */
export function substitute(type: Type, by: Substitution, depth = 0): Type {
  if (by.size === 0) return type
  if (depth > MAX_DEPTH) return UNKNOWN
  const inside = (each: Type): Type => substitute(each, by, depth + 1)
  switch (type.kind) {
    case 'param':
      return by.get(type.param) ?? type
    case 'adt':
      return type.args.length === 0 ? type : { kind: 'adt', def: type.def, args: type.args.map(inside) }
    case 'ref':
      return ref(inside(type.inner), type.mutable)
    case 'tuple':
      return type.items.length === 0 ? type : { kind: 'tuple', items: type.items.map(inside) }
    case 'fn':
      return { kind: 'fn', inputs: type.inputs.map(inside), output: inside(type.output) }
    case 'bounded':
      return { kind: 'bounded', bounds: type.bounds.map((bound) => substituteBound(bound, by, depth + 1)) }
    case 'projection':
      return { kind: 'projection', base: inside(type.base), name: type.name }
    default:
      return type
  }
}

export function substituteBound(bound: Bound, by: Substitution, depth = 0): Bound {
  if (by.size === 0 || (bound.args.length === 0 && bound.assoc.size === 0)) return bound
  return {
    trait: bound.trait,
    args: bound.args.map((arg) => substitute(arg, by, depth)),
    assoc: new Map([...bound.assoc].map(([name, type]) => [name, substitute(type, by, depth)])),
  }
}

/**
 * Whether `actual` may be what `pattern` says, parameters of `open` standing for anything; what they stand for is added to `by`.
 * Unknown types fit everywhere. With `by` half filled after a `false`, callers throw it away.
 */
export function unify(pattern: Type, actual: Type, open: ReadonlySet<Param>, by: Substitution, depth = 0): boolean {
  if (pattern.kind === 'param' && open.has(pattern.param)) {
    const bound = by.get(pattern.param)
    if (bound === undefined || bound.kind === 'unknown') {
      by.set(pattern.param, actual)
      return true
    }
    return depth > MAX_DEPTH || unify(bound, actual, NONE, by, depth + 1)
  }
  if (pattern.kind === 'unknown' || actual.kind === 'unknown' || depth > MAX_DEPTH) return true
  if (pattern.kind === 'projection' || actual.kind === 'projection') return true
  const all = (left: readonly Type[], right: readonly Type[]): boolean =>
    left.every((each, index) => unify(each, right[index] ?? UNKNOWN, open, by, depth + 1))
  switch (pattern.kind) {
    case 'adt':
      return actual.kind === 'adt' && actual.def === pattern.def && all(pattern.args, actual.args)
    case 'ref':
      return actual.kind === 'ref' && unify(pattern.inner, actual.inner, open, by, depth + 1)
    case 'tuple':
      return actual.kind === 'tuple' && actual.items.length === pattern.items.length && all(pattern.items, actual.items)
    case 'fn':
      if (actual.kind === 'fn') return all(pattern.inputs, actual.inputs) && unify(pattern.output, actual.output, open, by, depth + 1)
      return actual.kind === 'item' || actual.kind === 'bounded'
    case 'param':
      return actual.kind === 'param' && actual.param === pattern.param
    case 'bounded':
      return actual.kind !== 'bounded' || actual.bounds.some((bound) => pattern.bounds.some((other) => other.trait === bound.trait))
    case 'item':
      return actual.kind === 'item' || actual.kind === 'fn'
  }
}

const NONE: ReadonlySet<Param> = new Set()
