import type { ValueBase, ValueOrigin, ValueStep } from '@doctown/common/contracts/reference.js'
import type { Def } from './model.js'
import type { Container } from './rules.js'
import { anyOf, placeOf, UNKNOWN, type Place, type Substitution, type Type } from './types.js'
import type { World } from './world.js'

/** What calls give back and hand to closures; the calls of one file. */
export interface CallTypes {
  result(reference: number): Type
  closureParameter(reference: number, argument: number, parameter: number): Type
}

/** Types of values: where they come from, then step by step. */
export class Values {
  constructor(
    private readonly world: World,
    private readonly calls: CallTypes | null,
  ) {}

  of(origin: ValueOrigin, place: Place): Type {
    return origin.steps.reduce((type, step) => (type.kind === 'unknown' ? type : this.step(type, step)), this.ofBase(origin.base, place))
  }

  private ofBase(base: ValueBase, place: Place): Type {
    switch (base.kind) {
      case 'type':
        return this.world.types.ofText(base.text, place)
      case 'path':
        return this.ofPath(base.path, place)
      case 'result':
        return this.calls?.result(base.reference) ?? UNKNOWN
      case 'closure_parameter':
        return this.calls?.closureParameter(base.reference, base.argument, base.parameter) ?? UNKNOWN
      case 'closure':
        return { kind: 'lambda', parameters: [], result: this.of(base.body, place) }
      case 'tuple':
        return { kind: 'tuple', items: base.items.map((item) => this.of(item, place)) }
      case 'one_of':
        return anyOf(base.values.map((value) => this.of(value, place)))
      case 'unknown':
        return UNKNOWN
    }
  }

  /** A name used as a value: a class, module, function, or a variable of a known type. */
  ofPath(path: readonly string[], place: Place): Type {
    const { entities } = this.world.lookup.path(path, place)
    const functions: Def[] = []
    const types: Type[] = []
    for (const entity of entities) {
      if (entity.tag === 'external') types.push({ kind: 'named', name: path[path.length - 1] ?? '', args: [] })
      else if (entity.tag === 'unit') types.push({ kind: 'unit', unit: entity.unit })
      else if (entity.def.kind === 'function') {
        if (this.world.rules.functionsAreNoValues !== true) functions.push(entity.def)
      } else types.push(this.ofDef(entity.def))
    }
    if (functions.length > 0) types.unshift({ kind: 'functions', defs: functions })
    // An interface beside a constant of its name says nothing of the value.
    const known = types.filter((type) => type.kind !== 'unknown')
    return known.length === 0 ? UNKNOWN : anyOf(known)
  }

  private ofDef(def: Def): Type {
    if (def.kind === 'type') return def.symbol.symbol_type === 'interface' ? UNKNOWN : { kind: 'class', def }
    if (def.kind === 'value') return this.ofValue(def)
    if (def.kind !== 'alias') return UNKNOWN
    const type = this.world.types.ofDef(def) ?? UNKNOWN
    return type.kind === 'instance' ? { kind: 'class', def: type.def } : type
  }

  private ofValue(def: Def, by?: Substitution): Type {
    if (def.written !== null && def.written !== '') return this.world.types.ofText(def.written, placeOf(def), by)
    const { return_type: written } = def.symbol
    if (written !== null && def.symbol.symbol_type === 'field') return this.world.types.ofText(written, placeOf(def), by)
    return def.members.size > 0 || def.fields.size > 0 ? { kind: 'class', def } : UNKNOWN
  }

  step(type: Type, step: ValueStep): Type {
    if (type.kind === 'any_of') return anyOf(type.items.map((item) => this.step(item, step)).filter((item) => item.kind !== 'unknown'))
    if ('field' in step) return this.field(type, step.field)
    return this.operation(this.world.types.underlying(type), step, type)
  }

