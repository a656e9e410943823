import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { RepositoryModel } from './build-model.js'
import { local, push } from './build-model.js'
import type { Crate, Definition, Import, Module, Namespace, Scope, TraitDef } from './model.js'
import type { StdModel } from './std-model.js'

/** What a path leads to: several definitions where `#[cfg]` chooses one of them, and the segments after a type or trait. */
export interface Resolved {
  readonly definitions: readonly Definition[]
  readonly rest: readonly string[]
}

const NOTHING: Resolved = { definitions: [], rest: [] }
const STD_CRATES = new Set(['std', 'core', 'alloc'])
const PRIMITIVES = new Set('bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64'.split(' '))
const PRELUDE = new Set(
  (
    'Option Some None Result Ok Err Vec String Box Iterator IntoIterator DoubleEndedIterator ExactSizeIterator Extend FromIterator Clone Copy Send Sync Sized Drop ' +
    'Fn FnMut FnOnce Eq PartialEq Ord PartialOrd Default From Into TryFrom TryInto AsRef AsMut ToOwned ToString drop'
  ).split(' '),
)

type Store = Pick<Module, 'names' | 'imports' | 'globs' | 'nameless'>
type Found = Map<string, readonly Definition[]>

/** Finds what a path names: modules, imports with renames, globs and re-exports, other crates of the repository, the standard library. */
export class Names {
  private readonly libraries = new Map<string, Crate[]>()
  private readonly memo = new Map<Module | Import['module'], Found>()
  private readonly scoped = new Map<Module, Map<TraitDef, boolean>>()
  private query: Map<Module, Found> | null = null
  private cycle = false

  constructor(
    model: RepositoryModel,
    private readonly std: StdModel,
    files: readonly ParsedFile[],
    /** Whether the documented build has a symbol: what `#[cfg]` leaves out hides no import. */
    private readonly isBuilt: (id: SymbolId) => boolean = () => true,
  ) {
    for (const crate of model.crates) if (crate.isLibrary) push(this.libraries, crate.name, crate)
    for (const file of files) {
      for (const reference of file.references) {
        if (reference.kind !== 'import') continue
        const scope = model.scopeOf(file.file, reference.from)
        if (scope === undefined) continue
        const store = scope.parent === null ? scope.module : local(scope)
        const entry: Import = { path: reference.path, isPublic: reference.is_public, module: scope.module }
        if (reference.alias === '*') store.globs.push(entry)
        else if (reference.alias === '_') store.nameless.push(entry)
        else push(store.imports, reference.alias ?? '', entry)
      }
    }
  }

  resolve(path: readonly string[], scope: Scope, namespace: Namespace): Resolved {
    const first = path[0] ?? ''
    const wanted = path.length === 1 ? namespace : 'type'
    for (let at: Scope | null = scope; at !== null && path.length > 0; at = at.parent) {
      if (at.local === null || first === '') continue
      const found = this.inStore(at.local, at.module, wanted, first)
      if (found.length > 0) return this.follow(found, path, 1, namespace)
    }
    return this.fromModule(path, scope.module, namespace, false)
  }

  /** A glob or named import may stand for a module, a file or a symbol. */
  resolveImport(entry: Pick<Import, 'path' | 'module'>, namespace: Namespace): Resolved {
    return this.fromModule(entry.path, entry.module, namespace, true)
  }

  /** Whether a trait's methods can be called here: it is named in the module, or around in the function, under any name or none. */
  isInScope(trait: TraitDef, scope: Scope): boolean {
    for (let at: Scope | null = scope; at !== null; at = at.parent) {
      if (at.local !== null && this.brings(at.local, at.module, trait)) return true
    }
    let known = this.scoped.get(scope.module)
    if (known === undefined) this.scoped.set(scope.module, (known = new Map<TraitDef, boolean>()))
    let answer = known.get(trait)
    if (answer === undefined)
      known.set(
        trait,
        (answer = this.lookup(scope.module, 'type', trait.name).includes(trait) || this.brings(scope.module, scope.module, trait)),
      )
    return answer
  }

  private brings(store: Store, module: Module, trait: TraitDef): boolean {
    if (this.inStore(store, module, 'type', trait.name).includes(trait)) return true
    const isIt = (entry: Import): boolean =>
      entry.path[entry.path.length - 1] === trait.name && this.imported(entry, 'type').includes(trait)
    if (store.nameless.some(isIt)) return true
    for (const [alias, entries] of store.imports) if (alias !== trait.name && entries.some(isIt)) return true
    return false
  }

