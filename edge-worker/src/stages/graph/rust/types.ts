import type { RepositoryModel } from './build-model.js'
import { lookupParam } from './build-model.js'
import { ImplIndex } from './impl-index.js'
import type { AliasDef, Definition, Impl, Scope, TraitDef, TypeDef } from './model.js'
import type { Names } from './names.js'
import type { PendingImpl, StdModel } from './std-model.js'
import { newModule, newParam } from './std-model.js'
import type { Bound, Param, Type } from './type-model.js'
import { adt, ref, stripRefs, substitute, UNIT, UNKNOWN } from './type-model.js'
import type { TypeSyntax } from './type-text.js'
import { parseType } from './type-text.js'

const EMPTY = new ImplIndex()
const MAX_ALIAS_DEPTH = 8
/** Types in a tuple, as a function's pointer or a closure say nothing that an impl could be found by; one list serves them. */
type Head = TypeDef | TraitDef | 'tuple' | 'fn'

/** Turns types as written into types, in the scope in which they stand, and knows every impl by the head of its self type. */
export class Types {
  readonly slice: TypeDef
  readonly pointer: TypeDef
  private readonly texts = new Map<Scope, Map<string, Type>>()
  private readonly syntaxes = new Map<TypeSyntax, Type>()
  private readonly opaqueTypes = new Map<string, TypeDef>()
  private readonly opaqueTraits = new Map<string, TraitDef>()
  private readonly impls = new Map<Head, ImplIndex>()
  private readonly implsByTrait = new Map<TraitDef, Impl[]>()
  private readonly supertraits = new Map<TraitDef, readonly Bound[]>()
  private aliasDepth = 0

  constructor(
    private readonly names: Names,
    model: RepositoryModel,
    private readonly std: StdModel,
  ) {
    this.slice = this.stdType('Slice')
    this.pointer = this.stdType('Pointer')
    for (const { scope, param, bounds } of [...std.bounds, ...model.bounds]) param.bounds = [...param.bounds, ...this.bounds(bounds, scope)]
    for (const { scope, param, bounds, assoc } of model.assocBounds) {
      param.assocBounds.set(assoc, [...(param.assocBounds.get(assoc) ?? []), ...this.bounds(bounds, scope)])
    }
    for (const definition of [...std.names.values(), ...model.definitions.values()]) {
      if (definition.tag !== 'trait') continue
      const args = definition.params.map((param): Type => ({ kind: 'param', param }))
      definition.self.bounds = [{ trait: definition, args, assoc: new Map() }, ...definition.self.bounds]
    }
    for (const pending of [...std.impls, ...model.impls]) this.attach(pending)
  }

  /** A type as written in a value, read in the scope of the code around it. */
  ofText(text: string, scope: Scope): Type {
    let known = this.texts.get(scope)
    if (known === undefined) this.texts.set(scope, (known = new Map<string, Type>()))
    let type = known.get(text)
    if (type === undefined) known.set(text, (type = this.read(parseType(text), scope)))
    return type
  }

  /** A type of a definition: each piece of syntax belongs to one scope, so it is read once. */
  of(syntax: TypeSyntax, scope: Scope): Type {
    let type = this.syntaxes.get(syntax)
    if (type === undefined) this.syntaxes.set(syntax, (type = this.read(syntax, scope)))
    return type
  }

  bounds(syntaxes: readonly TypeSyntax[], scope: Scope): Bound[] {
    return syntaxes.flatMap((syntax) => this.bound(syntax, scope) ?? [])
  }

  supertraitsOf(trait: TraitDef): readonly Bound[] {
    let known = this.supertraits.get(trait)
    if (known === undefined) this.supertraits.set(trait, (known = this.bounds(trait.supertraits, trait.scope)))
    return known
  }

  implsOf(type: Type): ImplIndex {
    const head = headOf(stripRefs(type))
    return (head === null ? undefined : this.impls.get(head)) ?? EMPTY
  }

  implsOfTrait(trait: TraitDef): readonly Impl[] {
    return this.implsByTrait.get(trait) ?? []
  }

