import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { JobState } from '@doctown/common/contracts/http/bodies.js'
import type { JobId } from '@doctown/common/contracts/ids.js'
import type { JobQueue, JobView } from '@doctown/common/ports/queue/port.js'
import type { Privacy } from './privacy.js'

/** Throws `not_found` for an unknown job, and for a private one unless `includePrivate`; `queue_unavailable`. */
export type FindJob = (jobId: JobId, options: { readonly includePrivate: boolean }) => Promise<JobView>

export interface FindJobOptions {
  /** Answers from a copy in memory for a second, and for good once a job has ended; so this keeps none. */
  readonly queue: Pick<JobQueue, 'find'>
  readonly privacy: Privacy
  /** Told of a docpack that a job has made. */
  readonly onDocpack: (docpackId: string) => void
}

export function createFindJob({ queue, privacy, onDocpack }: FindJobOptions): FindJob {
  return async (jobId, { includePrivate }) => {
    const job = await queue.find(jobId)
    if (job?.result?.status === 'complete') onDocpack(job.result.docpack_id)
    if (job === undefined || (!includePrivate && privacy.isPrivateJob(job))) throw new DoctownError('not_found', 'There is no such job.')
    return job
  }
}

/** A job as clients see it; addresses in it begin with `linkBase`. */
export function jobState({ job_id, status, stage, progress, queue_position, result }: JobView, linkBase: string): JobState {
  return {
    job_id: Number(job_id),
    status,
    ...(stage === null ? {} : { stage }),
    ...(progress === null ? {} : { progress }),
    ...(queue_position === null ? {} : { queue_position }),
    ...(result?.status === 'complete' ? { output: { ...result.output, docpack_url: linkBase + result.output.docpack_url } } : {}),
    ...(result?.status === 'failed' ? { error: result.error, error_code: result.error_code } : {}),
  }
}