  private fromModule(path: readonly string[], module: Module, namespace: Namespace, isImport: boolean): Resolved {
    const first = path[0] ?? ''
    if (first === 'crate' || first === '$crate') return this.follow([asModule(module.crate.root)], path, 1, namespace)
    if (first === 'self' || first === 'super') {
      let at = module
      let index = 0
      while (path[index] === 'self' || path[index] === 'super') {
        if (path[index] === 'super') at = at.parent ?? at
        index++
      }
      return this.follow([asModule(at)], path, index, namespace)
    }
    if (first === '') {
      if (path[1] === 'self') return this.follow([asModule(module.crate.root)], path, 2, namespace)
      const crate = this.externCrate(path[1] ?? '', module.crate)
      if (crate !== undefined) return this.follow([crate], path, 2, namespace)
      // The 2015 edition reads `::a` from the crate's own root.
      const own = this.lookup(module.crate.root, path.length === 2 ? namespace : 'type', path[1] ?? '')
      return own.length > 0 ? this.follow(own, path, 2, namespace) : { definitions: [{ tag: 'external', path: path.slice(1) }], rest: [] }
    }
    const wanted = path.length === 1 ? namespace : 'type'
    const found = this.lookup(module, wanted, first)
    if (found.length > 0) return this.follow(found, path, 1, namespace)
    const crate = path.length > 1 || isImport ? this.externCrate(first, module.crate) : undefined
    if (crate !== undefined) return this.follow([crate], path, 1, namespace)
    if (isImport && module !== module.crate.root) {
      const own = this.lookup(module.crate.root, wanted, first)
      if (own.length > 0) return this.follow(own, path, 1, namespace)
    }
    const std = this.fromStd(module, first)
    if (std !== undefined) return this.follow([std], path, 1, namespace)
    return path.length > 1 || isImport ? { definitions: [{ tag: 'external', path }], rest: [] } : NOTHING
  }

  private fromStd(module: Module, name: string): Definition | undefined {
    const isStd = module === this.std.module
    if (isStd || PRIMITIVES.has(name) || PRELUDE.has(name)) {
      const variant = VARIANTS[name]
      const type = variant === undefined ? undefined : this.std.names.get(variant)
      if (type?.tag === 'type') return { tag: 'variant', type, name }
      const found = this.std.names.get(name)
      if (found !== undefined) return found
    }
    return isStd ? { tag: 'external', path: ['std', name] } : undefined
  }

  /** Goes on from what the segments before `index` led to. */
  private follow(start: readonly Definition[], path: readonly string[], index: number, namespace: Namespace): Resolved {
    let at = start
    for (let next = index; next < path.length; next++) {
      const segment = path[next] ?? ''
      const first = at[0]
      if (first?.tag === 'trait' || first?.tag === 'alias' || first?.tag === 'variant') return { definitions: at, rest: path.slice(next) }
      if (first?.tag === 'type') {
        if (!first.variants.has(segment)) return { definitions: at, rest: path.slice(next) }
        at = [{ tag: 'variant', type: first, name: segment }]
        continue
      }
      const wanted = next === path.length - 1 ? namespace : 'type'
      const found = at.flatMap((each) => {
        if (each.tag === 'module') return this.lookup(each.module, wanted, segment)
        if (each.tag === 'external') return [this.external([...each.path, segment])]
        return []
      })
      if (found.length === 0) return NOTHING
      at = unique(found)
    }
    return { definitions: at, rest: [] }
  }

  private external(path: readonly string[]): Definition {
    const name = path[path.length - 1] ?? ''
    const before = path[path.length - 2] ?? ''
    if (!STD_CRATES.has(path[0] ?? '')) return { tag: 'external', path }
    const isMapPart =
      (before === 'hash_map' || before === 'btree_map') && name !== 'HashMap' && name !== 'BTreeMap' && !name.endsWith('Entry')
    const found = isMapPart ? undefined : (this.std.names.get(`${before}::${name}`) ?? this.std.names.get(name))
    return found ?? { tag: 'external', path }
  }

  private externCrate(name: string, from: Crate): Definition | undefined {
    if (STD_CRATES.has(name)) return { tag: 'external', path: [name] }
    const crates = this.libraries.get(name) ?? []
    const near = crates.find((crate) => from.folder === crate.folder || from.folder.startsWith(`${crate.folder}/`))
    const crate = near ?? (crates.length === 1 ? crates[0] : undefined)
    return crate === undefined || crate === from ? undefined : asModule(crate.root)
  }

