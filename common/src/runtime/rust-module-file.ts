import { posix } from 'node:path'
import type { SymbolId } from '../contracts/ids.js'
import type { Symbol } from '../contracts/symbol.js'

export interface ModuleDeclaration {
  readonly symbol: Symbol
  /** File that the declaration is written in. */
  readonly file: string
  /** Symbols of that file. */
  readonly byId: ReadonlyMap<SymbolId, Symbol>
}

/**
 * The file that Rust's `mod foo;` loads, and the inline modules around the declaration; `undefined` when `isFile` knows none of the
 * places where the compiler would look. Documentation (languages/rust) and resolution (stages/graph) go by the same file.
 */
export function rustModuleFile(
  { symbol, file, byId }: ModuleDeclaration,
  isFile: (path: string) => boolean,
): { readonly file: string; readonly inline: readonly string[] } | undefined {
  const slash = file.lastIndexOf('/') + 1
  const folder = file.slice(0, slash)
  const stem = file.slice(slash).replace(/\.rs$/, '')
  const inline = inlineModules(symbol, byId)
  const written = pathAttribute(symbol.attributes)
  const inner = inline.map((name) => `${name}/`).join('')
  // A file is its folder's root (mod.rs, lib.rs, main.rs, a test) or owns the folder of its own name. Try both; the fitting one exists.
  const bases = stem === 'mod' || stem === 'lib' || stem === 'main' ? [folder] : [`${folder}${stem}/`, folder]
  for (const base of bases) {
    const candidates =
      written === null
        ? [`${base}${inner}${symbol.name}.rs`, `${base}${inner}${symbol.name}/mod.rs`]
        : [posix.normalize(`${inline.length === 0 ? folder : base + inner}${written}`)]
    const found = candidates.find((candidate) => candidate !== file && isFile(candidate))
    if (found !== undefined) return { file: found, inline }
  }
  return undefined
}

/** The file of `#[path = ".."]`. */
function pathAttribute(attributes: readonly string[]): string | null {
  for (const attribute of attributes) {
    const written = /^#\[\s*path\s*=\s*"([^"\\]*)"\s*\]$/.exec(attribute)?.[1]
    if (written !== undefined) return written
  }
  return null
}

/** Names of the `mod x { .. }` that the declaration stands in, outermost first. */
function inlineModules(symbol: Symbol, byId: ReadonlyMap<SymbolId, Symbol>): string[] {
  const names: string[] = []
  let at = symbol.container === null ? undefined : byId.get(symbol.container)
  while (at !== undefined) {
    if (at.symbol_type === 'module') names.unshift(at.name)
    at = at.container === null ? undefined : byId.get(at.container)
  }
  return names
}
