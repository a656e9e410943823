/** A process that submits, as a cloud API would. Told by its parent what to do; killed by it too. */
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createBullmqJobQueue } from '@doctown/common/ports/queue/bullmq-job-queue.js'
import { JOB_NAME, PREFIX, QUEUE_NAME } from '@doctown/common/ports/queue/bullmq-names.js'
import type { Submission } from '@doctown/common/ports/queue/port.js'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { sampleTask } from '../ports/queue/samples.js'
import { waitUntil } from '../support/wait-until.js'

/** `naive` counts and then adds: the control that the cap's check must catch. */
export interface ApiChildOptions {
  readonly redisUrl: string
  readonly mode: 'capped' | 'naive'
  /** Submits without end until it is killed; otherwise waits for orders. */
  readonly endless?: string
}
export interface SubmitOrder {
  readonly names: readonly string[]
}
export interface SubmitReport {
  readonly positions: readonly number[]
  readonly ids: readonly string[]
  /** Error code and how often. */
  readonly refused: Readonly<Record<string, number>>
  readonly worstMs: number
}

const MAX = 10

async function main(options: ApiChildOptions): Promise<void> {
  const submit = options.mode === 'naive' ? naiveSubmit(options.redisUrl) : await cappedSubmit(options.redisUrl)
  process.on('disconnect', () => process.exit())
  process.on('message', (order: SubmitOrder) => void submitAll(submit, order).then((report) => process.send?.(report)))
  process.send?.('ready')
  if (options.endless !== undefined) {
    for (let n = 0; ; n++) await Promise.allSettled(Array.from({ length: 20 }, (_, i) => submit(`${options.endless}-${n}-${i}`)))
  }
}

async function submitAll(submit: (name: string) => Promise<Submission>, order: SubmitOrder): Promise<SubmitReport> {
  const positions: number[] = []
  const ids: string[] = []
  const refused: Record<string, number> = {}
  let worstMs = 0
  await Promise.all(
    order.names.map(async (name) => {
      const startMs = performance.now()
      try {
        const { job_id, queue_position } = await submit(name)
        positions.push(queue_position)
        ids.push(job_id)
      } catch (error) {
        const code = error instanceof DoctownError ? error.code : String(error)
        refused[code] = (refused[code] ?? 0) + 1
      }
      worstMs = Math.max(worstMs, performance.now() - startMs)
    }),
  )
  return { positions, ids, refused, worstMs }
}

async function cappedSubmit(redisUrl: string): Promise<(name: string) => Promise<Submission>> {
  const queue = createBullmqJobQueue({ redisUrl, maxQueueSize: MAX })
  await waitUntil(() => queue.health().redis === 'ok', 'the connection')
  return (name) => queue.submit(sampleTask(name))
}

function naiveSubmit(redisUrl: string): (name: string) => Promise<Submission> {
  const queue = new Queue(QUEUE_NAME, {
    connection: new Redis(redisUrl.slice('unix:'.length), { maxRetriesPerRequest: null }),
    prefix: PREFIX,
  })
  return async (name) => {
    const size = await queue.getWaitingCount()
    if (size >= MAX) throw new DoctownError('queue_full', 'Full.')
    const job = await queue.add(JOB_NAME, sampleTask(name))
    // The id is checked for uniqueness only.
    return { job_id: String(job.id) as Submission['job_id'], queue_position: size + 1, queue_size: size + 1, duplicate: false }
  }
}

if (process.send !== undefined && process.argv[2] !== undefined) await main(JSON.parse(process.argv[2]) as ApiChildOptions)
