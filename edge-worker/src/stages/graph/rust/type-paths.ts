import { lookupParam } from './build-model.js'
import type { Probe } from './methods.js'
import type { Scope, TraitDef } from './model.js'
import type { Type } from './type-model.js'
import { stripRefs, UNKNOWN } from './type-model.js'
import type { World } from './world.js'

/** Paths whose last segment belongs to a type or trait: `Type::name`, `Self::name`, `<T as Trait>::name`, `Trait::name`. */
export class TypePaths {
  constructor(private readonly world: World) {}

  /** Paths that begin at a type and are not looked up as names: `Self::x`, `<T as A>::x`, `T::x`. */
  isTypePath(path: readonly string[], scope: Scope): boolean {
    const first = path[0] ?? ''
    return first === 'Self' || first.startsWith('<') || (path.length > 1 && lookupParam(scope, first) !== undefined)
  }

  /** The type before the last segment of a path. */
  typePath(path: readonly string[], scope: Scope): Type {
    const { types, methods } = this.world
    const first = path[0] ?? ''
    if (path.length === 2 && first.startsWith('<')) {
      const qualified = qualifiedParts(first)
      return methods.normal(types.ofText(qualified.type, scope))
    }
    return methods.normal(types.ofText(path.slice(0, -1).join('::'), scope))
  }

  /** `Type::name`, with the trait where it is written. */
  associated(path: readonly string[], scope: Scope, definitions: readonly unknown[]): Probe {
    const { methods, types } = this.world
    const name = path[path.length - 1] ?? ''
    const first = path[0] ?? ''
    if (path.length === 2 && first.startsWith('<')) {
      const { trait } = qualifiedParts(first)
      const bound = trait === null ? undefined : types.ofText(`dyn ${trait}`, scope)
      const named = bound?.kind === 'bounded' ? bound.bounds[0]?.trait : undefined
      if (trait !== null) return named === undefined ? 'stop' : this.ofTrait(named, name, this.typePath(path, scope), scope)
    }
    const type = this.typePath(path, scope)
    if (type.kind === 'unknown') return definitions.length > 0 ? 'stop' : null
    return methods.probe(type, name, scope)
  }

  /** `Trait::name(x)`: on the type of the first argument, where that is the receiver. */
  ofTraitPath(trait: TraitDef, name: string, receiver: Type, scope: Scope): Probe {
    const found = this.ofTrait(trait, name, receiver, scope)
    const isMethod = found !== null && typeof found !== 'string' && found.fns[0]?.hasSelf === true
    return isMethod ? found : this.ofTrait(trait, name, UNKNOWN, scope)
  }

  /** `Trait::name` on a type: its own impl's where there is one. */
  private ofTrait(trait: TraitDef, name: string, self: Type, scope: Scope): Probe {
    const { methods, types } = this.world
    const declared = trait.methods.get(name)
    const bare = stripRefs(methods.normal(self))
    if (bare.kind === 'adt') {
      const own = types
        .implsOf(bare)
        .ofTrait(trait)
        .filter((impl) => methods.matched(impl, bare) !== null)
      const fns = own.flatMap((impl) => impl.methods.get(name) ?? [])
      if (fns.length > 0) return { fns, by: new Map([[trait.self, bare]]), self: bare, via: 'trait_impl' }
    }
    if (declared === undefined) return trait.isOpaque && bare.kind !== 'adt' ? this.ofSoleImpl(trait, name, scope) : 'stop'
    return { fns: declared, by: new Map([[trait.self, self]]), self, via: 'bound' }
  }

  /**
   * `de::Error::custom(..)` names another crate's trait and leaves the type to be inferred. Where one type of this crate alone has
   * the trait, and the function around gives that type back, it is meant.
   */
  private ofSoleImpl(trait: TraitDef, name: string, scope: Scope): Probe {
    const impls = this.world.types.implsOfTrait(trait).filter((impl) => impl.scope.module.crate === scope.module.crate)
    const sole = impls.length === 1 ? impls[0] : undefined
    const fns = sole?.methods.get(name)
    if (sole === undefined || fns === undefined || fns.some((fn) => fn.hasSelf) || !this.isGivenBack(sole.self, scope)) return 'stop'
    return { fns, by: new Map(), self: sole.self, via: 'sole_impl' }
  }

  /** Whether the function around gives back this type, as an error for example. */
  private isGivenBack(type: Type, scope: Scope): boolean {
    const output = scope.fn === null ? UNKNOWN : this.world.methods.normalDeep(this.world.methods.outputOf(scope.fn))
    const parts = output.kind === 'adt' ? [output, ...output.args] : [output]
    return type.kind === 'adt' && parts.some((part) => part.kind === 'adt' && part.def === type.def)
  }
}

/** `<T as Trait>` taken apart. */
function qualifiedParts(segment: string): { type: string; trait: string | null } {
  const inside = segment.slice(1, -1)
  let level = 0
  for (let at = 0; at < inside.length; at++) {
    const char = inside[at]
    if (char === '<' || char === '(' || char === '[') level++
    else if (char === ')' || char === ']' || (char === '>' && inside[at - 1] !== '-')) level--
    else if (level === 0 && inside.startsWith(' as ', at)) return { type: inside.slice(0, at), trait: inside.slice(at + 4) }
  }
  return { type: inside, trait: null }
}
