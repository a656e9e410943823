import { makesObjects, type Def, type Entity, type FileScope, type Unit } from './model.js'
import type { TypeSyntax } from './type-syntax.js'
import type { World } from './world.js'

/** What is known of a value. */
export type Type =
  | { readonly kind: 'instance'; readonly def: Def; readonly args: readonly Type[] }
  /** The class itself. */
  | { readonly kind: 'class'; readonly def: Def }
  | { readonly kind: 'unit'; readonly unit: Unit }
  | { readonly kind: 'functions'; readonly defs: readonly Def[] }
  | { readonly kind: 'lambda'; readonly parameters: readonly Type[]; readonly result: Type }
  /** Not of this repository: by its name, for what it holds. */
  | { readonly kind: 'named'; readonly name: string; readonly args: readonly Type[] }
  | { readonly kind: 'tuple'; readonly items: readonly Type[] }
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Type> }
  | { readonly kind: 'any_of'; readonly items: readonly Type[] }
  | { readonly kind: 'unknown' }

export const UNKNOWN: Type = { kind: 'unknown' }
export type Substitution = ReadonlyMap<string, Type>
const NOTHING: Substitution = new Map()

/** Where a type is read. */
export interface Place {
  readonly from: Def | null
  readonly file: FileScope
}

export function placeOf(def: Def): Place {
  return { from: def, file: def.file }
}

/** Aliases of aliases, and types that name themselves, end here. */
const MAX_DEPTH = 24
/** Parts that one written type is read in. Aliases of records of aliases would otherwise be written out twice at each step. */
const MAX_PARTS = 2_000

/** Types as written to types of the repository. */
export class Types {
  private depth = 0
  private parts = 0

  constructor(private readonly world: World) {}

  ofText(text: string | null, place: Place, by: Substitution = NOTHING): Type {
    return text === null ? UNKNOWN : this.of(this.world.rules.readType(text), place, by)
  }

  of(syntax: TypeSyntax, place: Place, by: Substitution = NOTHING): Type {
    if (this.depth === 0) this.parts = 0
    if (this.depth >= MAX_DEPTH || this.parts++ >= MAX_PARTS) return UNKNOWN
    this.depth++
    try {
      return this.read(syntax, place, by)
    } finally {
      this.depth--
    }
  }

  private read(syntax: TypeSyntax, place: Place, by: Substitution): Type {
    const inner = (each: TypeSyntax): Type => this.of(each, place, by)
    switch (syntax.kind) {
      case 'named':
        return this.named(syntax.path, syntax.args.map(inner), place, by)
      case 'tuple':
        return { kind: 'tuple', items: syntax.items.map(inner) }
      case 'function':
        return { kind: 'lambda', parameters: syntax.parameters.map(inner), result: inner(syntax.result) }
      case 'any_of':
        return anyOf(syntax.items.map(inner))
      case 'self': {
        const type = inner(syntax.of)
        if (type.kind === 'instance') return { kind: 'class', def: type.def }
        return syntax.of.kind === 'named' ? this.world.values.ofPath(syntax.of.path, place) : UNKNOWN
      }
      case 'record':
        return { kind: 'record', fields: new Map([...syntax.fields].map(([name, field]) => [name, inner(field)])) }
      case 'result': {
        const type = this.world.values.called(this.world.values.ofPath(syntax.path, place))
        return syntax.isFirst && type.kind === 'tuple' ? (type.items[0] ?? UNKNOWN) : type
      }
      case 'unknown':
        return UNKNOWN
    }
  }

  private named(path: readonly string[], args: readonly Type[], place: Place, by: Substitution): Type {
    const [name = ''] = path
    if (path.length === 1) {
      const given = by.get(name)
      if (given !== undefined) return given
      if (name === 'this' || name === 'self' || name === 'Self' || name === 'cls') {
        const own = classAround(place.from)
        if (own !== null) return name === 'cls' ? { kind: 'class', def: own } : { kind: 'instance', def: own, args: [] }
      }
      if (name === 'super') return this.superOf(place)
      for (let def = place.from; def !== null; def = def.holder) {
        const bound = def.generics.get(name)
        if (bound !== undefined) return bound === '' ? UNKNOWN : this.ofText(bound, { from: def.holder, file: def.file })
      }
    }
    const { entities } = this.world.lookup.path(path, place)
    const types = entities.flatMap((entity) => this.ofEntity(entity, args))
    if (types.length > 0) return anyOf(types)
    if (entities.some((entity) => entity.tag !== 'external')) return UNKNOWN
    return { kind: 'named', name: path[path.length - 1] ?? '', args }
  }

