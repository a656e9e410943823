import type { ErrorCode } from '@doctown/common/contracts/errors.js'
import type { SourceTarget } from '@doctown/common/contracts/repository.js'
import type { FetchedRepository, SourceFile } from '@doctown/common/contracts/source-file.js'
import type { FetchLimits } from './fetch-limits.js'

/** What the child needs to read one repository. No secret is in it: the token is asked for when the forge asks. */
export interface FetchRequest {
  readonly target: SourceTarget
  readonly languages: Readonly<Record<string, string>>
  readonly manifests: readonly string[]
  readonly trustedOrigins: readonly string[]
  /** An empty folder inside the job's temporary folder; the only place the child writes to. */
  readonly scratchDir: string
  readonly limits: FetchLimits
}

/** A fetched repository without its texts, which come before it in `file` messages. */
export type FetchedFacts = Omit<FetchedRepository, 'files' | 'manifests'>

export type ToChild = { readonly kind: 'start'; readonly request: FetchRequest } | { readonly kind: 'token'; readonly token: string | null }

export type FromChild =
  | { readonly kind: 'ask_token' }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number | null }
  | { readonly kind: 'files'; readonly files: readonly SourceFile[]; readonly manifests: readonly SourceFile[] }
  | { readonly kind: 'done'; readonly facts: FetchedFacts }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }
