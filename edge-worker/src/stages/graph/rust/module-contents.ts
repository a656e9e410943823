import type { ReExport } from '@doctown/common/contracts/file-exports.js'
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Symbol, SymbolType } from '@doctown/common/contracts/symbol.js'
import type { RepositoryModel } from './build-model.js'
import { push } from './build-model.js'
import type { Crate, Definition, Module, Namespace } from './model.js'
import type { Names } from './names.js'
import { least, type Level, type Presence } from './presence.js'

/** A name that a module shows to those outside of it. */
export interface Shown {
  readonly name: string
  readonly target: Symbol
  readonly level: Level
  /** Written in the module itself, not handed on. */
  readonly isOwn: boolean
}

interface Handed extends ReExport {
  readonly file: string
  readonly level: Level
}

interface Glob {
  readonly from: Module
  readonly level: Level
}

/** By namespace and name, then by the symbol that is meant: `#[cfg]` may choose one of several. */
type Contents = Map<string, Map<SymbolId, Shown>>

const SPACES: Readonly<Record<SymbolType, Namespace | null>> = {
  function: 'value',
  const: 'value',
  static: 'value',
  struct: 'type',
  enum: 'type',
  union: 'type',
  trait: 'type',
  type_alias: 'type',
  module: 'type',
  macro: 'macro',
  impl: null,
  method: null,
  class: null,
  interface: null,
  variable: null,
  field: null,
  section: null,
}
const NAMESPACES: readonly Namespace[] = ['type', 'value', 'macro']
/** Modules that take from each other in a circle are looked at until nothing is new, which is soon. */
const MAX_LOOKS = 64

/** What each module shows: its own `pub` items and what it hands on by name or glob. */
export class ModuleContents {
  /** Items that stand directly in a module, of whatever visibility; exported macros stand in the crate's root. */
  readonly items = new Map<Module, Symbol[]>()
  /** The `mod` items that make a module. */
  readonly declarations = new Map<Module, Symbol[]>()
  private readonly handed = new Map<Module, Handed[]>()
  private readonly contents = new Map<Module, Contents>()
  private readonly symbols = new Map<SymbolId, Symbol>()
  private readonly named = new Map<Module, Map<string, Symbol[]>>()
  private readonly hidden = new Map<Module, boolean>()
  /** Names after `pub mod` in the bodies of macros. */
  private readonly inMacroBodies = new Map<Crate, Set<string>>()
  /** Names that two globs give different meanings. */
  private readonly ambiguous = new Map<Module, Set<string>>()

  constructor(
    files: readonly ParsedFile[],
    private readonly model: RepositoryModel,
    private readonly names: Names,
    private readonly presence: Presence,
  ) {
    for (const { symbols } of files) for (const symbol of symbols) this.symbols.set(symbol.id, symbol)
    for (const file of files) this.collect(file)
  }

  /** To be run to its end before anything is asked. It yields after little work each: one crate may hand on ten thousand names. */
  *fill(): Generator<void> {
    const plain = new Map<Module, Contents>()
    for (const module of [...this.items.keys(), ...this.handed.keys()]) {
      if (!plain.has(module)) plain.set(module, yield* this.withoutGlobs(module))
    }
    for (const [module, contents] of plain) this.contents.set(module, contents)
    const globs = new Map<Module, Glob[]>()
    for (const module of this.handed.keys()) {
      globs.set(module, this.globsOf(module))
      yield
    }
    const takers = new Map<Module, Set<Module>>()
    for (const [module, given] of globs) {
      for (const { from } of given) takers.set(from, (takers.get(from) ?? new Set<Module>()).add(module))
    }
    // Givers before takers, so that without a circle each module is looked at once.
    const waiting = new Set(inOrder(globs))
    const looks = new Map<Module, number>()
    for (const module of waiting) {
      waiting.delete(module)
      const given = globs.get(module) ?? []
      if (given.length === 0 || (looks.get(module) ?? 0) > MAX_LOOKS) continue
      looks.set(module, (looks.get(module) ?? 0) + 1)
      const before = this.contents.get(module)
      const after = this.withGlobs(module, plain.get(module) ?? new Map(), given)
      this.contents.set(module, after)
      if (before === undefined || sizeOf(before) !== sizeOf(after)) for (const taker of takers.get(module) ?? []) waiting.add(taker)
      yield
    }
  }

  shownBy(module: Module): Shown[] {
    return [...(this.contents.get(module) ?? [])].flatMap(([, targets]) => [...targets.values()])
  }