  private ofEntity(entity: Entity, args: readonly Type[]): Type[] {
    if (entity.tag !== 'def') return []
    const type = this.ofDef(entity.def, args)
    return type === null ? [] : [type]
  }

  /** What a value of a class or an alias is, `null` for anything else. A type of Go that stands for another has methods of its own. */
  ofDef(def: Def, args: readonly Type[] = []): Type | null {
    if (def.kind === 'type' || (def.kind === 'alias' && def.members.size > 0) || makesObjects(def)) return { kind: 'instance', def, args }
    return def.kind === 'alias' && def.written !== null ? this.ofText(def.written, placeOf(def), substitution(def, args)) : null
  }

  /** What a type with methods of its own is made of: `type Names []string`. */
  underlying(type: Type): Type {
    if (type.kind !== 'instance' || type.def.kind !== 'alias') return type
    return this.ofText(type.def.written, placeOf(type.def), substitution(type.def, type.args))
  }

  private superOf(place: Place): Type {
    const own = classAround(place.from)
    if (own === null) return UNKNOWN
    const parents = this.supers(own, [])
    return parents.find((type) => type.kind === 'instance') ?? parents[0] ?? UNKNOWN
  }

  private readonly parents = new Map<Def, readonly Type[]>()
  private readonly busy = new Set<Def>()

  /** What a class extends, implements or embeds, in order. Their names are read outside the class, where its parents' members are not yet seen. */
  supers(def: Def, args: readonly Type[]): readonly Type[] {
    if (def.supers.length === 0 || this.busy.has(def)) return []
    const known = args.length === 0 ? this.parents.get(def) : undefined
    if (known !== undefined) return known
    this.busy.add(def)
    const by = new Map([...def.generics.keys()].map((name, index): [string, Type] => [name, args[index] ?? UNKNOWN]))
    const types = def.supers.map((text) => this.ofText(text, { from: def.holder, file: def.file }, by))
    this.busy.delete(def)
    if (args.length === 0 && this.busy.size === 0) this.parents.set(def, types)
    return types
  }
}

export function substitution(def: Def, args: readonly Type[]): Substitution {
  if (args.length === 0 || def.generics.size === 0) return NOTHING
  return new Map(
    [...def.generics.keys()].flatMap((name, index): [string, Type][] => (args[index] === undefined ? [] : [[name, args[index]]])),
  )
}

/** Several types a value may have; the same twice is one. */
export function anyOf(types: readonly Type[]): Type {
  if (types.length > MAX_ALTERNATIVES * 8) return UNKNOWN
  const flat = types.flatMap((type) => (type.kind === 'any_of' ? type.items : [type]))
  const kept = flat.filter((type, index) => flat.findIndex((other) => same(type, other)) === index)
  if (kept.length === 0 || kept.length > MAX_ALTERNATIVES) return UNKNOWN
  return kept.length === 1 && kept[0] !== undefined ? kept[0] : { kind: 'any_of', items: kept }
}

/** A value that may be more things than this is nothing that a method's name tells apart. */
const MAX_ALTERNATIVES = 32

function same(a: Type, b: Type): boolean {
  if (a === b) return true
  if (a.kind === 'instance' && b.kind === 'instance') return a.def === b.def
  if (a.kind === 'class' && b.kind === 'class') return a.def === b.def
  if (a.kind === 'named' && b.kind === 'named') return a.name === b.name && a.args.length === 0 && b.args.length === 0
  return a.kind === 'unknown' && b.kind === 'unknown'
}

/** The class that a name such as `this` means here. */
export function classAround(from: Def | null): Def | null {
  for (let def = from; def !== null; def = def.holder) if (def.kind === 'type') return def
  return null
}
