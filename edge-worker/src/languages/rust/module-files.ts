import { posix } from 'node:path'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { pathAttribute } from './attributes.js'
import { docText } from './docs.js'
import { fileDocPieces } from './file-docs.js'

/**
 * Documentation of `mod foo;` is written in the other file, as `//!`. Joins it to what may stand before the declaration,
 * in rustdoc's order. A file with no such declaration is returned as it is.
 */
export function attachModuleDocs(parsed: ParsedFile, sources: ReadonlyMap<string, SourceFile>): ParsedFile {
  let changed = false
  const symbols = parsed.symbols.map((symbol, index) => {
    const range = parsed.ranges[index]
    if (symbol.symbol_type !== 'module' || range === undefined || range.body !== range.end) return symbol
    const file = moduleFile(symbol, parsed, sources)
    const text = file === undefined ? undefined : sources.get(file)?.text
    const docs = text === undefined ? null : docText(text, fileDocPieces(text)).text
    if (docs === null) return symbol
    changed = true
    return { ...symbol, doc_comments: symbol.doc_comments === null ? docs : `${symbol.doc_comments}\n${docs}` }
  })
  return changed ? { ...parsed, symbols } : parsed
}

/** The file that a `mod foo;` loads, `undefined` when it is not among the sources. */
export function moduleFile(symbol: Symbol, parsed: ParsedFile, sources: ReadonlyMap<string, SourceFile>): string | undefined {
  const slash = parsed.file.lastIndexOf('/') + 1
  const folder = parsed.file.slice(0, slash)
  const stem = parsed.file.slice(slash).replace(/\.rs$/, '')
  const inline = inlineModules(symbol, parsed)
  const path = pathAttribute(symbol.attributes)
  // A file is its folder's root (mod.rs, lib.rs, main.rs, a test), or owns the folder of its own name. Try both; the fitting one exists.
  const owned = [`${folder}${stem}/`, folder]
  const bases = stem === 'mod' || stem === 'lib' || stem === 'main' ? [folder] : owned
  for (const base of bases) {
    const inner = base + inline.map((name) => `${name}/`).join('')
    const candidates =
      path === null
        ? [`${inner}${symbol.name}.rs`, `${inner}${symbol.name}/mod.rs`]
        : [posix.normalize(`${inline.length === 0 ? folder : inner}${path}`)]
    const found = candidates.find((candidate) => candidate !== parsed.file && sources.has(candidate))
    if (found !== undefined) return found
  }
  return undefined
}

/** Names of the `mod x { .. }` that the declaration stands in, outermost first. */
function inlineModules(symbol: Symbol, parsed: ParsedFile): string[] {
  const names: string[] = []
  let container = symbol.container
  while (container !== null) {
    const outer = parsed.symbols.find((candidate) => candidate.id === container)
    if (outer === undefined) break
    if (outer.symbol_type === 'module') names.unshift(outer.name)
    container = outer.container
  }
  return names
}
