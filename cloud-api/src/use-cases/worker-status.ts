import type { WorkerStatus, WorkerView } from '@doctown/common/contracts/http/bodies.js'
import { overallStatus, type WorkerReport } from '@doctown/common/contracts/worker-status.js'
import type { JobQueue } from '@doctown/common/ports/queue/port.js'
import type { Privacy } from './privacy.js'

export type GetWorkerStatus = (options: { readonly includePrivate: boolean }) => Promise<WorkerStatus>

/** From the queue's copy in memory: any number of readers cost Redis nothing more. Throws `redis_unavailable`. */
export function createWorkerStatus(options: {
  readonly queue: Pick<JobQueue, 'workers' | 'health' | 'maxQueueSize'>
  readonly privacy: Privacy
}): GetWorkerStatus {
  const { queue, privacy } = options
  return async ({ includePrivate }) => {
    const reports = await queue.workers()
    const workers = includePrivate ? reports : reports.map((report) => privacy.masked(report))
    const { waiting } = queue.health()
    return {
      status: overallStatus(workers),
      workers: workers.map(view),
      ...(waiting === null ? {} : { queue_size: waiting }),
      max_queue_size: queue.maxQueueSize,
    }
  }
}

const view = ({ name, status, stage, done, total, execution_provider, last_heartbeat }: WorkerReport): WorkerView => ({
  name,
  status,
  ...(stage === null ? {} : { stage }),
  ...(done === null ? {} : { done }),
  ...(total === null ? {} : { total }),
  ...(execution_provider === null ? {} : { execution_provider }),
  last_heartbeat,
})
