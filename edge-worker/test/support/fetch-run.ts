import { mkdtemp, rm } from 'node:fs/promises'
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

/** Runs the real fetch stage with Rust as the only language, in a temporary folder that must be empty again afterwards. */
export async function fetchTarget(target: SourceTarget, options: FetchRun = {}): Promise<FetchOutput> {
  const tempDir = await mkdtemp(join(tmpdir(), 'doctown-fetch-'))
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
    await rm(tempDir, { recursive: true })
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
