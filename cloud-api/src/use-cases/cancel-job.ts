import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { Cancelled } from '@doctown/common/contracts/http/bodies.js'
import type { JobId } from '@doctown/common/contracts/ids.js'
import type { JobQueue } from '@doctown/common/ports/queue/port.js'

/** Removes a waiting job, aborts a running one. Throws `not_found`, `job_not_active`, `queue_unavailable`. */
export function createCancelJob(queue: Pick<JobQueue, 'cancel'>): (jobId: JobId) => Promise<Cancelled> {
  return async (jobId) => {
    const outcome = await queue.cancel(jobId)
    if (outcome === 'unknown') throw new DoctownError('not_found', 'There is no such job.')
    if (outcome === 'finished') throw new DoctownError('job_not_active', 'The job has ended already.')
    return { job_id: Number(jobId), outcome }
  }
}
