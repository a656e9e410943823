/** How an attempt's outcome becomes the one entry that history keeps. Shared by every queue. */
import { DoctownError, asDoctownError } from '../../contracts/errors.js'
import type { JobId } from '../../contracts/ids.js'
import type { HistoryEntry, JobResult, JobStatus, Task } from '../../contracts/job.js'
import { LIMITS } from '../../contracts/limits.js'

/** The reason that a job past its TTL carries (http-api.md, History). */
export const TTL_REASON = 'Task exceeded TTL'

const STATUS = {
  complete: 'COMPLETED',
  failed: 'FAILED',
  skipped: 'SKIPPED',
  cancelled: 'CANCELLED',
} as const satisfies Record<JobResult['status'], JobStatus>

export const statusOfResult = (result: JobResult): JobStatus => STATUS[result.status]

export const historyEntry = (jobId: JobId, result: JobResult): HistoryEntry => {
  const row: Record<string, unknown> = { job_id: Number(jobId), ...result }
  delete row.output
  delete row.private
  // Every variant has repo_url, status and timestamp; `row` only lost the two fields above.
  return row as HistoryEntry
}

export const isPrivateResult = (result: JobResult): boolean => 'private' in result && result.private === true

/** `undefined` while the task is young enough; otherwise the entry that ends it without being processed. */
export function expiredResult(task: Task, submittedAtMs: number, nowMs: number): JobResult | undefined {
  const ageMs = nowMs - submittedAtMs
  if (ageMs <= task.ttl * 1000) return undefined
  return {
    status: 'skipped',
    repo_url: task.repo_url,
    reason: TTL_REASON,
    age_seconds: Math.floor(ageMs / 1000),
    timestamp: new Date(nowMs).toISOString(),
    ...privateMark(task),
  }
}

/** What ends the job of a private repository is shown to nobody but the admin. */
const privateMark = (task: Pick<Task, 'private'>): { readonly private?: true } => (task.private === true ? { private: true } : {})

export function failedResult(task: Pick<Task, 'repo_url' | 'private'>, thrown: unknown, nowMs: number): JobResult & { status: 'failed' } {
  const error = asDoctownError(thrown, 'stage_failed')
  return {
    status: 'failed',
    repo_url: task.repo_url,
    error: cutText(error.message),
    error_code: error.code,
    permanent: error.permanent,
    timestamp: new Date(nowMs).toISOString(),
    ...privateMark(task),
  }
}

export const cancelledResult = (task: Pick<Task, 'repo_url' | 'private'>, nowMs: number): JobResult => ({
  status: 'cancelled',
  repo_url: task.repo_url,
  timestamp: new Date(nowMs).toISOString(),
  ...privateMark(task),
})

export const workerLostError = (): DoctownError =>
  new DoctownError('worker_lost', 'The worker died four times while it worked on this job; it is not tried again.')

/** The reasons a running job's signal aborts with. */
export const cancelledError = (): DoctownError => new DoctownError('cancelled', 'The job was cancelled.')
export const stoppingError = (): DoctownError =>
  new DoctownError('stage_failed', 'The worker is stopping; the job goes back to the queue and is taken up again.')

/** At most LIMITS.errorTextBytes of UTF-8, so also at most as many characters. */
function cutText(text: string): string {
  const bytes = Buffer.from(text)
  return bytes.length <= LIMITS.errorTextBytes
    ? text
    : bytes
        .subarray(0, LIMITS.errorTextBytes - 3)
        .toString('utf8')
        .replace(/\uFFFD$/, '') + '…'
}