  /** Another crate's trait that something here implements or is bound by. */
  knownTrait(path: readonly string[]): TraitDef | null {
    return this.opaqueTraits.get(path.join('::')) ?? null
  }

  stdType(name: string): TypeDef {
    const found = this.std.names.get(name)
    if (found?.tag !== 'type') throw new Error(`The stand-ins for the standard library lack ${name}.`)
    return found
  }

  stdTrait(name: string): TraitDef {
    const found = this.std.names.get(name)
    if (found?.tag !== 'trait') throw new Error(`The stand-ins for the standard library lack ${name}.`)
    return found
  }

  /** A type of which nothing is known but its path. */
  opaque(path: readonly string[]): TypeDef {
    const key = path.join('::')
    let def = this.opaqueTypes.get(key)
    if (def === undefined) {
      const common = { id: null, name: path[path.length - 1] ?? '', scope: this.emptyScope(), isTest: false }
      def = { tag: 'type', ...common, params: [], fields: new Map(), variants: new Set(), derives: [], isOpaque: true }
      this.opaqueTypes.set(key, def)
    }
    return def
  }

  selfOf(scope: Scope): Type {
    for (let at: Scope | null = scope; at !== null; at = at.parent) if (at.self !== null) return at.self
    return UNKNOWN
  }

  aliasTarget(alias: AliasDef, args: readonly Type[]): Type {
    if (this.aliasDepth >= MAX_ALIAS_DEPTH) return UNKNOWN
    this.aliasDepth++
    const target = this.of(alias.type, alias.scope)
    this.aliasDepth--
    return substitute(target, new Map(alias.params.map((param, index) => [param, args[index] ?? UNKNOWN])))
  }

  private read(syntax: TypeSyntax, scope: Scope): Type {
    switch (syntax.kind) {
      case 'ref':
        return ref(this.read(syntax.inner, scope), syntax.mutable)
      case 'pointer':
        return adt(this.pointer, [this.read(syntax.inner, scope)])
      case 'slice':
        return adt(this.slice, [this.read(syntax.inner, scope)])
      case 'tuple':
        return syntax.items.length === 0 ? UNIT : { kind: 'tuple', items: syntax.items.map((item) => this.read(item, scope)) }
      case 'fn':
        return { kind: 'fn', inputs: syntax.inputs.map((input) => this.read(input, scope)), output: this.read(syntax.output, scope) }
      case 'bounded':
        return { kind: 'bounded', bounds: this.bounds(syntax.bounds, scope) }
      case 'path':
        return this.path(syntax, scope)
      default:
        return UNKNOWN
    }
  }

  private path(syntax: Extract<TypeSyntax, { kind: 'path' }>, scope: Scope): Type {
    const { segments } = syntax
    const names = segments.map((segment) => segment.name)
    const last = names[names.length - 1] ?? ''
    if (syntax.qualified !== null) return { kind: 'projection', base: this.read(syntax.qualified, scope), name: last }
    const project = (base: Type, rest: readonly string[]): Type => {
      const name = rest[rest.length - 1]
      if (name === undefined) return base
      if (base.kind === 'adt' && base.def.variants.has(name)) return base
      return { kind: 'projection', base, name }
    }
    if (names[0] === 'Self') return project(this.selfOf(scope), names.slice(1))
    const param = lookupParam(scope, names[0] ?? '')
    if (param !== undefined) return project({ kind: 'param', param }, names.slice(1))
    const { definitions, rest } = this.names.resolve(names, scope, 'type')
    const definition = definitions[0]
    if (definition === undefined) return UNKNOWN
    const args = (segments[segments.length - 1 - rest.length]?.args ?? []).map((arg) => this.read(arg, scope))
    return project(this.fromDefinition(definition, args, syntax, scope), rest)
  }

  private fromDefinition(definition: Definition, args: readonly Type[], syntax: TypeSyntax, scope: Scope): Type {
    switch (definition.tag) {
      case 'type':
        return adt(definition, this.withStandard(definition, args))
      case 'alias':
        return this.aliasTarget(definition, this.withStandard(definition, args))
      case 'variant':
        return adt(definition.type)
      case 'trait':
        return { kind: 'bounded', bounds: this.bounds([syntax], scope) }
      case 'external':
        return adt(this.opaque(definition.path), args)
      default:
        return UNKNOWN
    }
  }