  /** Modules in files that no `mod` of the text declares, but one in the body of a macro: `crate_root!();`. */
  declaredByMacro(module: Module): Module[] {
    const named = this.inMacroBodies.get(module.crate)
    if (named === undefined) return []
    const children = [...module.children].flatMap(([name, made]) => (named.has(name) ? made : []))
    return children.filter((each) => each.node !== null && !this.declarations.has(each))
  }

  symbol(id: SymbolId): Symbol | undefined {
    return this.symbols.get(id)
  }

  /** The module around an item that stands directly in one. */
  moduleAround(symbol: Symbol): Module | undefined {
    if (symbol.container === null) return this.model.moduleOfFile.get(symbol.file)
    const outer = this.model.definitions.get(symbol.container)
    return outer?.tag === 'module' ? outer.module : undefined
  }

  moduleOf(symbol: Symbol): Module | undefined {
    const definition = symbol.symbol_type === 'module' ? this.model.definitions.get(symbol.id) : undefined
    return definition?.tag === 'module' ? definition.module : undefined
  }

  /**
   * `#[doc(hidden)]`, on the item or on a module that it is defined in. rustdoc keeps no record of such an item, also where a
   * visible module hands it on (docs/decisions/0009-public-api-of-rust.md).
   */
  private isHidden(symbol: Symbol): boolean {
    if (this.presence.ofSymbol(symbol).isHidden) return true
    const module = this.moduleAround(symbol)
    return module !== undefined && this.isHiddenModule(module)
  }

  private isHiddenModule(module: Module): boolean {
    const known = this.hidden.get(module)
    if (known !== undefined) return known
    // Modules that declare each other in a circle hide nothing.
    this.hidden.set(module, false)
    const declarations = this.declarations.get(module) ?? []
    const isHidden = declarations.length > 0 && declarations.every((each) => this.isHidden(each))
    this.hidden.set(module, isHidden)
    return isHidden
  }

  private collect({ file, text, symbols, ranges, exports }: ParsedFile): void {
    const crate = this.model.moduleOfFile.get(file)?.crate
    for (const [index, symbol] of symbols.entries()) {
      if (symbol.symbol_type === 'macro' && crate !== undefined) {
        const body = text.slice(ranges[index]?.body, ranges[index]?.end)
        for (const [, name = ''] of body.matchAll(/\bpub\s+mod\s+(\w+)\s*;/g))
          this.inMacroBodies.set(crate, (this.inMacroBodies.get(crate) ?? new Set<string>()).add(name))
      }
      const module = this.moduleAround(symbol)
      const space = SPACES[symbol.symbol_type]
      if (module === undefined || space === null) continue
      push(this.items, module, symbol)
      let named = this.named.get(module)
      if (named === undefined) this.named.set(module, (named = new Map<string, Symbol[]>()))
      push(named, `${space} ${symbol.name}`, symbol)
      const made = this.moduleOf(symbol)
      if (made !== undefined) push(this.declarations, made, symbol)
    }
    for (const entry of exports?.re_exports ?? []) {
      const outer = entry.from === null ? undefined : this.model.definitions.get(entry.from)
      const module = entry.from === null ? this.model.moduleOfFile.get(file) : outer?.tag === 'module' ? outer.module : undefined
      if (module === undefined || entry.visibility !== 'pub' || entry.alias === '_') continue
      const { level, isHidden } = this.presence.ofReExport(entry, file)
      if (level > 0 && !isHidden) push(this.handed, module, { ...entry, file, level })
    }
  }

  private globsOf(module: Module): Glob[] {
    return (this.handed.get(module) ?? []).flatMap((entry) => {
      if (entry.alias !== '*') return []
      const { definitions } = this.names.resolveImport({ path: entry.path, module }, 'type')
      return definitions.flatMap((each) =>
        each.tag === 'module' && each.module !== module ? [{ from: each.module, level: entry.level }] : [],
      )
    })
  }

