import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Reference, ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { RepositoryModel } from './build-model.js'
import { lookupParam } from './build-model.js'
import type { FnDef, Impl, Scope, TraitDef } from './model.js'
import type { FoundMethod, Methods, Probe } from './methods.js'
import type { Names } from './names.js'
import type { Param, Substitution, Type } from './type-model.js'
import { adt, stripRefs, substitute, unify, UNKNOWN } from './type-model.js'
import { openParams, type Types } from './types.js'
import { Values } from './values.js'

/** What became of a call. `fns` are the repository's; several when `#[cfg]` chooses one of them. */
export type Outcome =
  | { readonly status: 'resolved'; readonly fns: readonly FnDef[]; readonly provenance: string }
  /** The standard library's, another crate's, or a constructor. */
  | { readonly status: 'external' }
  | { readonly status: 'ambiguous' }
  | { readonly status: 'unknown' }

export interface CallResult {
  readonly outcome: Outcome
  readonly type: Type
}

export interface World {
  readonly model: RepositoryModel
  readonly names: Names
  readonly types: Types
  readonly methods: Methods
}

const EXTERNAL: Outcome = { status: 'external' }
const UNKNOWN_RESULT: CallResult = { outcome: { status: 'unknown' }, type: UNKNOWN }
const EXTERNAL_RESULT: CallResult = { outcome: EXTERNAL, type: UNKNOWN }
/** Calls within arguments of calls; a file cannot nest deeper than the tree was read, but each level costs several frames. */
const MAX_DEPTH = 150

interface Signature {
  readonly inputs: readonly Type[]
  readonly by: Substitution
}

/** Resolves the calls of one file. A call is resolved once, when it or a value that comes from it is asked for. */
export class Calls {
  private readonly results: (CallResult | undefined)[] = []
  /** Of calls whose closures are being read: what their parameters are. */
  private readonly open = new Map<number, Signature>()
  private readonly values: Values
  private depth = 0

  constructor(
    private readonly file: ParsedFile,
    private readonly world: World,
  ) {
    this.values = new Values(world, this)
  }

  result(index: number): CallResult {
    const known = this.results[index]
    if (known !== undefined) return known
    const reference = this.file.references[index]
    const scope = reference === undefined ? undefined : this.world.model.scopeOf(this.file.file, reference.from)
    if (reference === undefined || scope === undefined || this.depth >= MAX_DEPTH) return UNKNOWN_RESULT
    // A value that needs itself is unknown.
    this.results[index] = UNKNOWN_RESULT
    this.depth++
    const result = this.compute(reference, index, scope)
    this.depth--
    this.results[index] = result
    return result
  }

  typeOf(origin: ValueOrigin, scope: Scope): Type {
    return this.values.typeOf(origin, scope)
  }

  /** The type of a parameter of a closure that is an argument of a call. */
  closureParameter(reference: number, argument: number, parameter: number): Type {
    if (!this.open.has(reference)) this.result(reference)
    const signature = this.open.get(reference)
    const input = signature?.inputs[argument]
    if (signature === undefined || input === undefined) return UNKNOWN
    const callable = this.world.methods.callable(input)
    const type = callable?.inputs[parameter]
    return type === undefined ? UNKNOWN : this.world.methods.normalDeep(substitute(type, signature.by))
  }

