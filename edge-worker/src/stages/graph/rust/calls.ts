import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Reference, ValueOrigin } from '@doctown/common/contracts/reference.js'
import { collected, infer, OWNING, takes, withoutRefs } from './inference.js'
import type { FoundMethod } from './methods.js'
import type { FnDef, Impl, Scope } from './model.js'
import type { CallResult } from './outcome.js'
import { AMBIGUOUS_RESULT, EXTERNAL, EXTERNAL_RESULT, outcomeOf, receiverProvenance, UNKNOWN_RESULT } from './outcome.js'
import type { Substitution, Type } from './type-model.js'
import { adt, stripRefs, substitute, unify, UNKNOWN } from './type-model.js'
import { TypePaths } from './type-paths.js'
import { openParams } from './types.js'
import { Values } from './values.js'
import type { World } from './world.js'

/** Alternatives under `cfg` share a name by the handful; weighing thousands of them for each of their calls would take hours. */
const MOST_NAMESAKES = 64

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
  private readonly paths: TypePaths
  private depth = 0

  constructor(
    private readonly file: ParsedFile,
    private readonly world: World,
  ) {
    this.values = new Values(world, this)
    this.paths = new TypePaths(world)
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
    const { definitions, rest } = this.paths.isTypePath(path, scope) ? { definitions: [], rest: [] } : names.resolve(path, scope, 'value')
    const first = definitions[0]
    if (first === undefined || rest.length > 0) {
      const found = path.length > 1 ? this.paths.associated(path, scope, []) : null
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
      if (found === 'ambiguous') return AMBIGUOUS_RESULT
      return bare.kind === 'adt' && bare.def.id === null ? EXTERNAL_RESULT : UNKNOWN_RESULT
    }
    return this.finish({ reference, index, scope, found, shift: 0, provenance: receiverProvenance(reference, found) })
  }

  private call(reference: Reference, index: number, scope: Scope): CallResult {
    const { path } = reference
    const { names } = this.world
    const resolved = this.paths.isTypePath(path, scope) ? { definitions: [], rest: [] } : names.resolve(path, scope, 'value')
    const first = resolved.definitions[0]
    if (first !== undefined && resolved.rest.length === 0) {
      switch (first.tag) {
        case 'fn': {
          if (resolved.definitions.length > MOST_NAMESAKES) return AMBIGUOUS_RESULT
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
    const found =
      trait === null
        ? this.paths.associated(path, scope, resolved.definitions)
        : this.paths.ofTraitPath(trait, name, this.argument(reference, 0, scope), scope)
    if (found === null || typeof found === 'string') {
      const self = this.paths.typePath(path, scope)
      if (self.kind === 'adt' && self.def.variants.has(name)) return this.construct(reference, scope, self, `${name}.`)
      if (found === 'ambiguous') return AMBIGUOUS_RESULT
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
    if (found.fns.length > MOST_NAMESAKES) return AMBIGUOUS_RESULT
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
        if (input !== undefined && isClosure(arg) === closures) infer({ input, given: this.typeOf(arg, scope), open, by }, methods)
      })
    }
    for (const param of open) if (!by.has(param)) by.set(param, UNKNOWN)
    const given = methods.normalDeep(substitute(methods.outputOf(fn), by))
    const type = fn.id === null && fn.name === 'collect' ? collected(given, found.self, methods) : given
    return { outcome: outcomeOf(candidates, call.provenance), type: OWNING.has(fn.name) && fn.id === null ? withoutRefs(type) : type }
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
        return input !== undefined && takes({ input: this.world.types.of(input, fn.scope), given: type, open, by }, this.world.methods)
      })
    })
    return fitting.length > 0 ? fitting : visible
  }

  private argument(reference: Reference, at: number, scope: Scope): Type {
    const origin = reference.args[at]
    return origin === undefined ? UNKNOWN : this.typeOf(origin, scope)
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

function implOf(fn: FnDef): Impl | null {
  return fn.owner === null || 'tag' in fn.owner ? null : fn.owner
}

function isClosure(origin: ValueOrigin): boolean {
  return origin.base.kind === 'closure' && origin.steps.length === 0
}
