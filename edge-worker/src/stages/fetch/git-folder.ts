import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { GitObjectStore } from './object-store.js'
import { chooseRef, refNotFound } from './ref-choice.js'
import type { RefList } from './ref-choice.js'

/** Where a repository on this disk keeps its things. In a linked work tree HEAD is its own, objects and refs are the main one's. */
interface GitFolder {
  readonly gitdir: string
  readonly commonDir: string
}

export interface LocalRepository {
  readonly store: GitObjectStore
  readonly oid: string
  readonly branch: string
}

/** The commit that `ref` (or HEAD) names in the folder's own repository; `null` when the folder is no git repository. */
export function openGitFolder(folder: string, ref: string | null): LocalRepository | null {
  const found = findGitFolder(folder)
  if (found === null) return null
  const config = readOrNothing(join(found.commonDir, 'config'))
  if (/^\s*objectformat\s*=\s*sha256/im.test(config) || /^\s*refstorage\s*=\s*reftable/im.test(config)) {
    throw new DoctownError(
      'git_protocol',
      'The repository uses SHA-256 ids or reftable, which Doctown does not read yet; clone it into one with the defaults.',
    )
  }
  const list = listRefs(found)
  if (list.refs.size === 0 && list.head === null) {
    throw new DoctownError('repo_empty', 'The repository has no commit yet; commit something first.')
  }
  const choice = chooseRef(ref, list)
  const store = new GitObjectStore(join(found.commonDir, 'objects'))
  if (choice.kind === 'found') return { store, oid: choice.oid, branch: choice.branch }
  const [oid, another] = store.expand(choice.prefix)
  if (oid === undefined) throw refNotFound(choice.prefix)
  if (another !== undefined) throw new DoctownError('ref_not_found', `More than one object begins with ${choice.prefix}; write more of it.`)
  return { store, oid, branch: '' }
}

function findGitFolder(folder: string): GitFolder | null {
  const dotGit = join(folder, '.git')
  if (existsSync(dotGit)) {
    if (statSync(dotGit).isDirectory()) return withCommonDir(dotGit)
    const target = /^gitdir: (.+)$/m.exec(readFileSync(dotGit, 'utf8'))?.[1]
    if (target === undefined || !existsSync(resolve(folder, target))) {
      throw new DoctownError(
        'folder_not_found',
        'The folder is a linked work tree whose repository is not there any more; run git worktree repair.',
      )
    }
    return withCommonDir(resolve(folder, target))
  }
  const isBare = ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(folder, name)))
  return isBare ? withCommonDir(folder) : null
}

function withCommonDir(gitdir: string): GitFolder {
  const common = readOrNothing(join(gitdir, 'commondir')).trim()
  return { gitdir, commonDir: common === '' ? gitdir : resolve(gitdir, common) }
}

function listRefs({ gitdir, commonDir }: GitFolder): RefList {
  const refs = new Map<string, string>()
  for (const line of readOrNothing(join(commonDir, 'packed-refs')).split('\n')) {
    const [, oid, name] = /^([0-9a-f]{40}) (\S+)$/.exec(line) ?? []
    if (oid !== undefined && name !== undefined) refs.set(name, oid)
  }
  readLooseRefs(join(commonDir, 'refs'), 'refs', refs)
  const head = readOrNothing(join(gitdir, 'HEAD')).trim()
  const target = /^ref: (refs\/.+)$/.exec(head)?.[1]
  if (target === undefined) return { refs, head: /^[0-9a-f]{40}$/.test(head) ? { oid: head, branch: '' } : null }
  const oid = refs.get(target)
  return { refs, head: oid === undefined ? null : { oid, branch: target.replace(/^refs\/heads\//, '') } }
}

/** A loose ref is newer than its packed line. Refs that point to other refs (origin/HEAD) are left out. */
function readLooseRefs(folder: string, name: string, refs: Map<string, string>): void {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const at = join(folder, entry.name)
    if (entry.isDirectory()) readLooseRefs(at, `${name}/${entry.name}`, refs)
    else if (entry.isFile()) {
      const oid = readOrNothing(at).trim()
      if (/^[0-9a-f]{40}$/.test(oid)) refs.set(`${name}/${entry.name}`, oid)
    }
  }
}

function readOrNothing(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
