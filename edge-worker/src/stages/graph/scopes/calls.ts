import type { Reference } from '@doctown/common/contracts/reference.js'
import { isVariadic } from './choose.js'
import { entitiesOf } from './lookup.js'
import { makesObjects, type Def, type Entity, type FileScope, type Unit } from './model.js'
import {
  AMBIGUOUS_RESULT,
  EXTERNAL_RESULT,
  external,
  nameProvenance,
  receiverProvenance,
  UNKNOWN_RESULT,
  type CallResult,
} from './outcome.js'
import { byArguments } from './overloads.js'
import { anyOf, classAround, UNKNOWN, type Place, type Substitution, type Type } from './types.js'
import { argument, own, Values, type CallTypes } from './values.js'
import type { World } from './world.js'

/** Names of one function for several platforms; more are something else. */
const MOST_NAMESAKES = 8

/** Overloads whose parameters are compared with the arguments. */
const MOST_OVERLOADS = 40

/** The calls of one file, each resolved once and only when somebody asks. */
export class Calls implements CallTypes {
  private readonly results: (CallResult | undefined)[]
  private readonly busy = new Set<number>()
  private readonly values: Values

  constructor(
    private readonly file: FileScope,
    private readonly world: World,
  ) {
    this.values = new Values(world, this)
    this.results = new Array<CallResult | undefined>(file.parsed.references.length)
  }

  of(index: number): CallResult {
    const known = this.results[index]
    if (known !== undefined) return known
    const reference = this.file.parsed.references[index]
    // A value that is made of itself, as in a loop, tells nothing.
    if (reference === undefined || this.busy.has(index)) return UNKNOWN_RESULT
    this.busy.add(index)
    const result = this.resolve(reference)
    this.busy.delete(index)
    this.results[index] = result
    return result
  }

  result(index: number): Type {
    return this.of(index).type
  }

  closureParameter(index: number, position: number, parameter: number): Type {
    const reference = this.file.parsed.references[index]
    if (reference === undefined || this.busy.has(index)) return UNKNOWN
    if (reference.kind === 'method_call' && reference.receiver !== null) {
      const receiver = this.values.of(reference.receiver, this.place(reference))
      const handed = own(this.values.container(receiver)?.callbacks, reference.path[0] ?? '')?.[parameter]
      if (handed !== undefined) return argument(receiver, handed)
    }
    const { outcome } = this.of(index)
    if (outcome.status !== 'resolved') return UNKNOWN
    const [def] = outcome.defs
    const written = def?.symbol.parameters.filter(({ name }) => name !== 'self' && name !== 'cls' && name !== 'this')[position]?.param_type
    if (def === undefined || written === undefined) return UNKNOWN
    const type = this.world.types.ofText(written, { from: def, file: def.file })
    return type.kind === 'lambda' ? (type.parameters[parameter] ?? UNKNOWN) : UNKNOWN
  }

  place(reference: Reference): Place {
    const from = reference.from === null ? undefined : this.file.defs.get(reference.from)
    return { from: from ?? null, file: this.file }
  }

  private resolve(reference: Reference): CallResult {
    const place = this.place(reference)
    if (reference.kind === 'method_call' && reference.receiver !== null) {
      return this.methodCall(reference, this.values.of(reference.receiver, place))
    }
    return reference.kind === 'call' ? this.call(reference, place) : UNKNOWN_RESULT
  }

  private call(reference: Reference, place: Place): CallResult {
    const { path } = reference
    const last = path[path.length - 1] ?? ''
    const [first = ''] = path
    if (first === 'super' && (path.length === 1 || last === 'constructor')) return this.parentConstructor(reference, place)
    if (path.length > 1 && (first === 'this' || first === 'self' || first === 'cls' || first === 'Self' || first === 'super')) {
      if (path.length > 2) return UNKNOWN_RESULT
      return this.methodCall(reference, this.world.types.ofText(first, place), last)
    }
    if (path.length === 1 && first === 'this') {
      const own = classAround(place.from)
      return own === null ? UNKNOWN_RESULT : this.construct(reference, own, 'self_type')
    }
    const implicit = path.length === 1 && this.world.rules.membersInScope ? this.implicitMember(reference, place, first) : null
    if (implicit !== null) return implicit
    const isNew = path.length > 1 && last === 'constructor'
    const { entities, via } = this.world.lookup.path(isNew ? path.slice(0, -1) : path, place)
    if (entities.length === 0) return UNKNOWN_RESULT
    const provenance = nameProvenance(via, isNew ? path.slice(0, -1) : path)
    return this.callEntities(reference, entities, isNew ? 'constructor' : provenance, isNew)
  }

  /** `run()` in a class that has or inherits it. */
  private implicitMember(reference: Reference, place: Place, name: string): CallResult | null {
    for (let def = place.from; def !== null; def = def.holder) {
      if (def.kind !== 'type') continue
      const found = this.world.members.find(def, [], name)
      const functions =
        found?.defs.filter((each) => each.kind === 'function' && !this.world.rules.constructorNames(def).includes(each.name)) ?? []
      if (found === null || functions.length === 0) continue
      return this.callFunctions(reference, functions, found.isInherited ? 'inherited' : 'self_receiver', found.by)
    }
    return null
  }

  private callEntities(reference: Reference, entities: readonly Entity[], provenance: string, isNew: boolean): CallResult {
    const defs = entities.flatMap((entity) => (entity.tag === 'def' ? [entity.def] : []))
    const functions = defs.filter((def) => def.kind === 'function')
    if (functions.length > 0 && isNew) return this.constructByFunction(reference, functions, provenance)
    if (functions.length > 0) return this.callFunctions(reference, functions, provenance)
    const macros = defs.filter((def) => def.kind === 'macro')
    if (macros.length > 0) return this.finish(macros, 'macro', undefined)
    const types = anyOf(
      defs.flatMap((def): Type[] =>
        def.kind === 'type' && (def.symbol.symbol_type !== 'interface' || !isNew)
          ? [{ kind: 'instance', def, args: [] }]
          : def.kind === 'alias'
            ? [this.world.types.ofDef(def) ?? UNKNOWN]
            : [],
      ),
    )
    if (types.kind === 'instance') {
      if (isNew || this.world.rules.callsMakeInstances) return this.construct(reference, types.def, 'constructor', types)
      return external(types)
    }
    const units = entities.flatMap((entity) => (entity.tag === 'unit' ? [entity.unit] : []))
    for (const unit of units) {
      const own = this.world.linker.member(unit, 'default')
      if (own.length > 0) return this.callEntities(reference, own, provenance, isNew)
    }
    if (entities.every((entity) => entity.tag === 'external')) return EXTERNAL_RESULT
    return this.callValue(defs)
  }

  /** A function of JavaScript that makes objects; its methods are put on its prototype. */
  private constructByFunction(reference: Reference, functions: readonly Def[], provenance: string): CallResult {
    const result = this.callFunctions(reference, functions, provenance)
    const [def] = functions
    return def !== undefined && makesObjects(def) ? { ...result, type: { kind: 'instance', def, args: [] } } : result
  }

  /** A variable that holds a function. Whose body that is, its text seldom says. */
  private callValue(defs: readonly Def[]): CallResult {
    const type = anyOf(
      defs
        .filter((def) => def.kind === 'value')
        .map((def) => this.values.called(this.values.ofPath([def.name], { from: def.holder, file: def.file }))),
    )
    return { ...UNKNOWN_RESULT, type }
  }

  private callFunctions(reference: Reference, defs: readonly Def[], provenance: string, by?: Substitution): CallResult {
    const chosen = this.world.rules.choose(this.world.linker.definitions?.(defs) ?? defs, reference.arity)
    if (chosen.length > 0 && chosen.length <= MOST_NAMESAKES) return this.finish(chosen, provenance, by)
    const { arity } = reference
    const takers = arity === null ? [] : defs.filter((def) => def.symbol.parameters.length === arity && !isVariadic(def))
    const place = this.place(reference)
    const fitting = byArguments(
      takers.slice(0, MOST_OVERLOADS),
      reference.args.map((arg) => this.values.of(arg, place)),
      this.world,
    )
    if (fitting.length > 0) return this.finish(fitting, provenance, by)
    // Whichever it is, all give the same.
    const [first] = takers
    const isOne = first !== undefined && takers.every((def) => def.symbol.return_type === first.symbol.return_type)
    return isOne ? { ...AMBIGUOUS_RESULT, type: this.values.resultOf(first, by) } : AMBIGUOUS_RESULT
  }

  private finish(defs: readonly Def[], provenance: string, by: Substitution | undefined): CallResult {
    const [first] = defs
    if (first === undefined) return UNKNOWN_RESULT
    return { outcome: { status: 'resolved', defs, provenance }, type: this.values.resultOf(first, by) }
  }

  /** A class is made: its constructor is called, its parents' where it has none and the language hands it on. */
  private construct(reference: Reference, def: Def, provenance: string, made: Type = { kind: 'instance', def, args: [] }): CallResult {
    const type = this.withTypeArguments(made, reference, def)
    for (const name of this.world.rules.constructorNames(def)) {
      const found = this.world.members.find(def, [], name)
      const functions = found?.defs.filter((each) => each.kind === 'function') ?? []
      if (found === null || functions.length === 0 || (found.isInherited && !this.world.rules.inheritsConstructors)) continue
      return { ...this.callFunctions(reference, functions, provenance), type }
    }
    return external(type)
  }

  private withTypeArguments(type: Type, reference: Reference, def: Def): Type {
    if (type.kind !== 'instance' || type.args.length > 0 || reference.type_args.length === 0) return type
    const place = this.place(reference)
    return { kind: 'instance', def, args: reference.type_args.map((text) => this.world.types.ofText(text, place)) }
  }

