import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { PackageFacts } from '../language.js'
import { modulePlace } from './module-path.js'

/** Puts the module's name before each path, and takes the public mark from what nobody should import: which folders are packages stands in other files. */
export function placeSymbols(parsed: ParsedFile, sources: ReadonlyMap<string, SourceFile>, packages: PackageFacts['packages']): ParsedFile {
  const place = modulePlace(parsed.file, packages, (path) => sources.has(path))
  // What a stub says is said again in the source beside it.
  const isStub = parsed.file.endsWith('.pyi') && sources.has(parsed.file.slice(0, -1))
  const isOpen = place.isLibrary && !place.isPrivate && !isStub
  const prefix = place.module === '' ? '' : `${place.module}.`
  const symbols = parsed.symbols.map((symbol) => ({
    ...symbol,
    path: `${prefix}${symbol.path}`,
    definition_path: `${prefix}${symbol.path}`,
    is_public_api: symbol.is_public_api && isOpen,
  }))
  return { ...parsed, symbols }
}
