import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { DocLink, Symbol } from '@doctown/common/contracts/symbol.js'
import { push, type RepositoryModel } from './build-model.js'
import { linksIn, type WrittenLink } from './doc-link-text.js'
import { ImplHeads } from './impl-heads.js'
import type { Definition, Module, Namespace, Scope } from './model.js'
import type { Names } from './names.js'
import type { Presence } from './presence.js'

interface World {
  readonly model: RepositoryModel
  readonly names: Names
  readonly presence: Presence
}

const SPACES: readonly Namespace[] = ['type', 'value', 'macro']

/**
 * Links of doc comments, resolved in the place where the comment stands. A variant or field is no symbol: a link to one leads to
 * its type. What could mean two things, and what is not of this repository, is left out.
 */
export class DocLinks {
  private readonly symbols = new Map<SymbolId, Symbol>()
  /** By the type or trait and then by name: its own members before those that it has from traits. */
  private readonly own = new Map<SymbolId, Map<string, SymbolId[]>>()
  private readonly fromTraits = new Map<SymbolId, Map<string, SymbolId[]>>()
  private readonly heads: ImplHeads
  private readonly declarations = new Map<Module, SymbolId[]>()

  constructor(
    files: readonly ParsedFile[],
    private readonly world: World,
  ) {
    this.heads = new ImplHeads(world.model, world.names)
    for (const file of files) for (const symbol of file.symbols) this.symbols.set(symbol.id, symbol)
    for (const symbol of this.symbols.values()) {
      const made = world.model.definitions.get(symbol.id)
      if (symbol.symbol_type === 'module' && made?.tag === 'module') push(this.declarations, made.module, symbol.id)
      const container = symbol.container === null ? undefined : this.symbols.get(symbol.container)
      if (container?.symbol_type === 'trait') memberOf(this.own, container.id, symbol)
      if (container?.symbol_type !== 'impl') continue
      const { self, trait } = this.heads.of(container)
      for (const id of self.symbols) memberOf(trait === null ? this.own : this.fromTraits, id, symbol)
    }
  }

  of(symbol: Symbol): DocLink[] {
    if (symbol.doc_comments === null) return []
    const scopes = this.scopesOf(symbol)
    return linksIn(symbol.doc_comments).flatMap((link) => {
      for (const scope of scopes) {
        const found = this.resolve(link, scope, symbol)
        if (found.length > 0) return found.length === 1 ? found.map((symbol_id) => ({ text: link.text, symbol_id })) : []
      }
      return []
    })
  }

  /** What is said inside of a module sees its items first, what is said before it those around it. */
  private scopesOf(symbol: Symbol): Scope[] {
    const { model } = this.world
    const inside = model.scopeOf(symbol.file, symbol.id)
    const outside = model.scopeOf(symbol.file, symbol.container)
    const loaded = model.definitions.get(symbol.id)
    const node = loaded?.tag === 'module' ? loaded.module.node : null
    const own = node === null || node === symbol.id ? inside : model.scopeOf(node, null)
    return [own, outside].filter((scope) => scope !== undefined)
  }

  private resolve({ path, namespace }: WrittenLink, scope: Scope, symbol: Symbol): SymbolId[] {
    const [first = '', ...rest] = path
    if (first === 'Self') return rest.length > 1 ? [] : this.members(this.selfOf(symbol), rest)
    const found = new Set<SymbolId>()
    for (const space of namespace === null ? SPACES : [namespace]) {
      const resolved = this.world.names.resolve(path, scope, space)
      const ids = resolved.definitions.flatMap((definition) => this.idsOf(definition, resolved.rest.length > 0))
      for (const id of resolved.rest.length > 1 ? [] : this.members(ids, resolved.rest)) found.add(id)
    }
    if (found.size === 0 && namespace !== 'type' && namespace !== 'value') for (const id of this.exportedMacros(path, scope)) found.add(id)
    if (found.size > 0 || path.length < 2) return this.chosen(this.seen([...found]))
    // The last segment may be a member that is looked up by value, while what stands before it is a type.
    const owner = this.world.names.resolve(path.slice(0, -1), scope, 'type')
    if (owner.rest.length > 0) return []
    return this.chosen(
      this.members(
        owner.definitions.flatMap((definition) => this.idsOf(definition, true)),
        path.slice(-1),
      ),
    )
  }

  /** `#[macro_export]` puts a macro into the crate's root, wherever it is written. */
  private exportedMacros(path: readonly string[], scope: Scope): SymbolId[] {
    const [first, second, third] = path
    const name = first === 'crate' ? second : first
    if (name === undefined || (first === 'crate' ? third : second) !== undefined) return []
    const own = (this.world.model.macros.get(name) ?? []).filter((each) => each.crate === scope.module.crate)
    return own.map(({ id }) => id)
  }

  /** `mod spawn; pub use spawn::spawn;`: from elsewhere the name means the function, since the module is private. */
  private seen(ids: readonly SymbolId[]): SymbolId[] {
    const seen = ids.filter((id) => {
      const symbol = this.symbols.get(id)
      return symbol?.symbol_type !== 'module' || symbol.visibility === 'pub'
    })
    return seen.length === 1 ? seen : [...ids]
  }

  /** Of those that `#[cfg]` chooses from, the ones of the documented build. */
  private chosen(ids: readonly SymbolId[]): SymbolId[] {
    const built = ids.filter((id) => this.world.presence.isBuilt(id))
    return built.length > 0 ? built : [...ids]
  }

  private members(owners: readonly SymbolId[], rest: readonly string[]): SymbolId[] {
    const [name] = rest
    if (name === undefined) return [...owners]
    for (const members of [this.own, this.fromTraits]) {
      const found = new Set(owners.flatMap((id) => members.get(id)?.get(name) ?? []))
      if (found.size > 0) return this.chosen([...found])
    }
    return owners.filter((id) => this.hasPart(id, name))
  }

  /** A variant of an enum, a field of a struct. */
  private hasPart(id: SymbolId, name: string): boolean {
    const definition = this.world.model.definitions.get(id)
    return definition?.tag === 'type' && (definition.variants.has(name) || definition.fields.has(name))
  }

  private selfOf(symbol: Symbol): SymbolId[] {
    for (let at: Symbol | undefined = symbol; at !== undefined; at = at.container === null ? undefined : this.symbols.get(at.container)) {
      if (at.symbol_type === 'impl') return [...this.heads.of(at).self.symbols]
      if (TYPES.has(at.symbol_type)) return [at.id]
    }
    return []
  }

  private idsOf(definition: Definition, withMember: boolean): SymbolId[] {
    switch (definition.tag) {
      case 'module':
        return this.declarations.get(definition.module) ?? []
      case 'external':
        return []
      case 'variant':
        return definition.type.id === null ? [] : [definition.type.id]
      case 'alias':
        return withMember ? [...this.heads.headOf(definition.type, definition.scope).symbols] : ownId(definition.id)
      default:
        return ownId(definition.id)
    }
  }
}

const TYPES = new Set(['struct', 'enum', 'union', 'trait'])

function ownId(id: SymbolId | null): SymbolId[] {
  return id === null ? [] : [id]
}

function memberOf(members: Map<SymbolId, Map<string, SymbolId[]>>, owner: SymbolId, member: Symbol): void {
  let named = members.get(owner)
  if (named === undefined) members.set(owner, (named = new Map<string, SymbolId[]>()))
  push(named, member.name, member.id)
}
