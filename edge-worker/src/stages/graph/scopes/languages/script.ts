import { oneWithBody } from '../choose.js'
import { FileIndex } from '../file-index.js'
import { distinct, entitiesOf } from '../lookup.js'
import { Memo } from '../memo.js'
import { EXTERNAL_ENTITY, type Def, type Entity, type FileScope, type Unit } from '../model.js'
import { topDefs, type FoundSymbols } from '../public-api.js'
import type { Container, Linker, Rules } from '../rules.js'
import { scriptPublicApi } from './script-public-api.js'
import { ScriptModules } from './script-modules.js'
import { readScriptType } from './script-types.js'
import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { Reference } from '@doctown/common/contracts/reference.js'

const LIST: Container = {
  index: 0,
  item: 0,
  methods: {
    at: 0,
    find: 0,
    findLast: 0,
    pop: 0,
    shift: 0,
    filter: 'self',
    slice: 'self',
    concat: 'self',
    reverse: 'self',
    sort: 'self',
    toSorted: 'self',
    values: 'self',
  },
  callbacks: Object.fromEntries(
    ['map', 'forEach', 'filter', 'find', 'findIndex', 'findLast', 'some', 'every', 'flatMap'].map((name) => [name, [0]]),
  ),
}
const SET: Container = { item: 0, methods: { values: [0] }, callbacks: { forEach: [0] } }
const MAP: Container = { methods: { get: 1, values: [1], keys: [0] }, callbacks: { forEach: [1, 0] } }
const PROMISE: Container = { awaited: 0, methods: { finally: 'self', catch: 'self' }, callbacks: { then: [0] } }
const LISTS = [
  '[]',
  'Array',
  'ReadonlyArray',
  'Iterable',
  'Iterator',
  'IterableIterator',
  'Generator',
  'AsyncIterable',
  'AsyncGenerator',
  'AsyncIterableIterator',
  'ArrayLike',
]

/** TypeScript and JavaScript: modules by relative paths and names of packages. */
export const script: Rules = Object.freeze<Rules>({
  languages: ['TypeScript', 'JavaScript'],
  readType: readScriptType,
  membersInScope: false,
  constructorNames: () => ['constructor'],
  inheritsConstructors: true,
  callsMakeInstances: false,
  containers: {
    ...Object.fromEntries(LISTS.map((name) => [name, LIST])),
    Set: SET,
    ReadonlySet: SET,
    WeakSet: SET,
    Map: MAP,
    ReadonlyMap: MAP,
    WeakMap: MAP,
    Promise: PROMISE,
    PromiseLike: PROMISE,
    Record: { index: 1 },
    Readonly: { deref: 0 },
    Partial: { deref: 0 },
    Required: { deref: 0 },
    NonNullable: { deref: 0 },
    Awaited: { deref: 0 },
  },
  wrapAsync: false,
  choose: oneWithBody,
  link: (files, packages) => new ScriptLinker(files, packages),
})

/** Names under which a CommonJS module hands out what it is itself. */
const WHOLE = ['default', 'export=', 'module.exports']

export class ScriptLinker implements Linker {
  private readonly members = new Memo<Entity>()
  private readonly modules: ScriptModules
  private readonly index: FileIndex

  constructor(
    files: readonly FileScope[],
    private readonly packages: PackageFacts,
  ) {
    this.index = new FileIndex(files)
    this.modules = new ScriptModules(this.index, packages)
  }

  unitsOf(file: FileScope, { path }: Reference): readonly Unit[] {
    const module = path[0] === '' ? undefined : this.modules.resolve(path[0] ?? '', file.file)
    return module === undefined ? [] : [this.index.unitOf(module)]
  }

  imported(file: FileScope, reference: Reference): readonly Entity[] {
    const { path } = reference
    if (path[0] === '') return this.local(file, path.slice(1), reference)
    const [unit] = this.unitsOf(file, reference)
    if (unit === undefined) return [EXTERNAL_ENTITY]
    const name = path[1]
    if (name === undefined || name === '*') return [{ tag: 'unit', unit }]
    const found = this.member(unit, name)
    // What is asked of a CommonJS module as its default is the module.
    return found.length === 0 && name === 'default' ? [{ tag: 'unit', unit }] : found
  }

  member(unit: Unit, name: string): readonly Entity[] {
    const [file] = unit.files
    return file === undefined ? [] : this.members.of(`${file.file}\n${name}`, () => this.exported(file, name))
  }

  shared(): readonly Entity[] {
    return []
  }

  publicApi(): FoundSymbols {
    return scriptPublicApi(this.index.files, this, this.modules, this.packages)
  }

  unit(file: FileScope): Unit {
    return this.index.unitOf(file)
  }

  /** Names that a module hands out, those of `export *` too. */
  exportedNames(unit: Unit, seen: Set<string> = new Set()): ReadonlySet<string> {
    const names = new Set<string>()
    const [file] = unit.files
    if (file === undefined || seen.has(unit.key)) return names
    seen.add(unit.key)
    for (const def of topDefs(file)) {
      if (isDefault(def)) names.add('default')
      if (def.symbol.is_public_api && !/\bdefault\b/.test(def.symbol.visibility)) names.add(def.name)
    }
    const imports = file.imports.get('')
    for (const [alias, references] of imports?.named ?? []) if (references.some((each) => each.is_public)) names.add(alias)
    for (const glob of imports?.globs ?? []) {
      if (!glob.is_public) continue
      for (const each of this.unitsOf(file, glob))
        for (const name of this.exportedNames(each, seen)) if (name !== 'default') names.add(name)
    }
    return names
  }

  private exported(file: FileScope, name: string): readonly Entity[] {
    const imports = file.imports.get('')
    const named = imports?.named.get(name)?.filter((each) => each.is_public) ?? []
    if (named.length > 0) return distinct(named.flatMap((each) => this.imported(file, each)))
    const own = name === 'default' ? topDefs(file).filter(isDefault) : (file.names.get(name) ?? [])
    if (own.length > 0) return entitiesOf(own)
    if (WHOLE.includes(name)) return []
    const units = (imports?.globs ?? []).filter((each) => each.is_public).flatMap((each) => this.unitsOf(file, each))
    return distinct(units.flatMap((each) => this.member(each, name)))
  }

  /** `export { a as b }`: `a` is a name of this file, its own or imported. */
  private local(file: FileScope, path: readonly string[], asked: Reference): readonly Entity[] {
    const [name = ''] = path
    const own = file.names.get(name)
    if (own !== undefined) return entitiesOf(own)
    const named =
      file.imports
        .get('')
        ?.named.get(name)
        ?.filter((each) => each !== asked && each.path[0] !== '') ?? []
    return distinct(named.flatMap((each) => this.imported(file, each)))
  }
}

export function isDefault(def: Def): boolean {
  return def.name === 'default' || /\bdefault\b/.test(def.symbol.visibility)
}
