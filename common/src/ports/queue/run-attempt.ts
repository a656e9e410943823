import { asDoctownError } from '../../contracts/errors.js'
import { JobResultSchema, type JobResult } from '../../contracts/job.js'
import { cancelledResult, expiredResult, failedResult } from './job-end.js'
import type { JobHandler, TakenJob } from './port.js'

/** `retry`: a failure that may pass; `result` is what history gets when no attempt is left. */
export type AttemptEnd =
  | { readonly kind: 'finished'; readonly result: JobResult }
  | { readonly kind: 'retry'; readonly result: JobResult & { status: 'failed' } }
  | { readonly kind: 'failed'; readonly result: JobResult & { status: 'failed' } }
  | { readonly kind: 'handed_back' }

export interface AttemptOptions {
  readonly job: TakenJob
  readonly handler: JobHandler
  readonly nowMs: () => number
  /** Asked once the handler has ended: was the job cancelled, is the worker stopping? */
  readonly isCancelled: () => boolean
  readonly isStopping: () => boolean
}

/** TTL first, then the handler; whatever it does becomes one of four ends. Never rejects. */
export async function runAttempt(options: AttemptOptions): Promise<AttemptEnd> {
  const { job, nowMs } = options
  const expired = expiredResult(job.task, job.submittedAtMs, nowMs())
  if (expired !== undefined) return { kind: 'finished', result: expired }
  try {
    // A cancellation may have arrived before the first line of work.
    if (options.isCancelled()) return { kind: 'finished', result: cancelledResult(job.task, nowMs()) }
    // Parsed because history promises its shape, and because the handler's types end at JSON.
    return { kind: 'finished', result: JobResultSchema.parse(await options.handler(job)) }
  } catch (thrown) {
    const error = asDoctownError(thrown, 'stage_failed')
    if (options.isCancelled() || error.code === 'cancelled') return { kind: 'finished', result: cancelledResult(job.task, nowMs()) }
    if (options.isStopping()) return { kind: 'handed_back' }
    const result = failedResult(job.task, error, nowMs())
    return { kind: error.permanent || job.isLastAttempt ? 'failed' : 'retry', result }
  }
}
