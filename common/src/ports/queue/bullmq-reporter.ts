import type { Redis } from 'ioredis'
import type { WorkerReport } from '../../contracts/worker-status.js'
import { settledWithin } from '../../runtime/settled-within.js'
import type { WorkerNews } from './bullmq-mirror.js'
import { NEWS_CHANNEL, WORKER_NAMES_KEY, workerStatusKey } from './bullmq-names.js'
import type { JobSource } from './port.js'

type Report = Parameters<JobSource['report']>[0]

export interface ReporterOptions {
  readonly client: Redis
  readonly workerName: string
  readonly heartbeatMs: number
  readonly nowMs: () => number
  readonly onError: (error: unknown) => void
}

const IDLE: Report = { state: 'idle', status: 'Idle', job_id: null, stage: null, done: null, total: null, execution_provider: null }

/** A worker that stops sending is Offline after so many heartbeats. */
export const HEARTBEATS_TO_LIVE = 2.5
const PATIENCE_MS = 2_000

/**
 * What this worker says of itself: SET with an expiry and PUBLISH, at every heartbeat and at once when state, job or stage
 * change. Mere progress within a stage waits for the next of these (it is in the events' batches too).
 */
export class WorkerReporter {
  #report = IDLE
  #changedAt: string
  /** Differs from one start of the worker to the next, so that readers notice a restart. */
  #ended: number
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> = Promise.resolve()
  #isQueued = false

  constructor(private readonly options: ReporterOptions) {
    this.#changedAt = new Date(options.nowMs()).toISOString()
    this.#ended = options.nowMs()
  }

  async start(): Promise<void> {
    await this.options.client.sadd(WORKER_NAMES_KEY, this.options.workerName)
    await this.#send()
  }

  async report(report: Report): Promise<void> {
    const before = this.#report
    this.#report = { ...report }
    const isChange = before.state !== report.state || before.status !== report.status || before.job_id !== report.job_id
    if (isChange) this.#changedAt = new Date(this.options.nowMs()).toISOString()
    if (isChange || before.stage !== report.stage || before.execution_provider !== report.execution_provider) await this.#send()
  }

  /** An attempt has ended in the queue's own records: history may have grown. */
  async attemptEnded(): Promise<void> {
    this.#ended += 1
    await this.#send()
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    await settledWithin(this.#sending, PATIENCE_MS)
    const { client, workerName } = this.options
    await client
      .pipeline()
      .del(workerStatusKey(workerName))
      .srem(WORKER_NAMES_KEY, workerName)
      .publish(NEWS_CHANNEL, JSON.stringify({ kind: 'gone', name: workerName }))
      .exec()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #send(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#send(), this.options.heartbeatMs)
    this.#timer.unref()
    // One that waits for its turn will tell what is true by then; an outage must not pile them up.
    if (!this.#isQueued) {
      this.#isQueued = true
      this.#sending = this.#sending.then(() => this.#sendNow())
    }
    // Nor must it hold up the job.
    return settledWithin(this.#sending, PATIENCE_MS)
  }

  async #sendNow(): Promise<void> {
    this.#isQueued = false
    const { client, workerName, heartbeatMs, nowMs, onError } = this.options
    const livesMs = Math.ceil(heartbeatMs * HEARTBEATS_TO_LIVE)
    const report: WorkerReport = {
      ...this.#report,
      name: workerName,
      last_heartbeat: new Date(nowMs()).toISOString(),
      changed_at: this.#changedAt,
    }
    const worker: WorkerNews = { ...report, lives_ms: livesMs, ended: this.#ended }
    try {
      await client
        .pipeline()
        .set(workerStatusKey(workerName), JSON.stringify(worker), 'PX', livesMs)
        .publish(NEWS_CHANNEL, JSON.stringify({ kind: 'worker', worker }))
        .exec()
    } catch (error) {
      onError(error)
    }
  }
}