  private lookup(module: Module, namespace: Namespace, name: string): readonly Definition[] {
    const key = `${namespace} ${name}`
    const known = this.memo.get(module)?.get(key)
    if (known !== undefined) return known
    const isTop = this.query === null
    const query = (this.query ??= new Map<Module, Found>())
    if (isTop) this.cycle = false
    const visited = query.get(module)?.get(key)
    if (visited !== undefined) {
      this.cycle = true
      return visited
    }
    set(query, module, key, [])
    const found = this.compute(module, namespace, name)
    set(query, module, key, found)
    if (!isTop) return found
    this.query = null
    // Inner results of a search that met itself may lack what the outer one found.
    if (this.cycle) set(this.memo, module, key, found)
    else for (const [each, results] of query) for (const [inner, value] of results) set(this.memo, each, inner, value)
    return found
  }

  private compute(module: Module, namespace: Namespace, name: string): readonly Definition[] {
    const own = this.inStore(module, module, namespace, name, true)
    const children = namespace === 'type' ? (module.children.get(name) ?? []).map(asModule) : []
    return children.length === 0 ? own : unique([...children, ...own])
  }

  /** Own items, then named imports, then globs: what comes first hides the rest. */
  private inStore(store: Store, module: Module, namespace: Namespace, name: string, isModule = false): readonly Definition[] {
    const own = store.names[namespace].get(name)
    if (own?.some((each) => this.exists(each)) === true) return own
    if (isModule && namespace === 'type' && module.children.has(name)) return []
    const named = (store.imports.get(name) ?? []).flatMap((entry) => this.imported(entry, namespace))
    if (named.length > 0) return unique([...named, ...(own ?? [])])
    const globbed = store.globs.flatMap((entry) => this.globbed(entry, namespace, name))
    if (own !== undefined) return unique([...globbed, ...own])
    return globbed.length > 1 ? unique(globbed) : globbed
  }

  private exists(definition: Definition): boolean {
    return !('id' in definition) || definition.id === null || this.isBuilt(definition.id)
  }

  private imported(entry: Import, namespace: Namespace): readonly Definition[] {
    const { definitions, rest } = this.resolveImport(entry, namespace)
    return rest.length > 0 ? [] : definitions.filter((each) => fits(each, namespace))
  }

  private globbed(entry: Import, namespace: Namespace, name: string): readonly Definition[] {
    const target = this.resolveImport(entry, 'type')
    if (target.rest.length > 0) return []
    return target.definitions.flatMap((each): readonly Definition[] => {
      if (each.tag === 'module') return each.module === entry.module ? [] : this.exported(each.module, entry.module, namespace, name)
      if (each.tag === 'type' && each.variants.has(name)) return [{ tag: 'variant', type: each, name }]
      if (each.tag !== 'external' || !STD_CRATES.has(each.path[0] ?? '')) return []
      const std = this.external([...each.path, name])
      return std.tag === 'external' ? [] : [std]
    })
  }

  /** What a glob takes from a module: a private import is seen only by the module itself and those in it. */
  private exported(module: Module, by: Module, namespace: Namespace, name: string): readonly Definition[] {
    const isHidden = !isWithin(by, module) && !module.names[namespace].has(name) && !module.children.has(name)
    const imports = module.imports.get(name)
    if (isHidden && imports !== undefined && !imports.some((entry) => entry.isPublic)) return []
    return this.lookup(module, namespace, name)
  }
}

const VARIANTS: Readonly<Record<string, string | undefined>> = { Some: 'Option', None: 'Option', Ok: 'Result', Err: 'Result' }

function asModule(module: Module): Definition {
  return { tag: 'module', module }
}

function isWithin(module: Module, outer: Module): boolean {
  for (let at: Module | null = module; at !== null; at = at.parent) if (at === outer) return true
  return false
}

function fits(definition: Definition, namespace: Namespace): boolean {
  if (definition.tag === 'external') return true
  if (definition.tag === 'macro') return namespace === 'macro'
  if (definition.tag === 'variant') return namespace !== 'macro'
  if (definition.tag === 'fn' || definition.tag === 'value') return namespace === 'value'
  if (definition.tag === 'type') return namespace !== 'macro'
  return namespace === 'type'
}

function set(map: Map<Module, Found>, module: Module, key: string, value: readonly Definition[]): void {
  const found = map.get(module)
  if (found === undefined) map.set(module, new Map([[key, value]]))
  else found.set(key, value)
}

function unique(definitions: readonly Definition[]): readonly Definition[] {
  if (definitions.length < 2) return definitions
  const seen = new Set<unknown>()
  return definitions.filter((each) => {
    const key =
      each.tag === 'module' ? each.module : each.tag === 'external' ? each.path.join('::') : each.tag === 'variant' ? each.type : each
    return !seen.has(key) && seen.add(key)
  })
}
