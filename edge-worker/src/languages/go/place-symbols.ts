import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { isBuilt } from './build-constraint.js'

/**
 * Takes the public mark from what no other module can import: commands, `internal/` packages, tests, vendored code,
 * files that are compiled only when asked for by a tag. A repository
 * that is a command and nothing else keeps what it exports, because that is all that its readers can ask for.
 */
export function placeSymbols(parsed: ParsedFile, sources: ReadonlyMap<string, SourceFile>): ParsedFile {
  const place = placeOf(parsed.file, parsed.text)
  const isOpen = place === 'library' || (place === 'command' && !hasLibrary(sources))
  if (isOpen || !parsed.symbols.some((symbol) => symbol.is_public_api)) return parsed
  return { ...parsed, symbols: parsed.symbols.map((symbol) => ({ ...symbol, is_public_api: false })) }
}

type Place = 'library' | 'command' | 'test'

function placeOf(file: string, text: string): Place {
  const folders = file.split('/').slice(0, -1)
  if (file.endsWith('_test.go') || folders.some((folder) => folder === 'testdata' || folder === 'vendor' || /^[._]/.test(folder)))
    return 'test'
  if (!isBuilt(text)) return 'command'
  const name = /^\s*package\s+([\p{L}\p{N}_]+)/mu.exec(text)?.[1]
  if (name === 'main' || folders.includes('internal')) return 'command'
  return name?.endsWith('_test') === true ? 'test' : 'library'
}

const known = new WeakMap<ReadonlyMap<string, SourceFile>, boolean>()

/** Asked for every file of a repository, found out once. */
function hasLibrary(sources: ReadonlyMap<string, SourceFile>): boolean {
  const answer =
    known.get(sources) ??
    [...sources.values()].some((source) => source.language === 'Go' && placeOf(source.path, source.text) === 'library')
  known.set(sources, answer)
  return answer
}