  /** A path used as a value: a function that is handed over, a constant, a unit struct. */
  pathValue(path: readonly string[], scope: Scope): { type: Type; fns: readonly FnDef[]; provenance: string } {
    const none = { type: UNKNOWN, fns: [], provenance: '' }
    const { names, types } = this.world
    const { definitions, rest } = this.isTypePath(path, scope) ? { definitions: [], rest: [] } : names.resolve(path, scope, 'value')
    const first = definitions[0]
    if (first === undefined || rest.length > 0) {
      const found = path.length > 1 ? this.associated(path, scope, []) : null
      if (found === null || typeof found === 'string') return none
      const fn = found.fns[0]
      return { type: fn === undefined ? UNKNOWN : { kind: 'item', fn }, fns: found.fns, provenance: 'value' }
    }
    switch (first.tag) {
      case 'fn':
        return {
          type: { kind: 'item', fn: first },
          fns: definitions.flatMap((each) => (each.tag === 'fn' ? [each] : [])),
          provenance: 'value',
        }
      case 'value':
        return {
          ...none,
          type: first.inMacro ? adt(types.stdType('LocalKey'), [types.of(first.type, first.scope)]) : types.of(first.type, first.scope),
        }
      case 'variant':
        return { ...none, type: adt(first.type) }
      case 'type':
        return { ...none, type: adt(first) }
      default:
        return none
    }
  }

  private compute(reference: Reference, index: number, scope: Scope): CallResult {
    if (reference.kind === 'method_call') return this.methodCall(reference, index, scope)
    if (reference.kind === 'call') return this.call(reference, index, scope)
    if (reference.kind === 'macro_call') return this.macroCall(reference, scope)
    return UNKNOWN_RESULT
  }

  private methodCall(reference: Reference, index: number, scope: Scope): CallResult {
    const { methods } = this.world
    const name = reference.path[0] ?? ''
    const receiver = reference.receiver === null ? UNKNOWN : this.typeOf(reference.receiver, scope)
    if (receiver.kind === 'unknown') return UNKNOWN_RESULT
    const found = methods.method(receiver, name, scope)
    if (found === null || typeof found === 'string') {
      const bare = stripRefs(receiver)
      // pin-project's `project()` gives the same fields behind pins.
      if (found === null && /^project(?:_ref|_replace)?$/.test(name)) return { outcome: EXTERNAL, type: receiver }
      if (found === 'ambiguous') return { outcome: { status: 'ambiguous' }, type: UNKNOWN }
      return bare.kind === 'adt' && bare.def.id === null ? EXTERNAL_RESULT : UNKNOWN_RESULT
    }
    return this.finish({ reference, index, scope, found, shift: 0, provenance: receiverProvenance(reference, found) })
  }

  private call(reference: Reference, index: number, scope: Scope): CallResult {
    const { path } = reference
    const { names } = this.world
    const resolved = this.isTypePath(path, scope) ? { definitions: [], rest: [] } : names.resolve(path, scope, 'value')
    const first = resolved.definitions[0]
    if (first !== undefined && resolved.rest.length === 0) {
      switch (first.tag) {
        case 'fn': {
          const fns = resolved.definitions.flatMap((each) => (each.tag === 'fn' ? [each] : []))
          const provenance = path.length > 1 ? 'path' : first.scope.module === scope.module ? 'same_module' : 'import'
          return this.finish({
            reference,
            index,
            scope,
            found: { fns, by: new Map(), self: UNKNOWN, via: 'inherent' },
            shift: 0,
            provenance,
          })
        }
        case 'type':
        case 'variant': {
          const def = first.tag === 'type' ? first : first.type
          return this.construct(reference, scope, adt(def), first.tag === 'type' ? '' : `${first.name}.`)
        }
        case 'value': {
          const callable = this.world.methods.callable(this.world.types.of(first.type, first.scope))
          this.open.set(index, { inputs: callable?.inputs ?? [], by: new Map() })
          return { outcome: EXTERNAL, type: callable?.output ?? UNKNOWN }
        }
        case 'external':
          break
        default:
          return UNKNOWN_RESULT
      }
    }
    const trait =
      first?.tag === 'trait' && resolved.rest.length === 1
        ? first
        : first?.tag === 'external'
          ? this.world.types.knownTrait(first.path.slice(0, -1))
          : null
    if (first?.tag === 'external' && trait === null) return EXTERNAL_RESULT
    if (path.length === 1) {
      if (path[0] === 'Self') return this.construct(reference, scope, this.world.types.selfOf(scope), '')
      return UNKNOWN_RESULT
    }
    const name = path[path.length - 1] ?? ''
    const found = trait === null ? this.associated(path, scope, resolved.definitions) : this.ofTraitPath(trait, name, reference, scope)
    if (found === null || typeof found === 'string') {
      const self = this.typePath(path, scope)
      if (self.kind === 'adt' && self.def.variants.has(name)) return this.construct(reference, scope, self, `${name}.`)
      if (found === 'ambiguous') return { outcome: { status: 'ambiguous' }, type: UNKNOWN }
      return self.kind === 'adt' && self.def.id === null ? EXTERNAL_RESULT : UNKNOWN_RESULT
    }
    const hasSelf = found.fns[0]?.hasSelf === true
    const via =
      found.via === 'sole_impl'
        ? 'sole_impl'
        : trait !== null
          ? 'trait_path'
          : path[0] === 'Self'
            ? 'self_type'
            : found.via === 'bound'
              ? 'bound'
              : 'type_path'
    return this.finish({ reference, index, scope, found, shift: hasSelf ? 1 : 0, provenance: via })
  }

