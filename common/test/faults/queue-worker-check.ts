/** Workers that are killed, or whose loop stands still. Short in the ordinary tests, with production settings in check:faults. */
import { createBullmqJobQueue } from '@doctown/common/ports/queue/bullmq-job-queue.js'
import type { JobQueue, JobView } from '@doctown/common/ports/queue/port.js'
import { sampleTask } from '../ports/queue/samples.js'
import { startChild, type TestChild } from '../support/child-process.js'
import type { TestRedis } from '../support/redis-server.js'
import { waitUntil } from '../support/wait-until.js'
import type { WorkerChildNews, WorkerChildOptions } from './queue-worker-child.js'

const CHILD = new URL('./queue-worker-child.js', import.meta.url)

export type WorkerSettings = Omit<WorkerChildOptions, 'redisUrl' | 'workerName'>

/** What `.env.example` sets: nothing. */
export const PRODUCTION: WorkerSettings = {}
/** limits-and-faults.md section 3. */
export const TEST_SETTINGS: WorkerSettings = { lockSeconds: 3, stalledSeconds: 1, heartbeatSeconds: 2 }

export async function startWorker(redis: TestRedis, workerName: string, settings: WorkerSettings): Promise<TestChild> {
  const child = startChild(CHILD, { redisUrl: redis.url, workerName, ...settings } satisfies WorkerChildOptions)
  await child.message(isNews('ready'))
  return child
}

export const isNews =
  (kind: WorkerChildNews['kind'], jobId?: string, attempt?: number) =>
  (message: unknown): message is WorkerChildNews => {
    // The child sends nothing else.
    const news = message as WorkerChildNews
    return news.kind === kind && (jobId === undefined || news.job_id === jobId) && (attempt === undefined || news.attempt === attempt)
  }

export async function openQueue(redis: TestRedis): Promise<JobQueue> {
  await redis.client.flushall()
  const queue = createBullmqJobQueue({ redisUrl: redis.url, retryDelayMs: 100 })
  await waitUntil(() => queue.health().redis === 'ok', 'the connection')
  return queue
}

export interface DeathReport {
  /** From the start of the new process to its taking the job, for each death that was not the last. */
  readonly restartMs: readonly number[]
  readonly status: JobView['status']
  readonly result: JobView['result']
  readonly historyRows: number
}

/** Kills the worker `deaths` times on one job, starting it again each time; the last one may finish. */
export async function checkDeaths(
  redis: TestRedis,
  options: { readonly deaths: number; readonly settings: WorkerSettings },
): Promise<DeathReport> {
  const queue = await openQueue(redis)
  let worker: TestChild | undefined
  try {
    const { job_id } = await queue.submit(sampleTask(options.deaths > 3 ? 'hang' : 'sleep300'))
    const restartMs: number[] = []
    for (let death = 0; death < options.deaths; death++) {
      const startMs = performance.now()
      worker = await startWorker(redis, 'w-1', options.settings)
      await worker.message(isNews('taken', job_id, death + 1))
      if (death > 0) restartMs.push(performance.now() - startMs)
      await worker.kill()
    }
    const startMs = performance.now()
    worker = await startWorker(redis, 'w-1', options.settings)
    const view = await waitUntil(
      async () => {
        const found = await queue.find(job_id)
        return found !== undefined && found.result !== null && found
      },
      'the end of the job',
      { timeoutMs: 20_000 },
    )
    restartMs.push(performance.now() - startMs)
    const rows = await queue.history({ limit: 100, includePrivate: true })
    return { restartMs, status: view.status, result: view.result, historyRows: rows.length }
  } finally {
    await worker?.kill()
    await queue.close()
  }
}

/** One worker's loop stands still for longer than its lock lasts, while another waits for work. */
export async function checkBlockedLoop(
  redis: TestRedis,
  options: { readonly blockMs: number; readonly settings: WorkerSettings },
): Promise<{ readonly taken: number; readonly status: JobView['status']; readonly historyRows: number }> {
  const queue = await openQueue(redis)
  const workers: TestChild[] = []
  try {
    workers.push(await startWorker(redis, 'w-1', options.settings))
    const { job_id } = await queue.submit(sampleTask(`block${options.blockMs}`))
    await workers[0]?.message(isNews('taken', job_id))
    workers.push(await startWorker(redis, 'w-2', options.settings))
    const view = await waitUntil(
      async () => {
        const found = await queue.find(job_id)
        return found?.result !== null && found
      },
      'the end of the job',
      { timeoutMs: options.blockMs + 10_000 },
    )
    const taken = workers.flatMap(({ messages }) => messages).filter(isNews('taken')).length
    const rows = await queue.history({ limit: 100, includePrivate: true })
    return { taken, status: view.status, historyRows: rows.length }
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()))
    await queue.close()
  }
}

/** How long a killed worker is still shown as living, in heartbeats. */
export async function checkOffline(
  redis: TestRedis,
  options: { readonly heartbeatSeconds: number },
): Promise<{ readonly heartbeats: number }> {
  const queue = await openQueue(redis)
  const worker = await startWorker(redis, 'w-1', { heartbeatSeconds: options.heartbeatSeconds })
  try {
    await waitUntil(async () => (await queue.workers()).some(({ state }) => state === 'idle'), 'the worker seen')
    await worker.kill()
    const startMs = performance.now()
    await waitUntil(
      async () => (await queue.workers()).every(({ state, status }) => state === 'offline' && status === 'Offline'),
      'Offline',
      {
        timeoutMs: options.heartbeatSeconds * 5_000,
      },
    )
    return { heartbeats: (performance.now() - startMs) / (options.heartbeatSeconds * 1_000) }
  } finally {
    await worker.kill()
    await queue.close()
  }
}
