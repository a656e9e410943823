/** The cloud's side of the queue on BullMQ. One file an idea: cap, gate, mirror (what dashboards poll), event feed, scripts. */
import { performance } from 'node:perf_hooks'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { DoctownError } from '../../contracts/errors.js'
import type { DoctownEvent } from '../../contracts/event.js'
import { JobIdSchema, type JobId } from '../../contracts/ids.js'
import { TaskSchema, dedupKey, type HistoryEntry, type Task } from '../../contracts/job.js'
import { LIMITS } from '../../contracts/limits.js'
import type { WorkerReport } from '../../contracts/worker-status.js'
import { silentLog, type StructuredLog } from '../../runtime/log.js'
import { settledWithin } from '../../runtime/settled-within.js'
import { installCap, type CappedAdd } from './bullmq-cap.js'
import { API_CONNECTION, createRedis, sideConnection } from './bullmq-connection.js'
import { ProgressSchema } from './bullmq-event-batch.js'
import { EventFeeds } from './bullmq-event-feed.js'
import { EVENT_PACE, type EventPace } from './bullmq-event-writer.js'
import { RedisGate } from './bullmq-gate.js'
import { QueueMirror } from './bullmq-mirror.js'
import { JOB_NAME, PREFIX, QUEUE_NAME } from './bullmq-names.js'
import { resultOf, taskOf } from './bullmq-record.js'
import { KEEP_FINISHED, cancelJob, findJob, type FoundJob } from './bullmq-scripts.js'
import { cancelledResult, statusOfResult } from './job-end.js'
import type { CancelOutcome, JobQueue, JobView, QueueHealth, Submission } from './port.js'
import { redisUnavailable } from './queue-errors.js'

export interface BullmqJobQueueOptions {
  /** `redis://`, `rediss://` or `unix:/path`. */
  readonly redisUrl: string
  /** MAX_QUEUE_SIZE. */
  readonly maxQueueSize?: number
  /** Wait before a job that failed for a passing reason is tried again; short, for a waiting retry makes an idle worker poll. */
  readonly retryDelayMs?: number
  /** How old the copy of worker reports may get, and how often everything is compared again. */
  readonly reportsAgeMs?: number
  readonly wholeAgeMs?: number
  /** How often events are looked for while somebody reads them. */
  readonly eventPace?: EventPace
  readonly log?: StructuredLog
  readonly nowMs?: () => number
}

export function createBullmqJobQueue(options: BullmqJobQueueOptions): JobQueue {
  return new BullmqJobQueue(options)
}

/** Answers about one job are shared for so long; a finished job's for good. */
const VIEW_AGE_MS = 1_000
const KEPT_VIEWS = 200

class BullmqJobQueue implements JobQueue {
  readonly maxQueueSize: number
  readonly #client: Redis
  readonly #subscriber: Redis
  readonly #gate: RedisGate
  readonly #cap: CappedAdd
  readonly #queue: Queue
  readonly #mirror: QueueMirror
  readonly #feeds: EventFeeds
  readonly #views = new Map<JobId, { readonly view: JobView; readonly readMs: number }>()
  readonly #nowMs: () => number
  readonly #retryDelayMs: number

