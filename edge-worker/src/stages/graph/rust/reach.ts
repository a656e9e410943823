import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { compare } from '../edge-set.js'
import { push } from './build-model.js'
import type { DefinitionPaths } from './definition-paths.js'
import type { Head, ImplHeads } from './impl-heads.js'
import type { Levels } from './levels.js'
import type { Crate, Module } from './model.js'
import type { ModuleContents } from './module-contents.js'
import type { Level, Presence } from './presence.js'

export interface ReachParts {
  readonly contents: ModuleContents
  readonly presence: Presence
  readonly definitions: DefinitionPaths
  readonly levels: Levels
  readonly heads: ImplHeads
  /** Of the crate alone. */
  readonly files: readonly ParsedFile[]
}

interface Reached {
  readonly path: string
  readonly level: Level
  readonly isDefinition: boolean
}

/** Walks one crate from its root: first what exists in the documented build, then what more features add. */
export class Reach {
  private readonly reached = new Map<SymbolId, Reached>()
  /** Path and kind of what the documented build has: nothing that more features add takes their place. */
  private readonly taken = new Set<string>()
  private readonly members = new Map<SymbolId, Symbol[]>()
  private readonly byId = new Map<SymbolId, Symbol>()
  private readonly modulePaths = new Map<Module, string>()
  private readonly texts = new Map<string, string>()
  private readonly impls: Symbol[] = []
  private readonly macros: Symbol[] = []

  constructor(
    private readonly crate: Crate,
    private readonly parts: ReachParts,
  ) {
    for (const file of parts.files) {
      this.texts.set(file.file, file.text)
      for (const symbol of file.symbols) {
        this.byId.set(symbol.id, symbol)
        if (symbol.symbol_type === 'impl') this.impls.push(symbol)
        if (symbol.symbol_type === 'macro') this.macros.push(symbol)
        if (symbol.container !== null) push(this.members, symbol.container, symbol)
      }
    }
  }

  all(): Map<SymbolId, string> {
    for (const level of [2, 1] as const) {
      this.exportedMacros(level)
      this.walk(level)
      this.traitItems(level)
      this.implItems(level)
      for (const [id, { path }] of this.reached) this.taken.add(keyOf(path, this.byId.get(id)))
    }
    return new Map([...this.reached].map(([id, { path }]) => [id, path]))
  }

  /** A crate of procedural macros shows these and nothing else. */
  procMacros(): Map<SymbolId, string> {
    const shown = (this.parts.contents.items.get(this.crate.root) ?? []).filter(
      (symbol) =>
        symbol.visibility === 'pub' && [...this.parts.presence.ofSymbol(symbol).names].some((name) => name.startsWith('proc_macro')),
    )
    for (const symbol of shown) this.reach(symbol, `${this.crate.name}::${symbol.name}`, this.parts.presence.ofSymbol(symbol).level, false)
    return new Map([...this.reached].map(([id, { path }]) => [id, path]))
  }

