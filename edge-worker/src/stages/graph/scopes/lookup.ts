import type { Def, Entity, FileScope, Found, Via } from './model.js'
import { EXTERNAL_ENTITY, NOT_FOUND } from './model.js'
import type { Place } from './types.js'
import type { World } from './world.js'

/** What a name means at a place: innermost scope first, as the languages have it. */
export class Lookup {
  constructor(private readonly world: World) {}

  /** A name of one or more segments. What comes before the last must be a module, a class or a value of a known class. */
  path(path: readonly string[], place: Place): Found {
    const [first = '', ...rest] = path
    if (rest.length === 0) return this.name(first, place)
    let found = this.name(first, place)
    for (const name of rest) {
      if (found.entities.length === 0) return found
      const entities = found.entities.flatMap((entity) => this.memberOf(entity, name))
      found = { entities: distinct(entities), via: found.via === 'import' || found.via === 'package' ? found.via : 'member' }
    }
    return found
  }

  name(name: string, place: Place): Found {
    for (let def = place.from; def !== null; def = def.holder) {
      const imported = this.fromImports(place.file, def.id, name)
      if (imported !== null) return imported
      const own = this.inside(def, name, def === place.from)
      if (own.length > 0) return found(own, 'enclosing')
    }
    const own = place.file.names.get(name)
    if (own !== undefined) return found(own, 'same_module')
    const imported = this.fromImports(place.file, '', name)
    if (imported?.via === 'import') return imported
    const shared = this.world.linker.shared(place.file, place.from, name)
    if (shared.length > 0) return { entities: shared, via: 'package' }
    return imported ?? NOT_FOUND
  }

  private inside(def: Def, name: string, isInnermost: boolean): readonly Def[] {
    if (def.kind === 'type') {
      if (this.world.rules.membersInScope) return this.world.members.find(def, [], name)?.defs ?? []
      // Fields and methods of structs and interfaces are reached through a value only; the body of a class is a scope of its own.
      const isScope = isInnermost && def.symbol.symbol_type !== 'struct' && def.symbol.symbol_type !== 'interface'
      return isScope ? (def.members.get(name) ?? []) : []
    }
    // What is put on a function is no name inside of it; what is written in it is.
    return def.kind === 'value' ? [] : (def.members.get(name) ?? []).filter((each) => each.symbol.symbol_type !== 'method')
  }

  private fromImports(file: FileScope, from: string, name: string): Found | null {
    const imports = file.imports.get(from)
    if (imports === undefined) return null
    const { linker } = this.world
    const named = imports.named.get(name)
    if (named !== undefined) return { entities: distinct(named.flatMap((each) => linker.imported(file, each))), via: 'import' }
    let external = false
    for (const glob of imports.globs) {
      const units = linker.unitsOf(file, glob)
      if (units.length === 0) external = true
      const entities = units.flatMap((unit) => linker.member(unit, name)).filter((entity) => entity.tag !== 'external')
      if (entities.length > 0) return { entities: distinct(entities), via: 'glob' }
    }
    // What a module that we do not have offers may be this name too: not sure, but nothing of ours.
    return external ? { entities: [EXTERNAL_ENTITY], via: 'none' } : null
  }

  memberOf(entity: Entity, name: string): readonly Entity[] {
    if (entity.tag === 'external') return [entity]
    if (entity.tag === 'unit') return this.world.linker.member(entity.unit, name)
    const { def } = entity
    const own = def.members.get(name)
    if (own !== undefined) return entitiesOf(own)
    if (def.kind === 'type') return entitiesOf(this.world.members.find(def, [], name)?.defs ?? [])
    if (def.kind !== 'alias' && def.kind !== 'value') return []
    const type = this.world.types.ofText(def.written, { from: def, file: def.file })
    return type.kind === 'instance' ? entitiesOf(this.world.members.find(type.def, type.args, name)?.defs ?? []) : []
  }
}

export function entitiesOf(defs: readonly Def[]): Entity[] {
  return defs.map((def) => ({ tag: 'def', def }))
}

function found(defs: readonly Def[], via: Via): Found {
  return { entities: entitiesOf(defs), via }
}

export function distinct(entities: readonly Entity[]): Entity[] {
  return entities.filter((entity, index) => entities.findIndex((other) => isSame(entity, other)) === index)
}

function isSame(a: Entity, b: Entity): boolean {
  if (a.tag === 'def' && b.tag === 'def') return a.def === b.def
  if (a.tag === 'unit' && b.tag === 'unit') return a.unit.key === b.unit.key
  return a.tag === b.tag
}
