/** A repository as names see it, in the languages that look names up by scopes: all but Rust. */
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Reference } from '@doctown/common/contracts/reference.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'

export type DefKind = 'function' | 'type' | 'alias' | 'value' | 'namespace' | 'macro'

/** One symbol of the repository as something that a name can mean. */
export interface Def {
  readonly id: SymbolId
  readonly name: string
  readonly kind: DefKind
  readonly symbol: Symbol
  readonly file: FileScope
  /** What it is written in, or for a method that stands elsewhere (Go, C++) its type. */
  holder: Def | null
  /** Has a body: of a prototype and its definition the one that runs. */
  readonly hasBody: boolean
  readonly members: Map<string, Def[]>
  /** Type parameters with their bounds, in order. */
  readonly generics: Map<string, string>
  /** Fields by name with their types as written. */
  readonly fields: Map<string, string>
  /** What it extends, implements or embeds, as written, in order. */
  readonly supers: string[]
  /** Of an alias what it stands for, of a value its type, as written. */
  written: string | null
}

/** One file: its own names at the top, and what it imports. */
export interface FileScope {
  readonly file: string
  readonly parsed: ParsedFile
  readonly names: Map<string, Def[]>
  /** By the symbol in which the import stands, '' for the file itself. */
  readonly imports: Map<string, Imports>
  readonly defs: Map<string, Def>
}

export interface Imports {
  readonly named: Map<string, Reference[]>
  /** `*`: everything of a module. */
  readonly globs: Reference[]
}

/** A module, package or namespace: something whose members have names. */
export interface Unit {
  readonly key: string
  /** Files that are part of it; none where only a folder or a namespace tells of it. */
  readonly files: readonly FileScope[]
}

/** What a name can mean. */
export type Entity =
  { readonly tag: 'def'; readonly def: Def } | { readonly tag: 'unit'; readonly unit: Unit } | { readonly tag: 'external' }

/** A function with methods of its own, by JavaScript's prototypes: a class in all but its word. */
export function makesObjects(def: Def): boolean {
  if (def.kind !== 'function') return false
  for (const members of def.members.values()) if (members.some((each) => each.symbol.symbol_type === 'method')) return true
  return false
}

export const EXTERNAL_ENTITY: Entity = { tag: 'external' }

/** Found, and how. `entities` is empty when nothing of that name is known. */
export interface Found {
  readonly entities: readonly Entity[]
  readonly via: Via
}
export type Via = 'enclosing' | 'same_module' | 'import' | 'package' | 'glob' | 'member' | 'none'

export const NOT_FOUND: Found = { entities: [], via: 'none' }

export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}
