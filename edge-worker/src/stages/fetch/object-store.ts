/**
 * Reads git objects straight from disk: loose ones and packs with their index (version 2), alternates included.
 * An object's length stands before its bytes, so a bomb is refused before anything is inflated (measured fact 5).
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { constants, inflateSync } from 'node:zlib'
import { Pack } from './pack.js'

export type GitObjectType = 'commit' | 'tree' | 'blob' | 'tag'
export interface GitObject {
  readonly type: GitObjectType
  readonly bytes: Buffer
}
/** `too_large` when it is longer than asked for, `missing` when the repository does not hold it. */
export type ReadResult = GitObject | 'too_large' | 'missing'

export class GitObjectStore {
  readonly #folders: readonly string[]
  readonly #packs: readonly Pack[]

  /** `objectsDir` is the `objects` folder of a repository. Opens every pack; `close()` gives the descriptors back. */
  constructor(objectsDir: string) {
    this.#folders = withAlternates(objectsDir)
    this.#packs = this.#folders.flatMap((folder) => openPacks(join(folder, 'pack')))
  }

  close(): void {
    for (const pack of this.#packs) pack.close()
  }

  read(oid: string, maxBytes: number): ReadResult {
    for (const pack of this.#packs) {
      const offset = pack.find(oid)
      if (offset !== null) return pack.read(offset, maxBytes, (base) => this.read(base, maxBytes))
    }
    for (const folder of this.#folders) {
      const file = join(folder, oid.slice(0, 2), oid.slice(2))
      if (existsSync(file)) return readLoose(readFileSync(file), maxBytes)
    }
    return 'missing'
  }

  /** Full ids that begin with `prefix` (4 to 40 hex digits). */
  expand(prefix: string): string[] {
    const found = new Set(this.#packs.flatMap((pack) => pack.withPrefix(prefix)))
    for (const folder of this.#folders) {
      const names = listOrNothing(join(folder, prefix.slice(0, 2)))
      for (const name of names) if (`${prefix.slice(0, 2)}${name}`.startsWith(prefix)) found.add(`${prefix.slice(0, 2)}${name}`)
    }
    return [...found].sort()
  }
}

function openPacks(folder: string): Pack[] {
  const names = listOrNothing(folder).sort()
  return names
    .filter((name) => name.endsWith('.idx') && names.includes(name.replace(/idx$/, 'pack')))
    .map((name) => new Pack(join(folder, name)))
}

function listOrNothing(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

/** The folder itself and those it borrows from (`info/alternates`), at most five deep as in git. */
function withAlternates(objectsDir: string, depth = 0): string[] {
  const list = join(objectsDir, 'info', 'alternates')
  if (depth >= 5 || !existsSync(list)) return [objectsDir]
  const others = readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return [objectsDir, ...others.flatMap((line) => withAlternates(resolve(objectsDir, line), depth + 1))]
}

function readLoose(file: Buffer, maxBytes: number): ReadResult {
  // The header fits in 64 bytes whatever the object, and 512 packed bytes make at most half a megabyte.
  const start = inflateSync(file.subarray(0, 512), { finishFlush: constants.Z_SYNC_FLUSH })
  const end = start.indexOf(0)
  const match = /^(commit|tree|blob|tag) ([0-9]{1,20})$/.exec(start.subarray(0, Math.max(end, 0)).toString('latin1'))
  if (!match) throw new Error('loose object without a header')
  const length = Number(match[2])
  if (length > maxBytes) return 'too_large'
  const whole = inflateSync(file, { maxOutputLength: end + 1 + length })
  // The pattern allows these four words only.
  return { type: match[1] as GitObjectType, bytes: whole.subarray(end + 1) }
}
