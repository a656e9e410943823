import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { JobState } from '@doctown/common/contracts/http/bodies.js'
import type { JobId } from '@doctown/common/contracts/ids.js'
import type { JobQueue, JobView } from '@doctown/common/ports/queue/port.js'
import type { Privacy } from './privacy.js'

/** Someone who asks every few milliseconds gets the same answer for this long. */
const FRESH_MS = 500
const KEPT = 200

export interface Jobs {
  /** Throws `not_found` for an unknown job, and for a private one unless `includePrivate`; `queue_unavailable`. */
  find(jobId: JobId, options: { readonly includePrivate: boolean }): Promise<JobView>
  /** The API changed it. */
  forget(jobId: JobId): void
}

/** Jobs by id. One that has ended never changes again and is kept. */
export function createJobs(options: {
  readonly queue: Pick<JobQueue, 'find'>
  readonly privacy: Privacy
  readonly now: () => number
}): Jobs {
  const { queue, privacy, now } = options
  const held = new Map<JobId, { readonly view: Promise<JobView | undefined>; readonly readAtMs: number; ended: boolean }>()

  const look = async (jobId: JobId): Promise<JobView | undefined> => {
    const known = held.get(jobId)
    if (known !== undefined && (known.ended || now() - known.readAtMs < FRESH_MS)) return known.view
    const entry = { view: queue.find(jobId), readAtMs: now(), ended: false }
    held.delete(jobId)
    held.set(jobId, entry)
    for (const oldest of held.keys()) if (held.size > KEPT) held.delete(oldest)
    try {
      const view = await entry.view
      entry.ended = view !== undefined && view.result !== null
      return view
    } catch (error) {
      if (held.get(jobId) === entry) held.delete(jobId)
      throw error
    }
  }

  return {
    async find(jobId, { includePrivate }) {
      const job = await look(jobId)
      if (job === undefined || (!includePrivate && privacy.isPrivateJob(job))) throw new DoctownError('not_found', 'There is no such job.')
      return job
    },
    forget: (jobId) => void held.delete(jobId),
  }
}

/** A job as clients see it. */
export function jobState({ job_id, status, stage, progress, queue_position, result }: JobView): JobState {
  return {
    job_id: Number(job_id),
    status,
    ...(stage === null ? {} : { stage }),
    ...(progress === null ? {} : { progress }),
    ...(queue_position === null ? {} : { queue_position }),
    ...(result?.status === 'complete' ? { output: result.output } : {}),
    ...(result?.status === 'failed' ? { error: result.error, error_code: result.error_code } : {}),
  }
}
