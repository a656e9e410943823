import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { rustModuleFile } from '@doctown/common/runtime/rust-module-file.js'
import { docText } from './docs.js'
import { fileDocPieces } from './file-docs.js'

/**
 * Documentation of `mod foo;` is written in the other file, as `//!`. Joins it to what may stand before the declaration,
 * in rustdoc's order. A file with no such declaration is returned as it is.
 */
export function attachModuleDocs(parsed: ParsedFile, sources: ReadonlyMap<string, SourceFile>): ParsedFile {
  let changed = false
  // Most files declare no other one.
  let byId: ReadonlyMap<SymbolId, Symbol> | undefined
  const symbols = parsed.symbols.map((symbol, index) => {
    const range = parsed.ranges[index]
    if (symbol.symbol_type !== 'module' || range === undefined || range.body !== range.end) return symbol
    byId ??= new Map(parsed.symbols.map((each) => [each.id, each]))
    const loaded = rustModuleFile({ symbol, file: parsed.file, byId }, (path) => sources.has(path))
    const text = loaded === undefined ? undefined : sources.get(loaded.file)?.text
    const docs = text === undefined ? null : docText(text, fileDocPieces(text)).text
    if (docs === null) return symbol
    changed = true
    return { ...symbol, doc_comments: symbol.doc_comments === null ? docs : `${symbol.doc_comments}\n${docs}` }
  })
  return changed ? { ...parsed, symbols } : parsed
}