  /** Modules by their definition first, then what re-exports lead to, the shortest path first. */
  private walk(level: Level): void {
    const { contents } = this.parts
    const direct = new Map<Module, string>()
    const waiting: { readonly module: Module; readonly path: string }[] = [{ module: this.crate.root, path: this.crate.name }]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (direct.has(next.module)) continue
      direct.set(next.module, next.path)
      for (const module of contents.declaredByMacro(next.module)) waiting.push({ module, path: `${next.path}::${module.name}` })
      for (const shown of contents.shownBy(next.module)) {
        if (!shown.isOwn || shown.level < level || shown.target.symbol_type === 'macro') continue
        const path = `${next.path}::${shown.name}`
        const module = contents.moduleOf(shown.target)
        this.reach(shown.target, path, shown.level, true)
        if (module !== undefined) waiting.push({ module, path })
      }
    }
    const queue = new PathQueue()
    for (const [module, path] of direct) queue.add(module, path)
    const visited = new Set<Module>()
    for (let next = queue.shortest(); next !== undefined; next = queue.shortest()) {
      if (visited.has(next.module)) continue
      visited.add(next.module)
      if (!this.modulePaths.has(next.module)) this.modulePaths.set(next.module, next.path)
      for (const shown of contents.shownBy(next.module)) {
        if (shown.level < level || (shown.isOwn && direct.has(next.module)) || !this.byId.has(shown.target.id)) continue
        const path = `${next.path}::${shown.name}`
        const module = contents.moduleOf(shown.target)
        this.reach(shown.target, path, shown.level, false)
        if (module !== undefined && !direct.has(module) && !visited.has(module)) queue.add(module, path)
      }
    }
  }

  /** `#[macro_export]` puts a macro into the crate's root, wherever it is written. */
  private exportedMacros(level: Level): void {
    for (const symbol of this.macros) {
      const said = this.parts.presence.ofSymbol(symbol)
      const own = this.parts.levels.of(symbol)
      if (!said.names.has('macro_export') || said.isHidden || own < level) continue
      this.reach(symbol, `${this.crate.name}::${symbol.name}`, own, true)
    }
  }

  private traitItems(level: Level): void {
    for (const [id, { path }] of [...this.reached]) {
      if (this.byId.get(id)?.symbol_type !== 'trait') continue
      for (const member of this.members.get(id) ?? []) this.member(member, `${path}::${member.name}`, level)
    }
  }

  private implItems(level: Level): void {
    const { presence, definitions, heads } = this.parts
    for (const impl of this.impls) {
      const said = presence.ofSymbol(impl)
      const own = this.parts.levels.of(impl)
      if (said.isHidden || own < level) continue
      const header = heads.of(impl)
      if (!this.isOpen(header.self, own, false) || (header.trait !== null && !this.isOpen(header.trait, own, false))) continue
      if (!header.traitArguments.every((head) => this.isOpen(head, own, true))) continue
      const base = this.pathOf(header.self) ?? (header.trait === null ? null : this.pathOf(header.trait))
      if (header.trait === null) {
        const self = header.self.made === undefined ? this.pathOf(header.self) : this.pathOfMade(impl, header.self.made)
        if (self === null) continue
        const found = (this.members.get(impl.id) ?? []).filter(
          (member) => member.visibility === 'pub' && this.member(member, `${self}::${member.name}`, level),
        )
        if (found.length > 0) this.reach(impl, inModule(self, definitions.segment(impl)), 2, false)
        continue
      }
      const outer = base === null ? definitions.outer(impl) : base.slice(0, base.lastIndexOf('::'))
      const path = `${outer}::${definitions.segment(impl)}`
      if (level < 2 && this.taken.has(keyOf(path, impl))) continue
      this.reach(impl, path, said.level, false)
      const hidden = this.hiddenItems(header.trait)
      for (const member of this.members.get(impl.id) ?? []) {
        if (hidden.has(member.name)) continue
        this.member(member, `${outer}::${definitions.memberSegment(impl, member)}::${member.name}`, level)
      }
    }
  }

  /** What a trait hides stays hidden in its impls. */
  private hiddenItems(trait: Head): ReadonlySet<string> {
    const items = trait.symbols.flatMap((id) => this.members.get(id) ?? [])
    return new Set(items.filter((item) => this.parts.presence.ofSymbol(item).isHidden).map(({ name }) => name))
  }

  private member(member: Symbol, path: string, level: Level): boolean {
    const said = this.parts.presence.ofSymbol(member)
    if (said.isHidden || said.level < level) return false
    this.reach(member, path, said.level, false)
    return this.reached.has(member.id)
  }

  private reach(symbol: Symbol, path: string, level: Level, isDefinition: boolean): void {
    const known = this.reached.get(symbol.id)
    if (known !== undefined && (known.isDefinition || (!isDefinition && !isShorter(path, known.path)))) return
    if (known === undefined && level < 2 && this.taken.has(keyOf(path, symbol))) return
    this.reached.set(symbol.id, { path, level, isDefinition })
  }

  /** `make_type!(pub struct Regex<A>);`: what the call names `pub` can be reached as far as the module around it. */
  private pathOfMade(impl: Symbol, name: string): string | null {
    const module = this.parts.contents.moduleAround(impl)
    const path = module === undefined ? undefined : this.modulePaths.get(module)
    const text = this.texts.get(impl.file) ?? ''
    const isNamed = /^\w+$/.test(name) && new RegExp(String.raw`\bpub\s+(?:struct|enum|union)\s+${name}\b`).test(text)
    return path !== undefined && isNamed ? `${path}::${name}` : null
  }

  /**
   * Whether nothing private stands in the way: of several definitions that `#[cfg]` chooses from, one is public. An impl of the documented
   * build is for none that the build lacks. As the argument of a trait a type may be one that cannot be named, if it is `pub`.
   */
  private isOpen(head: Head, implLevel: Level, asArgument: boolean): boolean {
    const own = head.symbols.flatMap((id) => this.byId.get(id) ?? [])
    if (own.length < head.symbols.length) return true
    const built = own.filter((symbol) => implLevel < 2 || this.parts.levels.of(symbol) === 2 || this.reached.has(symbol.id))
    return built.length === 0 || built.some((symbol) => this.reached.has(symbol.id) || (asArgument && symbol.visibility === 'pub'))
  }

  private pathOf(head: Head): string | null {
    const paths = head.symbols.flatMap((id) => this.reached.get(id)?.path ?? [])
    return paths.sort((a, b) => (isShorter(a, b) ? -1 : 1))[0] ?? null
  }
}

/** Modules that wait for their turn, by length of path and alphabet. */
class PathQueue {
  private readonly byLength: { readonly module: Module; readonly path: string }[][] = []

  add(module: Module, path: string): void {
    const length = lengthOf(path)
    ;(this.byLength[length] ??= []).push({ module, path })
  }

  shortest(): { readonly module: Module; readonly path: string } | undefined {
    const list = this.byLength.find((each) => each !== undefined && each.length > 0)
    if (list === undefined) return undefined
    let first = 0
    for (let at = 1; at < list.length; at++) if (compare(list[at]?.path ?? '', list[first]?.path ?? '') < 0) first = at
    return list.splice(first, 1)[0]
  }
}

function isShorter(a: string, b: string): boolean {
  return (lengthOf(a) - lengthOf(b) || compare(a, b)) < 0
}

function lengthOf(path: string): number {
  return path.split('::').length
}

function inModule(path: string, segment: string): string {
  return `${path.slice(0, path.lastIndexOf('::'))}::${segment}`
}

function keyOf(path: string, symbol: Symbol | undefined): string {
  return `${symbol?.symbol_type ?? ''} ${path}`
}
