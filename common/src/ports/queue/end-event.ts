import type { DoctownEvent } from '../../contracts/event.js'
import type { JobId } from '../../contracts/ids.js'
import type { JobResult, Task } from '../../contracts/job.js'
import { DOCTOWN_VERSION } from '../../contracts/version.js'

/**
 * The last event of a job that ended without a worker to tell it: removed while it waited, past its TTL, or its worker lost.
 * Keeps the promise that every stream of events ends with `job.completed.v1`.
 */
export function endEvent(options: {
  readonly jobId: JobId
  readonly task: Task
  readonly result: JobResult
  readonly sequence: number
}): DoctownEvent {
  const { jobId, task, result, sequence } = options
  return {
    event_id: `evt_${jobId}_end`,
    event_type: 'job.completed.v1',
    timestamp: result.timestamp,
    sequence,
    context: { job_id: jobId, repo_url: task.repo_url, git_ref: task.git_ref },
    meta: { producer_version: DOCTOWN_VERSION },
    payload: payloadOf(result),
    status: result.status === 'complete' ? 'success' : 'failed',
  }
}

/** What the worker tells when it ends a job itself. */
function payloadOf(result: JobResult): Record<string, unknown> {
  switch (result.status) {
    case 'complete':
      return { ...result.output }
    case 'failed':
      return { status: 'failed', error: result.error, error_code: result.error_code }
    case 'skipped':
      return { status: 'skipped', reason: result.reason, age_seconds: result.age_seconds }
    case 'cancelled':
      return { status: 'cancelled' }
  }
}
