import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { checkOut, unpackCorpus } from './unpack-corpus.js'

export interface CorpusRepository {
  readonly name: string
  readonly files: readonly SourceFile[]
  readonly manifests: readonly SourceFile[]
}

/** The corpus's bare repositories, unpacked with tar and git into a temporary folder that is gone afterwards. */
export function readCorpus(corpus: string): CorpusRepository[] {
  const { folder, repositories, remove } = unpackCorpus(corpus)
  try {
    return Object.entries(repositories).map(([name, repository]) => readRepository(name, checkOut(repository, join(folder, name))))
  } finally {
    remove()
  }
}

function readRepository(name: string, folder: string): CorpusRepository {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.startsWith('.git/'))
    .sort()
  const read = (path: string, language: string | null): SourceFile => ({ path, language, text: readFileSync(join(folder, path), 'utf8') })
  return {
    name,
    files: paths.filter((path) => path.endsWith('.rs')).map((path) => read(path, 'Rust')),
    manifests: paths.filter((path) => /(?:^|\/)(?:Cargo\.toml|build\.rs)$/.test(path)).map((path) => read(path, null)),
  }
}
