import assert from 'node:assert/strict'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SourceTarget } from '@doctown/common/contracts/repository.js'
import type { FetchOutput, FetchPorts } from '../../src/pipeline/stage-io.js'
import type { StageContext } from '../../src/pipeline/stage.js'
import type { FetchLimits } from '../../src/stages/fetch/fetch-limits.js'
import { createFetchStage } from '../../src/stages/fetch/stage.js'
import type { GitServer } from './git-server.js'

export interface FetchRun {
  readonly limits?: Partial<FetchLimits>
  readonly token?: FetchPorts['token']
  readonly trustedOrigins?: readonly string[]
  readonly context?: Partial<StageContext<FetchPorts>>
}

/**
 * Runs the real fetch stage with Rust as the only language, in a temporary folder four levels down. Throws when anything was
 * left in it or written beside it, whatever the stage itself gave.
 */
export async function fetchTarget(target: SourceTarget, options: FetchRun = {}): Promise<FetchOutput> {
  const outer = await mkdtemp(join(tmpdir(), 'doctown-fetch-'))
  const tempDir = join(outer, 'a/b/job')
  await mkdir(tempDir, { recursive: true })
  try {
    const context: StageContext<FetchPorts> = {
      ports: { token: options.token ?? null, trustedOrigins: options.trustedOrigins ?? [] },
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      signal: new AbortController().signal,
      progress: () => undefined,
      seed: 1,
      tempDir,
      ...options.context,
    }
    return await createFetchStage(options.limits).run({ target, languages: { '.rs': 'Rust' } }, context)
  } finally {
    const left = (await readdir(outer, { recursive: true })).sort()
    await rm(outer, { recursive: true })
    if (left.join() !== 'a,a/b,a/b/job') throw new Error(`the fetch stage left or wrote ${left.join()}`)
  }
}

/** Fetches `name` from a test server that is trusted, as ALLOWED_GIT_HOSTS would. */
export function fetchFrom(server: GitServer, name: string, options: FetchRun & { readonly ref?: string } = {}): Promise<FetchOutput> {
  const target = {
    kind: 'git',
    url: `${server.origin}/${name}`,
    repo_url: `${server.host}/${name.replace(/\.git$/, '')}`,
    ref: options.ref ?? null,
  } as const
  return fetchTarget(target, { trustedOrigins: [server.origin], ...options })
}

export function fetchFolder(path: string, ref: string | null = null, options: FetchRun = {}): Promise<FetchOutput> {
  return fetchTarget({ kind: 'folder', path, repo_url: `local/${path.split('/').at(-1)}`, ref }, options)
}

/** Skips as `path: reason` in the order of the output. */
export function skipLines({ skipped }: FetchOutput): string[] {
  return skipped.map(({ file, reason }) => `${file}: ${reason}`)
}

/** For assert.rejects: a DoctownError with this code and a sentence that ends and holds no secret. */
export function failsWith(code: string, words: RegExp = /\.$/): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof DoctownError, String(error))
    assert.equal(error.code, code, error.message)
    assert.match(error.message, words)
    assert.match(error.message, /\.$/)
    return true
  }
}