  private parentConstructor(reference: Reference, place: Place): CallResult {
    const parent = this.world.types.ofText('super', place)
    if (parent.kind !== 'instance') return parent.kind === 'named' ? EXTERNAL_RESULT : UNKNOWN_RESULT
    return this.construct(reference, parent.def, 'constructor')
  }

  private methodCall(reference: Reference, receiver: Type, name = reference.path[reference.path.length - 1] ?? ''): CallResult {
    switch (receiver.kind) {
      case 'unknown':
        return UNKNOWN_RESULT
      case 'any_of':
        return this.methodOfAny(reference, receiver.items, name)
      case 'unit':
        return this.memberOfUnit(reference, receiver.unit, name)
      case 'instance':
      case 'class':
        return this.methodOf(reference, receiver, name)
      case 'named':
        return this.methodOfNamed(receiver, reference, name)
      case 'record': {
        const field = receiver.fields.get(name)
        return field === undefined ? UNKNOWN_RESULT : external(this.values.called(field))
      }
      case 'functions': {
        const [def] = receiver.defs
        const own = def === undefined || !makesObjects(def) ? [] : (def.members.get(name) ?? []).filter((each) => each.kind === 'function')
        return own.length > 0 ? this.callFunctions(reference, own, receiverProvenance(reference, false)) : EXTERNAL_RESULT
      }
      case 'tuple':
      case 'lambda':
        return EXTERNAL_RESULT
    }
  }

  private memberOfUnit(reference: Reference, unit: Unit, name: string): CallResult {
    const entities = this.world.linker.member(unit, name)
    if (entities.length === 0) {
      // A module that is a function or class, `module.exports = Layer`, has the members of that.
      const whole = this.values.ofEntities(this.world.linker.member(unit, 'default'))
      return whole.kind === 'class' || whole.kind === 'functions' ? this.methodCall(reference, whole, name) : UNKNOWN_RESULT
    }
    const isNew = name === 'constructor'
    return this.callEntities(reference, entities, 'import_path', isNew)
  }

  private methodOf(reference: Reference, receiver: Extract<Type, { kind: 'instance' | 'class' }>, name: string): CallResult {
    const args = receiver.kind === 'instance' ? receiver.args : []
    if (receiver.kind === 'class' && name === 'constructor') return this.construct(reference, receiver.def, 'constructor')
    const found = this.world.members.find(receiver.def, args, name)
    if (found !== null) {
      const functions = found.defs.filter((def) => def.kind === 'function')
      const provenance = receiverProvenance(reference, found.isInherited)
      if (functions.length > 0) return this.callFunctions(reference, functions, provenance, found.by)
      const inner = found.defs.filter((def) => def.kind === 'type' || def.kind === 'alias')
      if (inner.length > 0) return this.callEntities(reference, entitiesOf(inner), provenance, false)
    }
    const field = this.world.members.fieldType(receiver.def, args, name)
    // A field that is a function of this repository, by its name: `{ open, close: shut }`.
    if (field?.kind === 'functions') return this.callFunctions(reference, field.defs, receiverProvenance(reference, false))
    if (field !== null || found !== null) {
      return { ...UNKNOWN_RESULT, type: this.values.called(field ?? this.values.step(receiver, { field: name })) }
    }
    return this.world.members.hasUnknownParent(receiver.def) ? EXTERNAL_RESULT : UNKNOWN_RESULT
  }

  private methodOfNamed(receiver: Extract<Type, { kind: 'named' }>, reference: Reference, name: string): CallResult {
    const container = this.values.container(receiver)
    if (container === undefined) return EXTERNAL_RESULT
    if (container.deref !== undefined && own(container.methods, name) === undefined) {
      return this.methodCall(reference, argument(receiver, container.deref), name)
    }
    const gives = own(container.methods, name)
    if (gives === undefined) return EXTERNAL_RESULT
    if (gives === 'self') return external(receiver)
    return external(
      typeof gives === 'number'
        ? argument(receiver, gives)
        : { kind: 'named', name: '[]', args: gives.map((at) => argument(receiver, at)) },
    )
  }

  /** One of several types: sure only when all that are known to have the method mean the same one. */
  private methodOfAny(reference: Reference, items: readonly Type[], name: string): CallResult {
    const results = items.map((item) => this.methodCall(reference, item, name))
    const resolved = results.filter(({ outcome }) => outcome.status === 'resolved')
    const [first] = resolved
    if (first === undefined)
      return results.some(({ outcome }) => outcome.status === 'ambiguous') ? AMBIGUOUS_RESULT : (results[0] ?? UNKNOWN_RESULT)
    if (results.some(({ outcome }) => outcome.status === 'external' || outcome.status === 'ambiguous')) return AMBIGUOUS_RESULT
    const targets = new Set(resolved.flatMap(({ outcome }) => (outcome.status === 'resolved' ? outcome.defs : [])))
    const one = first.outcome.status === 'resolved' ? first.outcome.defs.length : 0
    return targets.size === one ? first : { ...AMBIGUOUS_RESULT, type: anyOf(resolved.map(({ type }) => type)) }
  }
}
