import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { blankRustDocs } from './blank-docs.js'
import { checkOut, unpackCorpus } from './unpack-corpus.js'

export interface CrateFolders {
  /** Every crate's own sources; files named as the pools name them. */
  readonly withDocs: ReadonlyMap<string, string>
  /** The same with documentation blanked and without READMEs and other prose. */
  readonly withoutDocs: ReadonlyMap<string, string>
  readonly remove: () => void
}

/** The crates of the corpus's repositories, each alone in two temporary folders. */
export function createCrateFolders(corpus: string, crates: readonly string[]): CrateFolders {
  const { folder, repositories, remove } = unpackCorpus(corpus)
  const withDocs = new Map<string, string>()
  const withoutDocs = new Map<string, string>()
  for (const [name, repository] of Object.entries(repositories)) {
    const source = checkOut(repository, join(folder, 'out', name))
    rmSync(join(source, '.git'), { recursive: true })
    for (const crate of crates) {
      const place = existsSync(join(source, crate, 'src')) ? join(source, crate) : name.endsWith(`-${crate}`) ? source : null
      if (place === null) continue
      withDocs.set(crate, place)
      const bare = join(folder, 'bare', crate)
      mkdirSync(bare, { recursive: true })
      cpSync(place, bare, { recursive: true })
      for (const entry of readdirSync(bare, { recursive: true, withFileTypes: true })) {
        const file = join(entry.parentPath, entry.name)
        if (!entry.isFile()) continue
        if (entry.name.endsWith('.rs')) writeFileSync(file, blankRustDocs(readFileSync(file, 'utf8')))
        else if (/\.(?:md|txt|rst|adoc)$/.test(entry.name)) rmSync(file)
      }
      withoutDocs.set(crate, bare)
    }
  }
  return { withDocs, withoutDocs, remove }
}
