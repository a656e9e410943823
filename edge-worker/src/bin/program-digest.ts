import { createHash, type Hash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DOCTOWN_VERSION } from '@doctown/common/contracts/version.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { languageTable } from './models.js'

/** Folders of compiled code that decide what is read of a source, and how. */
const FOLDERS = ['common/dist/src', 'edge-worker/dist/src', 'common/models/small'] as const

/**
 * Tells one make of this program from another, versions apart that were built from changed sources between two releases; `null` where they cannot be
 * looked at. Takes some ten milliseconds.
 */
export function programDigest(): string | null {
  const hash = createHash('sha256').update(`${DOCTOWN_VERSION} ${JSON.stringify(languageTable.grammars)} ${process.arch}`)
  try {
    for (const folder of FOLDERS) addFolder(hash, join(repositoryRoot(), folder))
    return hash.digest('hex')
  } catch {
    return null
  }
}

function addFolder(hash: Hash, root: string): void {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:js|bin|json|scm)$/.test(name))
  for (const name of names.sort()) {
    const { size, mtimeMs } = statSync(join(root, name))
    hash.update(`${name} ${size} ${mtimeMs}\n`)
  }
}