  constructor(options: BullmqJobQueueOptions) {
    const log = options.log ?? silentLog
    this.maxQueueSize = options.maxQueueSize ?? 10
    this.#retryDelayMs = options.retryDelayMs ?? 10_000
    this.#nowMs = options.nowMs ?? Date.now
    this.#client = createRedis(options.redisUrl, API_CONNECTION)
    this.#subscriber = createRedis(options.redisUrl, sideConnection())
    this.#gate = new RedisGate(this.#client)
    this.#cap = installCap(this.#client, this.maxQueueSize)
    this.#queue = new Queue(QUEUE_NAME, {
      connection: this.#client,
      prefix: PREFIX,
      // The check is an INFO at start; if that one command failed, the queue would stay broken for good.
      skipVersionCheck: true,
      // Nobody reads BullMQ's own event stream; its length is memory only.
      streams: { events: { maxLen: 10 } },
    })
    this.#queue.on('error', (error) => log.debug('queue error', { error }))
    this.#feeds = new EventFeeds(this.#client, (work) => this.#gate.run(work), options.eventPace ?? EVENT_PACE)
    this.#mirror = new QueueMirror({
      client: this.#client,
      subscriber: this.#subscriber,
      reportsAgeMs: options.reportsAgeMs ?? 60_000,
      wholeAgeMs: options.wholeAgeMs ?? 600_000,
      onChange: () => {
        this.#forgetViews()
        this.#feeds.wake()
      },
    })
  }

  async submit(input: Task): Promise<Submission> {
    const task = TaskSchema.parse(input)
    if (Buffer.byteLength(JSON.stringify(task)) > LIMITS.jobDataBytes) {
      throw new DoctownError('invalid_request', 'The task is larger than 16 KiB; shorten its repository URL or ref.')
    }
    const { added, reply } = await this.#gate.run(() =>
      this.#cap.run(() =>
        this.#queue.add(JOB_NAME, task, {
          deduplication: { id: dedupKey(task) },
          timestamp: Date.parse(task.submitted_at) || this.#nowMs(),
          attempts: LIMITS.jobAttempts,
          backoff: { type: 'fixed', delay: this.#retryDelayMs },
          removeOnComplete: { count: KEEP_FINISHED },
          removeOnFail: { count: KEEP_FINISHED },
          stackTraceLimit: 0,
        }),
      ),
    )
    this.#mirror.setWaiting(reply.size)
    return {
      job_id: JobIdSchema.parse(added.id),
      queue_position: reply.position,
      queue_size: reply.size,
      duplicate: reply.duplicate,
    }
  }

  async find(jobId: JobId): Promise<JobView | undefined> {
    const kept = this.#views.get(jobId)
    if (kept !== undefined && (kept.view.result !== null || performance.now() - kept.readMs < VIEW_AGE_MS)) return kept.view
    const found = await this.#gate.run(() => findJob(this.#client, jobId))
    if (found === undefined) return undefined
    const view = viewOf(jobId, found)
    this.#views.delete(jobId)
    this.#views.set(jobId, { view, readMs: performance.now() })
    for (const oldest of this.#views.keys()) {
      if (this.#views.size <= KEPT_VIEWS) break
      this.#views.delete(oldest)
    }
    return view
  }

  async history(options: { readonly limit: number; readonly includePrivate: boolean }): Promise<HistoryEntry[]> {
    await this.#gate.run(() => this.#mirror.refresh())
    return this.#mirror.history(options)
  }

  async cancel(jobId: JobId): Promise<CancelOutcome> {
    const view = await this.find(jobId)
    if (view === undefined) return 'unknown'
    const nowMs = this.#nowMs()
    const result = JSON.stringify(cancelledResult(view.task, nowMs))
    const outcome = await this.#gate.run(() => cancelJob(this.#client, { jobId, result, nowMs }))
    this.#views.delete(jobId)
    if (outcome === 'removed') this.#mirror.markOld()
    return outcome
  }

  async workers(): Promise<readonly WorkerReport[]> {
    try {
      await this.#gate.run(() => this.#mirror.refresh())
    } catch (error) {
      throw redisUnavailable(this.#gate.cause ?? 'Redis does not answer', error)
    }
    return this.#mirror.workers()
  }

  events(jobId: JobId, options: { readonly afterSequence: number; readonly signal: AbortSignal }): AsyncIterable<DoctownEvent> {
    return this.#feeds.read(jobId, options)
  }

  health(): QueueHealth {
    const { cause } = this.#gate
    return { redis: cause === null ? 'ok' : 'down', waiting: this.#mirror.waiting, workers: this.#mirror.workers(), cause }
  }

  async close(): Promise<void> {
    this.#gate.close()
    // A shared connection is not BullMQ's to close; without Redis its close would wait for it.
    await settledWithin(this.#queue.close(), 500)
    this.#subscriber.disconnect()
    this.#client.disconnect()
  }

  #forgetViews(): void {
    for (const [jobId, { view }] of this.#views) if (view.result === null) this.#views.delete(jobId)
  }
}

function viewOf(jobId: JobId, { fields, state, position, progress }: FoundJob): JobView {
  const result = resultOf(fields)
  const told = ProgressSchema.safeParse(progress === null ? null : JSON.parse(progress))
  return {
    job_id: jobId,
    task: taskOf(fields.data),
    status: result !== null ? statusOfResult(result) : state === 'active' ? 'IN_PROGRESS' : 'QUEUED',
    stage: told.success ? told.data.stage : null,
    progress: told.success ? { done: told.data.done, total: told.data.total } : null,
    queue_position: position,
    result,
  }
}
