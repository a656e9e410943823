import type { RepositoryModel } from './build-model.js'
import type { FnDef, Impl, Scope, TraitDef } from './model.js'
import type { Names } from './names.js'
import type { StdModel } from './std-model.js'
import type { Bound, Param, Substitution, Type } from './type-model.js'
import { ref, stripRefs, substitute, UNKNOWN } from './type-model.js'
import { TypeQueries } from './type-queries.js'
import type { Types } from './types.js'

/** The functions that a name on a type may be, and what the type's parameters stand for there. */
export interface FoundMethod {
  readonly fns: readonly FnDef[]
  readonly by: Substitution
  /** The type that has them, after the steps of dereferencing. */
  readonly self: Type
  readonly via: 'inherent' | 'trait_impl' | 'trait_default' | 'bound' | 'blanket' | 'derive' | 'sole_impl'
}

/** `stop`: the type may have such a method that we cannot see, so nothing behind it may be taken for it. */
export type Probe = FoundMethod | 'ambiguous' | 'stop' | null

type Answer = 'yes' | 'no' | 'maybe'

const MAX_DEREFS = 8
/** Functions of one name on one type (`From` for a hundred others) that arguments may still tell apart. */
const MAX_CANDIDATES = 100
const MARKERS = new Set(['Send', 'Sync', 'Sized', 'Unpin', 'Copy', 'Any'])
/** Methods that the standard library gives to everything. */
const UNIVERSAL: Readonly<Record<string, string | null | undefined>> = {
  to_string: 'String',
  into: null,
  try_into: null,
  type_id: 'TypeId',
  borrow: null,
  borrow_mut: null,
}

/** Finds methods and associated types the way the compiler does: own ones first, then traits, then what the type dereferences to. */
export class Methods extends TypeQueries {
  private readonly blankets = new Map<string, { trait: TraitDef; impl: Impl }[]>()
  private readonly externalFn: FnDef
  /** Where the name is used: only traits in scope there lend their methods. `null`: any trait does, to types of the repository. */
  private scope: Scope | null = null
  /** Of a method call: a function without self is none. */
  private needsSelf = false
  /** The receiver is pinned, so that a method that takes a pin goes before one that takes a reference. */
  private behindPin = false

  constructor(
    types: Types,
    private readonly names: Names,
    model: RepositoryModel,
    std: StdModel,
  ) {
    super(types)
    for (const definition of [...model.definitions.values(), ...std.names.values()]) {
      if (definition.tag !== 'trait') continue
      for (const impl of definition.blanket) {
        for (const name of new Set([...definition.methods.keys(), ...impl.methods.keys()])) {
          const list = this.blankets.get(name)
          if (list === undefined) this.blankets.set(name, [{ trait: definition, impl }])
          else list.push({ trait: definition, impl })
        }
      }
    }
    const scope = { parent: null, module: std.module, generics: new Map(), self: null, fn: null, local: null, isTest: false }
    this.externalFn = {
      tag: 'fn',
      id: null,
      name: '',
      scope,
      isTest: false,
      params: [],
      inputs: [],
      hasSelf: true,
      isPinned: false,
      output: { kind: 'unknown' },
      owner: null,
      isConditional: false,
    }
  }

  /** A method call: the receiver is dereferenced step by step until a type has the method. */
  method(receiver: Type, name: string, scope: Scope): Probe {
    const found = this.search(receiver, name, scope)
    // A trait may be in scope in a way that we cannot see, through a macro; on a type of the repository its method is a safe last choice.
    return found ?? this.search(receiver, name, null)
  }

  private search(receiver: Type, name: string, scope: Scope | null): Probe {
    let at = this.normal(receiver)
    this.behindPin = isPin(at)
    if (this.behindPin) {
      // A pin itself is the receiver of `self: Pin<&mut Self>`, before anything that would borrow the pin.
      const pinned = this.look(stripRefs(this.dereferenced(at) ?? UNKNOWN), name, scope, true)
      if (pinned !== null && typeof pinned !== 'string' && pinned.fns[0]?.isPinned === true) return pinned
    }
    for (let step = 0; step < MAX_DEREFS; step++) {
      const found = this.look(at, name, scope, true)
      if (found !== null) return found
      const next = this.dereferenced(at)
      if (next === null) return this.universal(name)
      at = next
    }
    return null
  }

  /** `Type::name`: the type itself, as written. */
  probe(type: Type, name: string, scope: Scope | null): Probe {
    this.behindPin = false
    return this.look(type, name, scope, false)
  }

