import fs from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import git from 'isomorphic-git'
import type { GitAuth } from 'isomorphic-git'
import { GitServerRefusal, authRequired, missingObject, tokenRefused, translateGitError } from './git-errors.js'
import { createGitHttp } from './git-http.js'
import type { GitHttp } from './git-http.js'
import type { FetchRequest } from './child-messages.js'
import { GitObjectStore } from './object-store.js'
import { chooseRef, refNotFound } from './ref-choice.js'
import type { RefList } from './ref-choice.js'

export interface Clone {
  readonly store: GitObjectStore
  /** What the ref names: a commit, or a tag of one. */
  readonly oid: string
  readonly branch: string
  readonly isPrivate: boolean
  readonly packBytes: number
}

export interface CloneOptions {
  readonly request: FetchRequest
  readonly url: string
  readonly ref: string | null
  readonly askToken: () => Promise<string | null>
  readonly progress: (done: number, total: number | null) => void
}

/** One commit of a repository by git's smart HTTP: depth 1, one ref, no tags, no checkout. Everything lands in the scratch folder. */
export async function clone(options: CloneOptions): Promise<Clone> {
  const { remote, list } = await find(options)
  if (list.refs.size === 0) {
    throw new DoctownError('repo_empty', 'The repository is empty; push a commit to it first.')
  }
  const choice = chooseRef(options.ref, list)
  if (choice.kind === 'found') {
    const store = await remote.fetchOne(choice.oid)
    return { store, oid: choice.oid, branch: choice.branch, ...remote.facts() }
  }
  const { oid, store } = await remote.fetchCommit(choice.prefix)
  return { store, oid, branch: '', ...remote.facts() }
}

/** A forge knows `owner/name` with and without `.git`; a plain git server only knows its folder's name. */
async function find(options: CloneOptions): Promise<{ readonly remote: Remote; readonly list: RefList }> {
  const remote = new Remote(options)
  try {
    return { remote, list: await remote.listRefs() }
  } catch (error) {
    const isMissing = error instanceof DoctownError && error.code === 'repo_not_found'
    if (!isMissing || options.url.endsWith('.git')) throw error
    const withSuffix = new Remote({ ...options, url: `${options.url}.git` })
    return { remote: withSuffix, list: await withSuffix.listRefs() }
  }
}

class Remote {
  readonly #options: CloneOptions
  readonly #counter = { all: 0, pack: 0 }
  readonly #host: string
  readonly #gitdir: string
  #token: string | null = null

  constructor(options: CloneOptions) {
    const { request, url } = options
    this.#options = options
    this.#host = new URL(url).host
    this.#gitdir = join(request.scratchDir, 'repository.git')
  }

  facts(): { readonly isPrivate: boolean; readonly packBytes: number } {
    return { isPrivate: this.#token !== null, packBytes: this.#counter.pack }
  }

  async listRefs(): Promise<RefList> {
    const listed = await this.#ask((connection) => git.listServerRefs({ ...connection, protocolVersion: 1, symrefs: true }))
    const refs = new Map(listed.filter(({ ref }) => ref.startsWith('refs/')).map(({ ref, oid }) => [ref, oid]))
    const head = listed.find(({ ref }) => ref === 'HEAD')
    if (head === undefined) return { refs, head: null }
    // A server that is too old for symref leaves the branch to be guessed by its commit.
    const target = head.target ?? [...refs].find(([name, oid]) => name.startsWith('refs/heads/') && oid === head.oid)?.[0] ?? ''
    return { refs, head: { oid: head.oid, branch: target.replace(/^refs\/heads\//, '') } }
  }

  async fetchOne(oid: string): Promise<GitObjectStore> {
    await this.#fetch(oid, { depth: 1, singleBranch: true })
    return new GitObjectStore(join(this.#gitdir, 'objects'))
  }

  /** A commit that no ref points to. Forges hand it out by its full id; a plain git server does not, so its history is searched. */
  async fetchCommit(prefix: string): Promise<{ readonly oid: string; readonly store: GitObjectStore }> {
    if (prefix.length === 40) {
      try {
        return { oid: prefix, store: await this.fetchOne(prefix) }
      } catch (error) {
        if (!(error instanceof GitServerRefusal && error.notOurRef)) throw error
      }
    }
    await this.#fetch('HEAD', { singleBranch: false })
    const store = new GitObjectStore(join(this.#gitdir, 'objects'))
    const [oid, another] = store.expand(prefix).filter((id) => isCommit(store, id))
    if (oid === undefined) throw refNotFound(prefix)
    if (another !== undefined) throw new DoctownError('ref_not_found', `More than one commit begins with ${prefix}; write more of it.`)
    return { oid, store }
  }

  async #fetch(remoteRef: string, how: { readonly depth?: number; readonly singleBranch: boolean }): Promise<void> {
    await prepare(this.#gitdir)
    await this.#ask((connection) =>
      git.fetch({
        ...connection,
        fs,
        gitdir: this.#gitdir,
        remote: 'origin',
        ref: remoteRef,
        remoteRef,
        tags: false,
        ...how,
        onProgress: ({ loaded }) => this.#options.progress(loaded, null),
      }),
    )
    if (!fs.readdirSync(join(this.#gitdir, 'objects/pack')).some((name) => name.endsWith('.idx'))) throw missingObject()
  }

  /**
   * Credentials are given only when the server answered 401, and never written into the URL. isomorphic-git hides some
   * failures of the connection, or waits for ever on them; the HTTP client itself tells.
   */
  async #ask<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const { request, url, askToken } = this.#options
    const http = createGitHttp({ trustedOrigins: request.trustedOrigins, limits: request.limits, counter: this.#counter })
    const onAuth = async (): Promise<GitAuth> => {
      this.#token ??= await askToken()
      if (this.#token === null) throw authRequired(this.#host)
      return { username: 'x-access-token', password: this.#token }
    }
    const onAuthFailure = (): never => {
      throw tokenRefused(this.#host)
    }
    const running = work({ http, url, onAuth, onAuthFailure })
    running.catch(() => undefined)
    try {
      return await Promise.race([running, http.failed])
    } catch (error) {
      throw translateGitError(error, { host: this.#host, hadToken: this.#token !== null })
    }
  }
}

interface Connection {
  readonly http: GitHttp
  readonly url: string
  readonly onAuth: () => Promise<GitAuth>
  readonly onAuthFailure: () => never
}

function isCommit(store: GitObjectStore, oid: string): boolean {
  const object = store.read(oid, 8 * 1024 * 1024)
  return typeof object !== 'string' && object.type === 'commit'
}

/** The few files isomorphic-git wants of a bare repository. The URL is not among them. */
async function prepare(gitdir: string): Promise<void> {
  await mkdir(join(gitdir, 'objects/pack'), { recursive: true })
  await mkdir(join(gitdir, 'refs'), { recursive: true })
  await writeFile(join(gitdir, 'HEAD'), 'ref: refs/heads/main\n')
  await writeFile(join(gitdir, 'config'), '[core]\n\tbare = true\n[remote "origin"]\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n')
}