  private *withoutGlobs(module: Module): Generator<void, Contents> {
    const contents: Contents = new Map()
    for (const symbol of this.items.get(module) ?? []) {
      const { level } = this.presence.ofSymbol(symbol)
      if (symbol.visibility !== 'pub' || level === 0 || this.isHidden(symbol)) continue
      show(contents, SPACES[symbol.symbol_type], { name: symbol.name, target: symbol, level, isOwn: true })
    }
    yield
    for (const entry of this.handed.get(module) ?? []) {
      if (entry.alias === '*') continue
      for (const space of NAMESPACES) {
        for (const definition of this.names.resolveImport({ path: entry.path, module }, space).definitions) {
          for (const target of this.symbolsOf(definition)) {
            const { level } = this.presence.ofSymbol(target)
            if (level === 0 || this.isHidden(target) || !isPublic(target)) continue
            const built = least(level, entry.level)
            show(contents, SPACES[target.symbol_type], { name: entry.alias, target, level: built, isOwn: false })
          }
        }
      }
      yield
    }
    return contents
  }

  private withGlobs(module: Module, plain: Contents, globs: readonly Glob[]): Contents {
    const contents: Contents = new Map([...plain].map(([key, targets]) => [key, new Map(targets)]))
    const givers = new Map<string, { readonly entry: Glob; readonly targets: ReadonlyMap<SymbolId, Shown> }[]>()
    for (const entry of globs) {
      for (const [key, targets] of this.contents.get(entry.from) ?? []) push(givers, key, { entry, targets })
    }
    const ambiguous = this.ambiguous.get(module) ?? new Set<string>()
    this.ambiguous.set(module, ambiguous)
    for (const [key, given] of givers) {
      if (this.isTaken(module, key)) continue
      const first = given[0]
      const differs = given.some(({ targets }) => ![...targets.keys()].some((id) => first?.targets.has(id) === true))
      const isSure = given.every(({ entry, targets }) => entry.level === 2 && [...targets.values()].some(({ level }) => level === 2))
      if (differs && isSure) ambiguous.add(key)
      if (ambiguous.has(key)) continue
      const [space] = key.split(' ')
      for (const { entry, targets } of given) {
        for (const shown of targets.values()) {
          const level = least(shown.level, entry.level)
          show(contents, space as Namespace, { ...shown, level, isOwn: false })
        }
      }
    }
    return contents
  }

  /** An item or a named import of the module itself, also a private one, goes before what a glob brings. */
  private isTaken(module: Module, key: string): boolean {
    const [space = 'type', name = ''] = key.split(' ') as [Namespace, string] // `as`: made by `show`.
    const items = this.named.get(module)?.get(key) ?? []
    if (items.some((each) => this.presence.ofSymbol(each).level > 0)) return true
    const imports = module.imports.get(name) ?? []
    return imports.some((entry) => this.names.resolveImport(entry, space).definitions.some((each) => each.tag !== 'variant'))
  }

  private symbolsOf(definition: Definition): readonly Symbol[] {
    if (definition.tag === 'module') return this.declarations.get(definition.module) ?? []
    if (definition.tag === 'external' || definition.tag === 'variant' || definition.id === null) return []
    const symbol = this.symbols.get(definition.id)
    return symbol === undefined ? [] : [symbol]
  }
}

/** A macro is shown by its `#[macro_export]`; it cannot be `pub`. */
function isPublic(symbol: Symbol): boolean {
  return symbol.visibility === 'pub' || symbol.symbol_type === 'macro'
}

function show(contents: Contents, space: Namespace | null, shown: Shown): void {
  if (space === null) return
  const key = `${space} ${shown.name}`
  let targets = contents.get(key)
  if (targets === undefined) contents.set(key, (targets = new Map<SymbolId, Shown>()))
  const known = targets.get(shown.target.id)
  if (known === undefined || known.level < shown.level) targets.set(shown.target.id, shown)
}

function sizeOf(contents: Contents): number {
  let size = 0
  for (const targets of contents.values()) size += 1 + targets.size * 2
  for (const targets of contents.values()) for (const { level } of targets.values()) size += level
  return size
}

/** Modules after those that they take from, as far as there is no circle. */
function inOrder(globs: ReadonlyMap<Module, readonly Glob[]>): Module[] {
  const order: Module[] = []
  const seen = new Set<Module>()
  for (const top of globs.keys()) {
    const path = [{ module: top, at: 0 }]
    while (path.length > 0) {
      const frame = path[path.length - 1] as { module: Module; at: number } // `as`: the list is not empty.
      if (frame.at === 0 && seen.has(frame.module)) {
        path.pop()
        continue
      }
      seen.add(frame.module)
      const next = globs.get(frame.module)?.[frame.at++]
      if (next === undefined) {
        order.push(frame.module)
        path.pop()
      } else if (!seen.has(next.from)) path.push({ module: next.from, at: 0 })
    }
  }
  return order
}
