import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** Bare repositories of a corpus folder (`repos/*.git.tar.gz`), unpacked for as long as a bench runs. */
export function unpackCorpus(corpus: string): {
  readonly folder: string
  readonly repositories: Record<string, string>
  readonly remove: () => void
} {
  const folder = mkdtempSync(join(tmpdir(), 'doctown-corpus-'))
  const repositories: Record<string, string> = {}
  for (const archive of readdirSync(join(corpus, 'repos'))
    .filter((name) => name.endsWith('.git.tar.gz'))
    .sort()) {
    execFileSync('tar', ['xzf', join(corpus, 'repos', archive), '-C', folder])
    repositories[basename(archive, '.git.tar.gz')] = join(folder, basename(archive, '.tar.gz'))
  }
  return { folder, repositories, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The files of a bare repository's HEAD as plain files in a new folder, by native git. */
export function checkOut(repository: string, folder: string): string {
  execFileSync('git', ['clone', '--quiet', repository, folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // The archive keeps the owner it was packed by.
    env: { ...process.env, GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' },
  })
  return folder
}