  /** Paths that begin at a type and are not looked up as names: `Self::x`, `<T as A>::x`, `T::x`. */
  private isTypePath(path: readonly string[], scope: Scope): boolean {
    const first = path[0] ?? ''
    return first === 'Self' || first.startsWith('<') || (path.length > 1 && lookupParam(scope, first) !== undefined)
  }

  /** The type before the last segment of a path. */
  private typePath(path: readonly string[], scope: Scope): Type {
    const { types, methods } = this.world
    const first = path[0] ?? ''
    if (path.length === 2 && first.startsWith('<')) {
      const qualified = qualifiedParts(first)
      return methods.normal(types.ofText(qualified.type, scope))
    }
    return methods.normal(types.ofText(path.slice(0, -1).join('::'), scope))
  }

  /** `Type::name`, with the trait where it is written. */
  private associated(path: readonly string[], scope: Scope, definitions: readonly unknown[]): Probe {
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
  private ofTraitPath(trait: TraitDef, name: string, reference: Reference, scope: Scope): Probe {
    const receiver = reference.args[0]
    const found = this.ofTrait(trait, name, receiver === undefined ? UNKNOWN : this.typeOf(receiver, scope), scope)
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

  private construct(reference: Reference, scope: Scope, type: Type, prefix: string): CallResult {
    const bare = stripRefs(type)
    if (bare.kind !== 'adt') return EXTERNAL_RESULT
    const { def } = bare
    const by: Substitution = new Map()
    const open = openParams(def.params)
    reference.args.forEach((arg, index) => {
      const syntax = def.fields.get(`${prefix}${index}`)
      if (syntax !== undefined) unify(this.world.types.of(syntax, def.scope), this.typeOf(arg, scope), open, by)
    })
    const args = def.params.map((param, index) => by.get(param) ?? bare.args[index] ?? UNKNOWN)
    return { outcome: EXTERNAL, type: adt(def, args) }
  }

  private finish(call: {
    readonly reference: Reference
    readonly index: number
    readonly scope: Scope
    readonly found: FoundMethod
    /** 1 where the receiver is written as the first argument. */
    readonly shift: 0 | 1
    readonly provenance: string
  }): CallResult {
    const { reference, index, scope, found, shift } = call
    const { types, methods } = this.world
    const args = reference.args.slice(shift)
    const fitting = this.chosen(found, args, scope)
    // What takes another number of arguments is not what is called here.
    const candidates = fitting.filter(
      (each) => reference.arity === null || each.id === null || each.inputs.length + shift === reference.arity,
    )
    const fn = candidates[0]
    if (fn === undefined) return UNKNOWN_RESULT
    const impl = implOf(fn)
    const by: Substitution = new Map([...found.by, ...((impl !== null && methods.matched(impl, found.self)) || [])])
    const open = openParams(fn.params, impl?.params ?? [])
    const receiver = shift === 1 ? reference.args[0] : undefined
    if (impl !== null && receiver !== undefined) unify(stripRefs(impl.self), stripRefs(this.typeOf(receiver, scope)), open, by)
    fn.params.forEach((param, at) => {
      const text = reference.type_args[at]
      if (text !== undefined && text !== '_') by.set(param, types.ofText(text, scope))
    })
    const inputs = fn.inputs.map((input) => types.of(input, fn.scope))
    // A closure's place among the arguments counts the receiver where that is one of them.
    this.open.set(index, { inputs: shift === 0 ? inputs : [UNKNOWN, ...inputs], by })
    for (const closures of [false, true]) {
      args.forEach((arg, at) => {
        const input = inputs[at]
        if (input !== undefined && isClosure(arg) === closures) this.infer(input, this.typeOf(arg, scope), open, by)
      })
    }
    for (const param of open) if (!by.has(param)) by.set(param, UNKNOWN)
    const given = methods.normalDeep(substitute(methods.outputOf(fn), by))
    const type = fn.id === null && fn.name === 'collect' ? this.collected(given, found.self) : given
    return { outcome: outcomeOf(candidates, call.provenance), type: OWNING.has(fn.name) && fn.id === null ? withoutRefs(type) : type }
  }

  /** `collect::<Vec<_>>()`: what was left open is what the iterator gives. */
  private collected(type: Type, iterator: Type): Type {
    const fill = (into: Type, item: Type): Type => {
      if (into.kind !== 'adt' || into.def.id !== null || item.kind === 'unknown') return into
      const { def, args } = into
      const inner = item.kind === 'adt' && item.def === def ? item.args : []
      if (def.name === 'Option' || def.name === 'Result')
        return adt(def, [fill(args[0] ?? UNKNOWN, inner[0] ?? UNKNOWN), args[1] ?? inner[1] ?? UNKNOWN])
      const parts = def.params.length === 2 && item.kind === 'tuple' ? item.items : [item]
      return adt(
        def,
        def.params.map((_, at) => (isOpen(args[at]) ? (parts[at] ?? UNKNOWN) : (args[at] ?? UNKNOWN))),
      )
    }
    return fill(type, this.world.methods.normalDeep({ kind: 'projection', base: iterator, name: 'Item' }))
  }

  /** Learns what parameters stand for from one argument: from its type, from what it gives when called, from what it iterates over. */
  private infer(input: Type, given: Type, open: ReadonlySet<Param>, by: Substitution): void {
    const { methods } = this.world
    if (given.kind === 'unknown') return
    const wanted = methods.callable(input)
    if (wanted !== null) {
      const callable = methods.callable(given)
      if (callable !== null) unify(wanted.output, callable.output, open, by)
    }
    if (input.kind === 'bounded') return
    unify(input, given, open, by)
    if (input.kind !== 'param') return
    for (const bound of input.param.bounds) {
      for (const [name, type] of bound.assoc) {
        if (name !== 'Output') unify(type, methods.normal({ kind: 'projection', base: given, name }), open, by)
      }
    }
  }

  /** Of functions of one name those that take these arguments; what is for tests only is not seen from elsewhere. */
  private chosen(found: FoundMethod, args: readonly ValueOrigin[], scope: Scope): readonly FnDef[] {
    const visible = scope.isTest ? found.fns : found.fns.filter((fn) => !fn.isTest)
    if (visible.length < 2) return visible
    const given = args.map((arg) => this.typeOf(arg, scope))
    const fitting = visible.filter((fn) => {
      const impl = implOf(fn)
      const open = openParams(fn.params, impl?.params ?? [])
      const by: Substitution = (impl === null ? null : this.world.methods.matched(impl, found.self)) ?? new Map()
      return given.every((type, at) => {
        const input = fn.inputs[at]
        return input !== undefined && this.takes(this.world.types.of(input, fn.scope), type, open, by)
      })
    })
    return fitting.length > 0 ? fitting : visible
  }

  private takes(input: Type, given: Type, open: ReadonlySet<Param>, by: Substitution): boolean {
    if (!unify(input, given, open, by)) return false
    if (input.kind !== 'param' || given.kind === 'unknown') return true
    return input.param.bounds.every((bound) =>
      [...bound.assoc].every(
        ([name, type]) =>
          name === 'Output' || unify(type, this.world.methods.normalDeep({ kind: 'projection', base: given, name }), open, by),
      ),
    )
  }

  private macroCall(reference: Reference, scope: Scope): CallResult {
    const { types, methods } = this.world
    const [first, second] = reference.args
    const argument = first === undefined ? UNKNOWN : this.typeOf(first, scope)
    const std = (name: string, ...args: Type[]): CallResult => ({ outcome: EXTERNAL, type: adt(types.stdType(name), args) })
    switch (reference.path[reference.path.length - 1]) {
      case 'vec':
        return std('Vec', argument)
      case 'format':
        return std('String')
      case 'matches':
        return std('bool')
      case 'ready':
        return { outcome: EXTERNAL, type: this.values.step(argument, { op: 'try' }, scope) }
      case 'pin':
        return { outcome: EXTERNAL, type: argument }
      case 'dbg':
        return { outcome: EXTERNAL, type: second === undefined ? methods.normal(argument) : UNKNOWN }
      default:
        // `tri!(x)`, `itry!(x)`: what crates call their own `?`.
        if (reference.args.length !== 1 || !/^[a-z]*(?:try|tri)(?:_\w+)?$/.test(reference.path[reference.path.length - 1] ?? ''))
          return EXTERNAL_RESULT
        return { outcome: EXTERNAL, type: this.values.step(argument, { op: 'try' }, scope) }
    }
  }
}

/** One function, or several of which `#[cfg]` chooses; anything else would be a guess. */
function outcomeOf(fns: readonly FnDef[], provenance: string): Outcome {
  const first = fns[0]
  if (first === undefined) return { status: 'unknown' }
  if (fns.length > 1 && !fns.every((fn) => fn.isConditional || fn.id === null)) return { status: 'ambiguous' }
  const own = fns.filter((fn) => fn.id !== null)
  return own.length === 0 ? EXTERNAL : { status: 'resolved', fns: own, provenance }
}

/** `Option<&T>` and an iterator of `&T` become those of `T`, which their signatures say in bounds. */
const OWNING = new Set(['copied', 'cloned'])

function withoutRefs(type: Type): Type {
  return type.kind === 'adt' ? { ...type, args: type.args.map(stripRefs) } : type
}

function implOf(fn: FnDef): Impl | null {
  return fn.owner === null || 'tag' in fn.owner ? null : fn.owner
}

function isOpen(type: Type | undefined): boolean {
  return type === undefined || type.kind === 'unknown'
}

function isClosure(origin: ValueOrigin): boolean {
  return origin.base.kind === 'closure' && origin.steps.length === 0
}

function receiverProvenance(reference: Reference, found: FoundMethod): string {
  if (found.via === 'bound' || found.via === 'blanket') return found.via
  const receiver = reference.receiver
  const base = receiver?.base
  if (receiver === null || base === undefined) return 'receiver_value'
  if (base.kind === 'result') return receiver.steps.some((step) => 'field' in step) ? 'receiver_field' : 'receiver_call'
  if (base.kind === 'closure_parameter') return 'receiver_closure'
  if (receiver.steps.some((step) => 'field' in step)) return 'receiver_field'
  return base.kind === 'type' ? (/^&?Self$/.test(base.text) ? 'self_receiver' : 'receiver_type') : 'receiver_value'
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
