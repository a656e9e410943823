/**
 * The one table of error codes. It decides HTTP status, exit code and whether a job is tried again;
 * nothing else in the house does. `permanent: true` means that trying again cannot help.
 */
interface ErrorRow {
  readonly status: number
  readonly permanent: boolean
  /** Exit code of the command line; 2 is wrong use, 1 everything else. */
  readonly exit: 1 | 2
}

const row = (status: number, permanent: boolean, exit: 1 | 2 = 1): ErrorRow => ({ status, permanent, exit })

export const ERROR_TABLE = {
  // HTTP edge
  invalid_repo_url: row(400, true, 2),
  invalid_limit: row(400, true, 2),
  invalid_request: row(400, true, 2),
  invalid_json: row(400, true, 2),
  unauthorized: row(401, true),
  not_found: row(404, true),
  job_not_active: row(409, true),
  model_differs: row(409, true),
  payload_too_large: row(413, true),
  request_timeout: row(408, false),
  uri_too_long: row(414, true),
  headers_too_large: row(431, true),
  queue_full: row(429, false),
  rate_limited: row(429, false),
  too_many_streams: row(503, false),
  too_many_downloads: row(503, false),
  queue_unavailable: row(503, false),
  redis_unavailable: row(503, false),
  internal: row(500, false),
  // Fetch
  repo_not_found: row(404, true),
  repo_auth_required: row(403, true),
  ref_not_found: row(404, true),
  repo_empty: row(422, true),
  repo_too_large: row(422, true),
  too_many_files: row(422, true),
  no_supported_files: row(422, true),
  address_refused: row(422, true),
  git_unavailable: row(502, false),
  git_protocol: row(502, false),
  clone_timeout: row(504, false),
  folder_not_found: row(404, true, 2),
  // Worker
  cancelled: row(409, true),
  stage_timeout: row(504, false),
  worker_lost: row(500, true),
  disk_full: row(507, false),
  stage_failed: row(500, false),
  // Ports
  object_store_unavailable: row(502, false),
  object_store_refused: row(502, true),
  precondition_failed: row(412, true),
  vector_store_unavailable: row(502, false),
  vector_store_refused: row(502, true),
  embedder_unavailable: row(502, false),
  model_invalid: row(500, true),
  gpu_unavailable: row(500, true),
  model_unknown: row(404, true, 2),
  download_failed: row(502, false),
  checksum_mismatch: row(502, true),
  llm_unavailable: row(502, false),
  llm_refused: row(502, true),
  llm_quota: row(502, true),
  // Docpack
  invalid_docpack: row(422, true),
  unsafe_entry: row(422, true),
  docpack_too_large: row(413, true),
  docpack_too_new: row(422, true),
  // Command line and start-up
  usage: row(400, true, 2),
  config_invalid: row(500, true, 2),
  port_in_use: row(500, true),
  data_folder_unwritable: row(500, true),
  redis_server_missing: row(500, true),
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERROR_TABLE

export interface DoctownErrorOptions {
  /** Extra fields of an HTTP error body, such as `queue_size`. Never a path or a secret. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** What every part of Doctown throws when *we* could not do our work. The message is one sentence for a person. */
export class DoctownError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: DoctownErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'DoctownError'
    this.code = code
    this.details = options.details ?? {}
  }

  get status(): number {
    return ERROR_TABLE[this.code].status
  }

  get permanent(): boolean {
    return ERROR_TABLE[this.code].permanent
  }

  get exitCode(): number {
    return ERROR_TABLE[this.code].exit
  }
}

/** Anything thrown, as a DoctownError; a stranger becomes `fallback` with itself as the cause. */
export function asDoctownError(error: unknown, fallback: ErrorCode = 'internal'): DoctownError {
  if (error instanceof DoctownError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new DoctownError(fallback, message, { cause: error })
}