  private look(type: Type, name: string, scope: Scope | null, needsSelf: boolean): Probe {
    this.scope = scope
    this.needsSelf = needsSelf
    const at = this.normal(type)
    if (at.kind === 'unknown') return 'stop'
    const bare = stripRefs(at)
    if (bare.kind === 'unknown') return 'stop'
    if (bare.kind === 'projection') return this.inBounds(this.projectionBounds(bare), bare, name) ?? 'stop'
    if (bare.kind === 'param') {
      return (
        this.inBounds(bare.param.bounds, bare, name) ??
        this.fromImpls(at, bare, name) ??
        this.fromBlankets(bare, name) ??
        (hasOpaque(bare.param.bounds) ? 'stop' : null)
      )
    }
    const own = this.fromImpls(at, bare, name)
    if (own !== null) return own
    if (bare.kind === 'bounded') {
      return this.inBounds(bare.bounds, bare, name) ?? this.fromBlankets(bare, name) ?? (hasOpaque(bare.bounds) ? 'stop' : null)
    }
    if (bare.kind === 'adt') {
      if (this.isDerived(bare, name)) return { fns: [this.derived(name, bare)], by: new Map(), self: bare, via: 'derive' }
      const blanket = this.fromBlankets(bare, name)
      if (blanket !== null) return blanket
      if (bare.def.isOpaque) return 'stop'
    }
    return null
  }

  /** Bounds of a type parameter or `impl Trait` with those that they bring along. */
  satisfies(type: Type, trait: TraitDef, depth = 0): Answer {
    if (MARKERS.has(trait.name)) return 'yes'
    const bare = stripRefs(this.normal(type))
    if (bare.kind === 'param' || bare.kind === 'bounded') {
      const bounds = bare.kind === 'param' ? bare.param.bounds : bare.bounds
      if (this.withSupertraits(bounds, bare).some((bound) => bound.trait === trait)) return 'yes'
      return this.blanketAnswer(bare, trait, depth, hasOpaque(bounds) ? 'maybe' : 'no')
    }
    if (bare.kind === 'projection') {
      return this.withSupertraits(this.projectionBounds(bare), bare).some((bound) => bound.trait === trait) ? 'yes' : 'maybe'
    }
    if (bare.kind === 'adt') {
      if (bare.def.derives.includes(trait.name)) return 'yes'
      if (
        this.types
          .implsOf(bare)
          .ofTrait(trait)
          .some((impl) => this.matched(impl, bare) !== null)
      )
        return 'yes'
      return this.blanketAnswer(bare, trait, depth, bare.def.id === null ? 'maybe' : 'no')
    }
    return 'maybe'
  }

  private blanketAnswer(type: Type, trait: TraitDef, depth: number, otherwise: Answer): Answer {
    if (depth > 2) return otherwise
    return trait.blanket.some((impl) => this.holds(impl, type, depth + 1) === 'yes') ? 'yes' : otherwise
  }

  /** Whether a blanket impl's bounds hold for a type. */
  private holds(impl: Impl, type: Type, depth: number): Answer {
    const param = stripRefs(impl.self)
    if (param.kind !== 'param') return 'maybe'
    let answer: Answer = 'yes'
    for (const bound of param.param.bounds) {
      const each = this.satisfies(type, bound.trait, depth)
      if (each === 'no') return 'no'
      if (each === 'maybe') answer = 'maybe'
    }
    return answer
  }

  private universal(name: string): Probe {
    const output = UNIVERSAL[name]
    if (output === undefined) return null
    const fn: FnDef =
      output === null
        ? this.externalFn
        : { ...this.externalFn, name, output: { kind: 'path', qualified: null, segments: [{ name: output, args: [], bindings: [] }] } }
    return { fns: [fn], by: new Map(), self: UNKNOWN, via: 'derive' }
  }

  private fromImpls(type: Type, bare: Type, name: string): FoundMethod | 'ambiguous' | null {
    const impls = this.types.implsOf(bare).withMethod(name)
    if (impls.length === 0) return null
    const inherent = this.pick(impls, bare, name, (impl) => impl.trait === null)
    if (inherent !== null) return inherent
    const isLent = (impl: Impl): boolean => impl.trait !== null && this.lends(impl.trait.trait, bare)
    const ofRef = (mutable: boolean): FoundMethod | 'ambiguous' | null =>
      this.pick(impls, ref(bare, mutable), name, (impl) => impl.self.kind === 'ref' && impl.self.mutable === mutable && isLent(impl))
    const ofValue = (): FoundMethod | 'ambiguous' | null => this.pick(impls, bare, name, (impl) => impl.self.kind !== 'ref' && isLent(impl))
    if (type.kind === 'ref') return ofRef(type.mutable) ?? ofValue() ?? ofRef(!type.mutable)
    return ofValue() ?? ofRef(false) ?? ofRef(true)
  }

  /** Whether a trait's methods may be called here on such a type. */
  private lends(trait: TraitDef, type: Type): boolean {
    if (trait.id === null) return true
    return this.scope === null ? type.kind === 'adt' && type.def.id !== null : this.names.isInScope(trait, this.scope)
  }

  private pick(impls: readonly Impl[], type: Type, name: string, wanted: (impl: Impl) => boolean): FoundMethod | 'ambiguous' | null {
    const fns: FnDef[] = []
    const traits = new Set<TraitDef | null>()
    let by: Substitution | null = null
    let isDefault = false
    for (const impl of impls) {
      if (!wanted(impl)) continue
      const trait = impl.trait?.trait ?? null
      const own = impl.methods.get(name)
      const given = own ?? trait?.methods.get(name)
      if (given === undefined || (this.needsSelf && given[0]?.hasSelf === false) || (isPin(type) && given[0]?.isPinned === true)) continue
      const matched = this.matched(impl, type)
      if (matched === null) continue
      if (own === undefined) {
        // A trait's own body serves every impl that does not bring another.
        if (traits.has(trait)) continue
        isDefault = true
      }
      traits.add(trait)
      if (by === null) {
        by = matched
        if (impl.trait !== null) this.addTrait(by, impl.trait, type)
      }
      fns.push(...given)
    }
    if (by === null) return null
    if (traits.size > 1 || fns.length > MAX_CANDIDATES) return 'ambiguous'
    return { fns, by, self: type, via: traits.has(null) ? 'inherent' : isDefault ? 'trait_default' : 'trait_impl' }
  }

  /** In a trait's own method `Self` and the trait's parameters stand for what the impl says. */
  private addTrait(by: Substitution, bound: Bound, self: Type): void {
    by.set(bound.trait.self, self)
    bound.trait.params.forEach((param, index) => by.set(param, substitute(bound.args[index] ?? UNKNOWN, by)))
  }

  private inBounds(bounds: readonly Bound[], self: Type, name: string): FoundMethod | null {
    const having = this.withSupertraits(bounds, self).filter((bound) => {
      const fns = bound.trait.methods.get(name)
      return fns !== undefined && !(this.needsSelf && fns[0]?.hasSelf === false)
    })
    const bound = (this.behindPin ? having.find((each) => each.trait.methods.get(name)?.[0]?.isPinned === true) : undefined) ?? having[0]
    if (bound === undefined) return null
    const by: Substitution = new Map()
    this.addTrait(by, bound, self)
    return { fns: bound.trait.methods.get(name) ?? [], by, self, via: 'bound' }
  }

  private fromBlankets(type: Type, name: string): FoundMethod | null {
    for (const { trait, impl } of this.blankets.get(name) ?? []) {
      if (!this.lends(trait, type)) continue
      // `self: Pin<&mut Self>` of a reference's impl would need a pin around two references.
      const isPinned = (impl.methods.get(name) ?? trait.methods.get(name))?.[0]?.isPinned === true
      if (isPinned && (isPin(type) || impl.self.kind === 'ref')) continue
      if (this.holds(impl, type, 0) !== 'yes') continue
      const self = stripRefs(impl.self)
      const by: Substitution = new Map<Param, Type>(self.kind === 'param' ? [[self.param, type]] : [])
      if (impl.trait !== null) this.addTrait(by, impl.trait, type)
      return { fns: impl.methods.get(name) ?? trait.methods.get(name) ?? [], by, self: type, via: 'blanket' }
    }
    return null
  }

  private isDerived(type: Extract<Type, { kind: 'adt' }>, name: string): boolean {
    return type.def.derives.some((derive) => DERIVED[derive]?.includes(name) === true)
  }

  private derived(name: string, type: Type): FnDef {
    // `clone` gives the type itself; the others nothing that a method is called on.
    if (name !== 'clone' && name !== 'default') return this.externalFn
    return {
      ...this.externalFn,
      name,
      scope: { ...this.externalFn.scope, self: type },
      output: { kind: 'path', qualified: null, segments: [{ name: 'Self', args: [], bindings: [] }] },
    }
  }
}

const DERIVED: Readonly<Record<string, readonly string[] | undefined>> = {
  Clone: ['clone', 'clone_from'],
  Debug: ['fmt'],
  Default: ['default'],
  PartialEq: ['eq', 'ne'],
  PartialOrd: ['partial_cmp', 'lt', 'le', 'gt', 'ge'],
  Ord: ['cmp', 'max', 'min', 'clamp'],
  Hash: ['hash'],
}

function hasOpaque(bounds: readonly Bound[]): boolean {
  return bounds.some((bound) => bound.trait.isOpaque)
}

function isPin(type: Type): boolean {
  return type.kind === 'adt' && type.def.id === null && type.def.name === 'Pin'
}
