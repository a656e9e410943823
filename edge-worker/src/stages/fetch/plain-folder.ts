import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync, readdirSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { SkippedFile, SkipReason } from '@doctown/common/contracts/skip.js'
import type { FetchRequest } from './child-messages.js'
import { classify } from './file-choice.js'
import type { Candidate, Listing } from './file-choice.js'
import { displayPath, isIgnoredFolder, isUnsafeName } from './path-rules.js'

/** A folder that is no git repository: its regular files, and which of them a reader wants. */
export interface FolderListing extends Listing {
  /** Every regular file by its path's bytes, in their order; what the folder's identity is made of. */
  readonly files: readonly { readonly path: Buffer; readonly candidate: Candidate | null }[]
}

/** Walks without following a link, by the raw bytes of the names. Unreadable places count as `ignored`. */
export function listFolder(root: string, request: Pick<FetchRequest, 'languages' | 'manifests' | 'limits'>): FolderListing {
  const { limits } = request
  const files: { path: Buffer; candidate: Candidate | null }[] = []
  const skipped: SkippedFile[] = []
  let seen = 0
  const folders: Buffer[] = [Buffer.alloc(0)]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const skip = (path: Buffer, reason: SkipReason): void => void skipped.push({ file: displayPath(path), reason })
    const entries = readFolder(inside(root, folder))
    if (entries === null) {
      skip(folder, 'ignored')
      continue
    }
    seen += entries.length
    if (seen > limits.treeEntries) {
      throw new DoctownError('too_many_files', `The folder has more than ${limits.treeEntries} files and folders; name a smaller one.`)
    }
    const siblings = new Set(entries.map(({ name }) => name.toString('utf8')))
    for (const entry of entries) {
      const path = folder.length === 0 ? entry.name : Buffer.concat([folder, Buffer.from('/'), entry.name])
      const name = entry.name.toString('utf8')
      if (isUnsafeName(entry.name)) skip(path, 'unsafe_path')
      else if (path.length > limits.pathBytes) skip(path, 'path_too_long')
      else if (!isUtf8(entry.name)) skip(path, 'path_not_utf8')
      else if (entry.isSymbolicLink()) skip(path, 'symlink')
      else if (entry.isDirectory()) {
        if (isIgnoredFolder(name, siblings)) skip(path, 'ignored')
        else folders.push(path)
      } else if (!entry.isFile()) skip(path, 'unsafe_path')
      else {
        const choice = classify(name, request)
        const isWanted = choice.language !== null || choice.isManifest
        if (!isWanted) skip(path, 'unsupported_language')
        files.push({ path, candidate: isWanted ? { path, place: path.toString('utf8'), ...choice } : null })
      }
    }
  }
  files.sort((a, b) => Buffer.compare(a.path, b.path))
  return { files, candidates: files.flatMap(({ candidate }) => candidate ?? []), skipped }
}

/** A file's sha256 and, when it is at most `maxBytes` long, its bytes. `null` when it cannot be read or is no file any more. */
export function readPlainFile(
  root: string,
  path: Buffer,
  maxBytes: number,
): { readonly sha256: string; readonly bytes: Buffer | null } | null {
  let descriptor: number
  try {
    // O_NOFOLLOW: the entry may have become a link since it was listed. O_NONBLOCK: or a pipe that nobody writes to. Windows has neither.
    descriptor = openSync(inside(root, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch {
    return null
  }
  try {
    if (!fstatSync(descriptor).isFile()) return null
    const hash = createHash('sha256')
    const parts: Buffer[] = []
    let length = 0
    for (;;) {
      const part = Buffer.allocUnsafe(256 * 1024)
      const got = readSync(descriptor, part)
      if (got === 0) break
      hash.update(part.subarray(0, got))
      length += got
      if (length <= maxBytes) parts.push(part.subarray(0, got))
    }
    return { sha256: hash.digest('hex'), bytes: length <= maxBytes ? Buffer.concat(parts) : null }
  } finally {
    closeSync(descriptor)
  }
}

/** `worktree-` and the first 32 hex digits of the sha256 over lines `path NUL sha256 LF`, sorted by the bytes of the path (cli.md). */
export class FolderIdentity {
  readonly #hash = createHash('sha256')

  add(path: Buffer, sha256: string): void {
    this.#hash.update(path).update('\0').update(sha256).update('\n')
  }

  get commitSha(): string {
    return `worktree-${this.#hash.copy().digest('hex').slice(0, 32)}`
  }
}

function readFolder(path: Buffer): Dirent<Buffer>[] | null {
  try {
    return readdirSync(path, { encoding: 'buffer', withFileTypes: true })
  } catch {
    return null
  }
}

function inside(root: string, path: Buffer): Buffer {
  return path.length === 0 ? Buffer.from(root) : Buffer.concat([Buffer.from(root), Buffer.from('/'), path])
}