  /** Adds what stands for parameters that are not written; `Foo` alone, in an expression, leaves them to be inferred. */
  private withStandard(definition: AliasDef | TypeDef, args: readonly Type[]): readonly Type[] {
    const { params, scope } = definition
    const missing = params.slice(args.length)
    if ((args.length === 0 && params.some((param) => param.standard === null)) || missing.every((param) => param.standard === null))
      return args
    const all = [...args]
    for (const param of missing) {
      const by = new Map(params.map((each, at) => [each, all[at] ?? UNKNOWN]))
      all.push(param.standard === null ? UNKNOWN : substitute(this.of(param.standard, scope), by))
    }
    return all
  }

  private bound(syntax: TypeSyntax, scope: Scope): Bound | undefined {
    if (syntax.kind !== 'path') return undefined
    const names = syntax.segments.map((segment) => segment.name)
    const definition = this.names.resolve(names, scope, 'type').definitions[0]
    const trait = definition?.tag === 'trait' ? definition : definition?.tag === 'external' ? this.opaqueTrait(definition.path) : undefined
    if (trait === undefined) return undefined
    const segment = syntax.segments[syntax.segments.length - 1]
    const assoc = new Map((segment?.bindings ?? []).map(([name, type]) => [name, this.read(type, scope)]))
    return { trait, args: (segment?.args ?? []).map((arg) => this.read(arg, scope)), assoc }
  }

  private opaqueTrait(path: readonly string[]): TraitDef {
    const key = path.join('::')
    let def = this.opaqueTraits.get(key)
    if (def === undefined) {
      const common = { id: null, name: path[path.length - 1] ?? '', scope: this.emptyScope(), isTest: false }
      const self = newParam('Self')
      def = {
        tag: 'trait',
        ...common,
        params: [],
        self,
        methods: new Map(),
        assocBounds: new Map(),
        supertraits: [],
        blanket: [],
        isOpaque: true,
      }
      self.bounds = [{ trait: def, args: [], assoc: new Map() }]
      this.opaqueTraits.set(key, def)
    }
    return def
  }

  private emptyScope(): Scope {
    return {
      parent: null,
      module: newModule(this.std.module.crate, null, ''),
      generics: new Map(),
      self: null,
      fn: null,
      local: null,
      isTest: false,
    }
  }

  private attach(pending: PendingImpl): void {
    const { scope, params } = pending
    const self = this.read(pending.self, scope)
    scope.self = self
    const trait = pending.trait === null ? null : (this.bound(pending.trait, scope) ?? null)
    // The members already name this object as their owner, so it is filled in place.
    const impl: Impl = Object.assign(pending.impl, { scope, params, self, trait })
    for (const fns of impl.methods.values()) for (const fn of fns) if (fn.owner === null) Object.assign(fn, { owner: impl })
    if (pending.trait !== null && trait === null) return
    if (trait !== null) {
      const known = this.implsByTrait.get(trait.trait)
      if (known === undefined) this.implsByTrait.set(trait.trait, [impl])
      else known.push(impl)
    }
    const bare = stripRefs(self)
    if (bare.kind === 'param' || bare.kind === 'projection') {
      trait?.trait.blanket.push(impl)
      return
    }
    const head = headOf(bare)
    if (head === null) return
    const index = this.impls.get(head) ?? new ImplIndex()
    this.impls.set(head, index)
    index.add(impl)
  }
}

function headOf(type: Type): Head | null {
  switch (type.kind) {
    case 'adt':
      return type.def
    case 'bounded':
      return type.bounds[0]?.trait ?? null
    case 'tuple':
      return 'tuple'
    case 'fn':
    case 'item':
      return 'fn'
    default:
      return null
  }
}

/** The parameters that an impl is open in. */
export function openParams(...lists: readonly (readonly Param[])[]): Set<Param> {
  return new Set(lists.flat())
}
