import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { Reference } from '@doctown/common/contracts/reference.js'
import { attachMethods } from '../attach.js'
import { byArity } from '../choose.js'
import { FileIndex } from '../file-index.js'
import { distinct, entitiesOf } from '../lookup.js'
import { EXTERNAL_ENTITY, push, type Def, type Entity, type FileScope, type Unit } from '../model.js'
import type { Container, Linker, Rules } from '../rules.js'
import { readCType } from './c-types.js'
import { Includes } from './c-includes.js'

const LIST: Container = { index: 0, item: 0, methods: { front: 0, back: 0, at: 0, top: 0 } }
const MAP: Container = { index: 1, methods: { at: 1 } }
const POINTER: Container = { deref: 0, methods: { get: 0, release: 0, value: 0, lock: 'self' } }
const named = (names: string, container: Container): Record<string, Container> =>
  Object.fromEntries(names.split(' ').map((name) => [name, container]))

/** C and C++: what a file includes it sees; a prototype stands for its one definition. */
export const c: Rules = Object.freeze<Rules>({
  languages: ['C', 'C++'],
  readType: readCType,
  membersInScope: true,
  constructorNames: (type: Def) => [type.name, 'constructor'],
  inheritsConstructors: false,
  callsMakeInstances: true,
  containers: {
    ...named('[] vector array deque list set unordered_set multiset queue stack span initializer_list', LIST),
    ...named('map unordered_map multimap', MAP),
    ...named('unique_ptr shared_ptr weak_ptr optional reference_wrapper atomic', POINTER),
  },
  wrapAsync: false,
  choose: definitionOf,
  link: (files, packages) => new CLinker(files, packages),
})

/** Of a prototype and its definition the definition, of overloads the one with that many parameters. */
function definitionOf(candidates: readonly Def[], arity: number | null): readonly Def[] {
  if (candidates.length < 2) return candidates
  const bodies = candidates.filter((def) => def.hasBody)
  if (bodies.length === 1 && sameParameters(candidates)) return bodies
  const shapes = new Map<string, Def[]>()
  for (const def of candidates) push(shapes, shapeOf(def), def)
  const kept = [...shapes.values()].map((defs) => defs.filter((def) => def.hasBody)[0] ?? defs[0]).filter((def) => def !== undefined)
  // The same text twice is chosen by the preprocessor.
  return [...shapes.values()].some((defs) => defs.filter((def) => def.hasBody).length > 1) ? [] : byArity(kept, arity)
}

function sameParameters(defs: readonly Def[]): boolean {
  return new Set(defs.map((def) => def.symbol.parameters.length)).size === 1
}

function shapeOf(def: Def): string {
  return def.symbol.parameters.map(({ param_type: type }) => type.replace(/\s+|\w+::/g, '')).join(',')
}

class CLinker implements Linker {
  private readonly index: FileIndex
  private readonly includes: Includes
  /** Everything outside functions by its full name, `ns::Class::f`, of all files. */
  private readonly global = new Map<string, Def[]>()

  constructor(files: readonly FileScope[], _packages: PackageFacts) {
    attachMethods(files, () => '')
    this.index = new FileIndex(files)
    this.includes = new Includes(this.index)
    for (const file of files) {
      for (const def of file.defs.values()) if (def.holder === null || def.holder.kind === 'namespace') push(this.global, nameOf(def), def)
    }
  }

  unitsOf(file: FileScope, reference: Reference): readonly Unit[] {
    const [first = '', second = ''] = reference.path
    if (first === '') return [{ key: second, files: [] }]
    const target = this.includes.resolve(first, file)
    return target === undefined ? [] : [this.index.unitOf(target)]
  }

  imported(file: FileScope, { path }: Reference): readonly Entity[] {
    if (path[0] !== '') return [EXTERNAL_ENTITY]
    const found = this.named(path[1] ?? '', file)
    return found.length > 0 ? found : [EXTERNAL_ENTITY]
  }

  /** Of a namespace; an included file's names are seen through `shared`, because they are seen by all that comes after. */
  member(unit: Unit, name: string): readonly Entity[] {
    return unit.files.length > 0 ? [] : this.named(`${unit.key}::${name}`, null)
  }

  shared(file: FileScope, from: Def | null, name: string): readonly Entity[] {
    for (let scope = namespaceOf(from); ; scope = scope.slice(0, Math.max(scope.lastIndexOf('::'), 0))) {
      const found = this.named(scope === '' ? name : `${scope}::${name}`, file)
      if (found.length > 0 || scope === '') return found
    }
  }

  /** What is seen from a file: its own, what it includes, and the definitions of what it sees declared. */
  private named(path: string, file: FileScope | null): readonly Entity[] {
    const all = this.global.get(path) ?? []
    const seen = file === null ? all : all.filter((def) => this.includes.sees(file, def.file))
    if (seen.length === 0) return this.isNamespace(path) ? [{ tag: 'unit', unit: { key: path, files: [] } }] : []
    if (seen.every((def) => def.kind === 'namespace')) return [{ tag: 'unit', unit: { key: path, files: [] } }]
    return distinct(entitiesOf(seen))
  }

  /** A prototype stands for what the linker will find: the definition that is not `static`. */
  definitions(declared: readonly Def[]): readonly Def[] {
    const [first] = declared
    if (first === undefined || first.holder?.kind === 'type' || declared.some((def) => def.hasBody || isStatic(def))) return declared
    const found = (this.global.get(nameOf(first)) ?? []).filter((def) => def.hasBody && def.kind === 'function' && !isStatic(def))
    return [...new Set([...declared, ...found])]
  }

  private isNamespace(path: string): boolean {
    return this.global.get(path)?.some((def) => def.kind === 'namespace') === true
  }
}

function isStatic(def: Def): boolean {
  return /^(?:\w+\s+)*?static\b/.test(def.symbol.signature)
}

/** Namespaces by what holds a definition, written apart or not. */
function nameOf(def: Def): string {
  return def.holder === null ? def.name : `${nameOf(def.holder)}::${def.name}`
}

function namespaceOf(from: Def | null): string {
  for (let def = from; def !== null; def = def.holder) if (def.kind === 'namespace') return nameOf(def)
  return ''
}