  private operation(type: Type, step: Extract<ValueStep, { readonly op: unknown }>, whole: Type): Type {
    const container = this.container(type)
    switch (step.op) {
      case 'await':
        return container?.awaited === undefined ? whole : argument(type, container.awaited)
      case 'index':
      case 'slice':
        if (step.op === 'slice' && type.kind === 'named') return whole
        return container?.index === undefined ? UNKNOWN : argument(type, container.index)
      case 'iter_item':
        if (type.kind === 'tuple') return anyOf(type.items)
        return container?.item === undefined ? UNKNOWN : argument(type, container.item)
      case 'deref':
      case 'ref':
      case 'ref_mut':
        return container?.deref === undefined ? whole : argument(type, container.deref)
      case 'call':
        return this.called(type)
      case 'try':
      case 'binary':
        return UNKNOWN
    }
  }

  container(type: Type): Container | undefined {
    return type.kind === 'named' ? own(this.world.rules.containers, type.name) : undefined
  }

  /** What a call of a value gives. */
  called(type: Type): Type {
    if (type.kind === 'lambda') return type.result
    if (type.kind === 'class') return { kind: 'instance', def: type.def, args: [] }
    if (type.kind === 'functions' && type.defs[0] !== undefined) return this.resultOf(type.defs[0])
    return UNKNOWN
  }

  resultOf(def: Def, by?: Substitution): Type {
    const { return_type: written, signature } = def.symbol
    // What is not written may be told by what it returns.
    const type = this.world.types.ofText(written ?? def.written, placeOf(def), by)
    return this.world.rules.wrapAsync && /^(?:\S+\s+)*?async\b/.test(signature) ? { kind: 'named', name: 'Awaitable', args: [type] } : type
  }

  private field(type: Type, name: string): Type {
    const { members, linker } = this.world
    if (type.kind === 'unit') return this.ofEntities(linker.member(type.unit, name))
    if (type.kind === 'record') return type.fields.get(name) ?? UNKNOWN
    if (type.kind === 'tuple') return type.items[Number(name)] ?? UNKNOWN
    if (type.kind === 'named') {
      const container = this.container(type)
      return container?.deref === undefined ? UNKNOWN : this.field(argument(type, container.deref), name)
    }
    if (type.kind !== 'instance' && type.kind !== 'class') return UNKNOWN
    const args = type.kind === 'instance' ? type.args : []
    const field = members.fieldType(type.def, args, name)
    if (field !== null) return field
    const found = members.find(type.def, args, name)
    if (found === null) return type.def.kind === 'alias' ? this.field(this.world.types.underlying(type), name) : UNKNOWN
    const [def] = found.defs
    if (def === undefined) return UNKNOWN
    if (def.kind === 'value') return this.ofValue(def, found.by)
    if (def.kind === 'type') return { kind: 'class', def }
    if (def.kind !== 'function') return UNKNOWN
    return isGetter(def) ? this.resultOf(def, found.by) : { kind: 'functions', defs: found.defs }
  }

  ofEntities(entities: ReturnType<World['linker']['member']>): Type {
    const functions = entities.flatMap((entity) => (entity.tag === 'def' && entity.def.kind === 'function' ? [entity.def] : []))
    if (functions.length > 0) return { kind: 'functions', defs: functions }
    const types = entities.map((entity): Type => {
      if (entity.tag === 'unit') return { kind: 'unit', unit: entity.unit }
      return entity.tag === 'def' ? this.ofDef(entity.def) : UNKNOWN
    })
    return types.length === 0 ? UNKNOWN : anyOf(types)
  }
}

/** What a table has itself: every object has a `toString`, and so may somebody's class. */
export function own<T>(table: Readonly<Record<string, T | undefined>> | undefined, name: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined
}

export function argument(type: Type, index: number): Type {
  return type.kind === 'named' ? (type.args[index] ?? UNKNOWN) : UNKNOWN
}

/** `get x()` of a script, `@property` of Python. */
function isGetter(def: Def): boolean {
  if (/^(?:(?:public|protected|private|static|override|abstract|readonly)\s+)*get\s+[\w#$[]/.test(def.symbol.signature)) return true
  return def.symbol.attributes.some((attribute) => /\b(?:property|cached_property|getter)\b/.test(attribute))
}
