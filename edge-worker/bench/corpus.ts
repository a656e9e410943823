import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'

export interface CorpusRepository {
  readonly name: string
  readonly files: readonly SourceFile[]
  readonly manifests: readonly SourceFile[]
}

/** The corpus's bare repositories, unpacked with tar and git into a temporary folder that is gone afterwards. */
export function readCorpus(corpus: string): CorpusRepository[] {
  const work = mkdtempSync(join(tmpdir(), 'doctown-bench-'))
  try {
    return readdirSync(join(corpus, 'repos'))
      .filter((name) => name.endsWith('.git.tar.gz'))
      .sort()
      .map((archive) => {
        const name = archive.replace('.git.tar.gz', '')
        execFileSync('tar', ['-xzf', join(corpus, 'repos', archive), '-C', work])
        execFileSync('git', ['clone', '--quiet', join(work, `${name}.git`), join(work, name)], {
          env: { ...process.env, GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' },
        })
        return readRepository(name, join(work, name))
      })
  } finally {
    rmSync(work, { recursive: true, force: true })
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
    manifests: paths.filter((path) => path.endsWith('Cargo.toml')).map((path) => read(path, null)),
  }
}
