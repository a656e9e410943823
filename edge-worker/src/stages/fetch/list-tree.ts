import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { SkippedFile, SkipReason } from '@doctown/common/contracts/skip.js'
import { isUtf8 } from 'node:buffer'
import type { FetchRequest } from './child-messages.js'
import { classify } from './file-choice.js'
import type { Candidate, Listing } from './file-choice.js'
import { missingObject } from './git-errors.js'
import type { GitObjectStore } from './object-store.js'
import { displayPath, isIgnoredFolder, isUnsafeName } from './path-rules.js'
import { parseTree } from './tree-entries.js'
import type { TreeEntry } from './tree-entries.js'

const KIND = 0o170000
const FOLDER = 0o040000
const REGULAR = 0o100000
const SYMLINK = 0o120000
const SUBMODULE = 0o160000

/**
 * Everything a commit's tree names, read with a stack and without ever following a link. One odd entry is one skip
 * and the rest is kept. Throws `too_many_files` past the limit; a tree that holds itself a thousand times ends there too.
 */
export function listTree(root: string, store: GitObjectStore, request: FetchRequest): Listing {
  const { limits } = request
  const candidates: Candidate[] = []
  const skipped: SkippedFile[] = []
  let seen = 0
  const folders: { readonly oid: string; readonly path: Buffer }[] = [{ oid: root, path: Buffer.alloc(0) }]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const skip = (path: Buffer, reason: SkipReason): void => void skipped.push({ file: displayPath(path), reason })
    const tree = store.read(folder.oid, limits.objectBytes)
    if (tree === 'missing') throw missingObject()
    if (tree === 'too_large' || tree.type !== 'tree') {
      skip(folder.path, tree === 'too_large' ? 'too_large' : 'unsafe_path')
      continue
    }
    const { entries, isCut } = parseTree(tree.bytes, limits.treeEntries)
    if (isCut) skip(Buffer.concat([folder.path, Buffer.from('/?')]), 'unsafe_path')
    seen += entries.length
    if (seen > limits.treeEntries) {
      throw new DoctownError(
        'too_many_files',
        `The repository has more than ${limits.treeEntries} files and folders; Doctown reads smaller ones.`,
      )
    }
    const names = new Set<string>()
    const siblings = new Set(entries.map(({ name }) => name.toString('utf8')))
    for (const entry of entries) {
      const path = folder.path.length === 0 ? entry.name : Buffer.concat([folder.path, Buffer.from('/'), entry.name])
      const key = entry.name.toString('latin1')
      const verdict = names.has(key) && !isUnsafeName(entry.name) ? 'duplicate_path' : judge(entry, path, siblings, limits)
      names.add(key)
      if (verdict === 'folder') folders.push({ oid: entry.oid, path })
      else if (verdict !== 'file') skip(path, verdict)
      else {
        const choice = classify(entry.name.toString('utf8'), request)
        if (choice.language === null && !choice.isManifest) skip(path, 'unsupported_language')
        else candidates.push({ path, place: entry.oid, ...choice })
      }
    }
  }
  candidates.sort((a, b) => Buffer.compare(a.path, b.path))
  return { candidates, skipped }
}

function judge(
  entry: TreeEntry,
  path: Buffer,
  siblings: ReadonlySet<string>,
  limits: FetchRequest['limits'],
): SkipReason | 'folder' | 'file' {
  if (isUnsafeName(entry.name)) return 'unsafe_path'
  if (entry.name.length > limits.nameBytes || path.length > limits.pathBytes) return 'path_too_long'
  if (!isUtf8(entry.name)) return 'path_not_utf8'
  switch (entry.mode & KIND) {
    case FOLDER:
      return isIgnoredFolder(entry.name.toString('utf8'), siblings) ? 'ignored' : 'folder'
    case REGULAR:
      return 'file'
    case SYMLINK:
      return 'symlink'
    case SUBMODULE:
      return 'submodule'
    default:
      // A device, a pipe, or a mode that is no number: no file that anybody could mean.
      return 'unsafe_path'
  }
}
