import type { MemoryQueue } from '@doctown/common/ports/queue/memory.js'
import type { JobHandler, JobSource } from '@doctown/common/ports/queue/port.js'

/** A worker on the memory queue that says what a real one says: training before the job, idle after it. */
export async function startWorker(memory: MemoryQueue, handler: JobHandler, workerName = 'RTX-4070-Node-1'): Promise<JobSource> {
  const source = memory.createSource({ workerName })
  await source.start(async (job) => {
    await source.report(report('training', `Training Graph on ${job.task.repo_url}`, job.job_id))
    try {
      return await handler(job)
    } finally {
      await source.report(report('idle', 'Idle', null))
    }
  })
  return source
}

export const report = (state: 'idle' | 'training' | 'error', status: string, jobId: string | null): Parameters<JobSource['report']>[0] => ({
  state,
  status,
  job_id: jobId,
  stage: state === 'training' ? 'parse' : null,
  done: state === 'training' ? 3 : null,
  total: state === 'training' ? 10 : null,
  execution_provider: null,
})

/** A promise and the key to it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}
