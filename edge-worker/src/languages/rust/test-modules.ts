import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'

/** Takes the public mark from a file that only `#[cfg(test)] mod name;` loads: what says so stands in the file above it. */
export function hideTestModule(parsed: ParsedFile, sources: ReadonlyMap<string, SourceFile>): ParsedFile {
  if (!parsed.symbols.some((symbol) => symbol.is_public_api) || !isTestModule(parsed.file, sources)) return parsed
  return { ...parsed, symbols: parsed.symbols.map((symbol) => ({ ...symbol, is_public_api: false })) }
}

/** Whether the file, or a module above it, is declared for tests alone. Follows the usual places of files, not `#[path]`. */
function isTestModule(file: string, sources: ReadonlyMap<string, SourceFile>): boolean {
  for (let path = file.replace(/\.rs$/, ''); path.includes('/');) {
    if (path.endsWith('/mod')) path = path.slice(0, -'/mod'.length)
    const slash = path.lastIndexOf('/')
    const folder = path.slice(0, Math.max(slash, 0))
    const name = path.slice(slash + 1)
    for (const parent of [`${folder}.rs`, `${folder}/mod.rs`, `${folder}/lib.rs`, `${folder}/main.rs`]) {
      if (sources.get(parent)?.text.includes('cfg') === true && declaresForTests(sources.get(parent)?.text ?? '', name)) return true
    }
    path = folder
  }
  return false
}

function declaresForTests(text: string, name: string): boolean {
  if (!/^\w+$/.test(name)) return false
  const declared = new RegExp(
    String.raw`#\[\s*cfg\s*\(\s*(?:all\s*\(\s*)?test\s*[,)][^\n;{}]*\]\s*(?:#\[[^\n]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?mod\s+${name}\s*;`,
  )
  return declared.test(text)
}
