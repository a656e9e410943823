import { existsSync, statSync } from 'node:fs'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { FetchRequest, FetchedFacts } from './child-messages.js'
import { readCommit } from './commit.js'
import { Selection, sortSkips } from './file-choice.js'
import type { Listing } from './file-choice.js'
import { openGitFolder } from './git-folder.js'
import { missingObject } from './git-errors.js'
import { listTree } from './list-tree.js'
import type { GitObjectStore } from './object-store.js'
import { FolderIdentity, listFolder, readPlainFile } from './plain-folder.js'

export interface FileBatch {
  readonly files: readonly SourceFile[]
  readonly manifests: readonly SourceFile[]
}

/** What the child hears of its parent and may tell it. */
export interface Surroundings {
  readonly askToken: () => Promise<string | null>
  readonly progress: (done: number, total: number | null) => void
  /** Resolves when the batch is on its way, so that no more than one waits in memory. */
  readonly send: (batch: FileBatch) => Promise<void>
}

/** The whole work of the child: a clone, a local repository or a plain folder, file by file in the order of their paths' bytes. */
export async function readRepository(request: FetchRequest, world: Surroundings): Promise<FetchedFacts> {
  const { target } = request
  if (target.kind === 'git') {
    // Loaded when it is needed: a folder is read without isomorphic-git, 0.1 s sooner.
    const { clone } = await import('./clone.js')
    const { store, oid, branch, isPrivate, packBytes } = await clone({ request, url: target.url, ref: target.ref, ...world })
    return await readStore({ store, oid, branch, isPrivate, packBytes, request, world })
  }
  if (!existsSync(target.path) || !statSync(target.path).isDirectory()) {
    throw new DoctownError('folder_not_found', 'There is no such folder; check the path.')
  }
  const local = openGitFolder(target.path, target.ref)
  if (local === null) return await readPlainFolder(target.path, request, world)
  return await readStore({ ...local, isPrivate: false, packBytes: 0, request, world })
}

interface StoredCommit {
  readonly store: GitObjectStore
  readonly oid: string
  readonly branch: string
  readonly isPrivate: boolean
  readonly packBytes: number
  readonly request: FetchRequest
  readonly world: Surroundings
}

async function readStore({ store, oid, branch, isPrivate, packBytes, request, world }: StoredCommit): Promise<FetchedFacts> {
  try {
    const commit = readCommit(oid, store)
    const listing = listTree(commit.tree, store, request)
    const batches = new Batches(listing, request, world)
    for (const candidate of listing.candidates) {
      const object = store.read(candidate.place, request.limits.objectBytes)
      if (object === 'missing') throw missingObject()
      await batches.selection.add(candidate, object === 'too_large' ? null : object.bytes)
      batches.step()
    }
    return {
      ...(await batches.end()),
      repository: { ...nameOf(request), commit_sha: commit.oid, branch },
      committed_at: commit.committedAt,
      private: isPrivate,
      pack_bytes: packBytes,
    }
  } finally {
    store.close()
  }
}

async function readPlainFolder(root: string, request: FetchRequest, world: Surroundings): Promise<FetchedFacts> {
  if (request.target.ref !== null) {
    throw new DoctownError('ref_not_found', 'The folder is no git repository, so it has no refs; leave the ref out.')
  }
  const listing = listFolder(root, request)
  const batches = new Batches(listing, request, world)
  const identity = new FolderIdentity()
  for (const { path, candidate } of listing.files) {
    const file = readPlainFile(root, path, candidate === null ? 0 : request.limits.sourceFileBytes)
    if (file !== null) identity.add(path, file.sha256)
    if (candidate === null) continue
    if (file === null) batches.selection.skipped.push({ file: candidate.place, reason: 'ignored' })
    else await batches.selection.add(candidate, file.bytes)
    batches.step()
  }
  return {
    ...(await batches.end()),
    repository: { ...nameOf(request), commit_sha: identity.commitSha, branch: '' },
    committed_at: 0,
    private: false,
    pack_bytes: 0,
  }
}

function nameOf({ target }: FetchRequest): { readonly name: string; readonly url: string } {
  return { name: target.repo_url.split('/').at(-1) ?? target.repo_url, url: target.repo_url }
}

/** Texts go to the parent about a megabyte at a time: few messages, little memory. */
const BATCH_CHARACTERS = 1024 * 1024
const BATCH_FILES = 200

class Batches {
  readonly selection: Selection
  readonly #world: Surroundings
  readonly #total: number
  #files: SourceFile[] = []
  #manifests: SourceFile[] = []
  #characters = 0
  #done = 0

  constructor(listing: Listing, request: FetchRequest, world: Surroundings) {
    this.#world = world
    this.#total = listing.candidates.length
    this.selection = new Selection(listing, request, async ({ files, manifests }) => {
      this.#files.push(...files)
      this.#manifests.push(...manifests)
      for (const { text } of [...files, ...manifests]) this.#characters += text.length
      if (this.#characters > BATCH_CHARACTERS || this.#files.length >= BATCH_FILES) await this.#flush()
    })
  }

  step(): void {
    this.#done++
    if (this.#done % BATCH_FILES === 0 || this.#done === this.#total) this.#world.progress(this.#done, this.#total)
  }

  async end(): Promise<Pick<FetchedFacts, 'files_detected' | 'skipped'>> {
    await this.#flush()
    return { files_detected: this.selection.filesDetected, skipped: sortSkips(this.selection.skipped) }
  }

  async #flush(): Promise<void> {
    const batch = { files: this.#files, manifests: this.#manifests }
    this.#files = []
    this.#manifests = []
    this.#characters = 0
    await this.#world.send(batch)
  }
}
