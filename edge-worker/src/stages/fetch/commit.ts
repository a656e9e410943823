import { DoctownError } from '@doctown/common/contracts/errors.js'
import { missingObject } from './git-errors.js'
import type { GitObjectStore } from './object-store.js'

export interface Commit {
  readonly oid: string
  readonly tree: string
  /** Seconds since 1970, UTC; 0 when the commit says nothing usable. */
  readonly committedAt: number
}

/** The last second that an ISO date with four digits can name. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000
const MAX_COMMIT_BYTES = 8 * 1024 * 1024

/** The commit that `oid` names, through annotated tags when it must. Throws `ref_not_found` when it names no commit. */
export function readCommit(oid: string, store: GitObjectStore): Commit {
  let at = oid
  // Tags of tags are legal; ten of them are somebody's joke.
  for (let depth = 0; depth < 10; depth++) {
    const object = store.read(at, MAX_COMMIT_BYTES)
    if (object === 'missing') throw missingObject()
    if (object === 'too_large') break
    const text = object.bytes.toString('latin1')
    if (object.type === 'commit') {
      const tree = /^tree ([0-9a-f]{40})\n/.exec(text)?.[1]
      const time = /^committer .*> ([0-9]{1,15}) [+-][0-9]{4}$/m.exec(text.split('\n\n', 1)[0] ?? '')?.[1]
      if (tree === undefined) break
      return { oid: at, tree, committedAt: Math.min(Number(time ?? 0), LATEST) }
    }
    const next = object.type === 'tag' ? /^object ([0-9a-f]{40})\n/.exec(text)?.[1] : undefined
    if (next === undefined) break
    at = next
  }
  throw new DoctownError('ref_not_found', 'The ref names no commit; choose a branch, a tag of a commit, or a commit.')
}
