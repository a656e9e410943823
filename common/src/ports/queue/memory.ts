/** The queue in one process's memory: the same promises as BullMQ's, kept only as long as the process lives. */
import { DoctownError } from '../../contracts/errors.js'
import type { DoctownEvent } from '../../contracts/event.js'
import { JobIdSchema, type JobId } from '../../contracts/ids.js'
import { TaskSchema, dedupKey, type HistoryEntry, type JobResult, type Task } from '../../contracts/job.js'
import { LIMITS } from '../../contracts/limits.js'
import { WorkerReportSchema, statusText, type WorkerReport } from '../../contracts/worker-status.js'
import { endEvent } from './end-event.js'
import { EventLog } from './event-log.js'
import { cancelledResult, historyEntry, isPrivateResult, statusOfResult } from './job-end.js'
import { MemoryJobSource } from './memory-source.js'
import type { CancelOutcome, JobQueue, JobSource, JobView, Submission } from './port.js'
import { queueFullError, queueUnavailable, redisUnavailable } from './queue-errors.js'

export interface MemoryQueueOptions {
  readonly maxQueueSize?: number
  /** Wait between the attempts of a job that failed for a passing reason. */
  readonly retryDelayMs?: number
  readonly attempts?: number
  readonly heartbeatMs?: number
  readonly nowMs?: () => number
}

export interface MemoryQueue {
  readonly queue: JobQueue
  /** One worker; any number may take from the same queue. */
  createSource(options: { readonly workerName: string }): JobSource
  /** Behaves as if Redis were away for `cause`, until called with null. */
  setOutage(cause: string | null): void
}

export function createMemoryQueue(options: MemoryQueueOptions = {}): MemoryQueue {
  const store = new MemoryStore(options)
  return {
    queue: new MemoryJobQueue(store),
    createSource: ({ workerName }) => new MemoryJobSource(store, workerName),
    setOutage: (cause) => {
      store.outage = cause
    },
  }
}

export interface MemoryJob {
  readonly id: JobId
  task: Task
  readonly submittedAtMs: number
  readonly events: EventLog
  state: 'waiting' | 'delayed' | 'active' | 'finished'
  attemptsStarted: number
  attemptsFailed: number
  stage: string | null
  progress: JobView['progress']
  result: JobResult | null
  /** Of the running attempt. */
  cancel: (() => void) | null
}

/** What queue and sources share. */
export class MemoryStore {
  readonly maxQueueSize: number
  readonly retryDelayMs: number
  readonly attempts: number
  readonly heartbeatMs: number
  readonly nowMs: () => number
  readonly jobs = new Map<JobId, MemoryJob>()
  /** Next first. */
  readonly waiting: MemoryJob[] = []
  /** Newest first. */
  readonly finished: MemoryJob[] = []
  readonly dedup = new Map<string, JobId>()
  readonly workers = new Map<string, WorkerReport>()
  readonly sources = new Set<MemoryJobSource>()
  outage: string | null = null

  constructor(options: MemoryQueueOptions) {
    this.maxQueueSize = options.maxQueueSize ?? 10
    this.retryDelayMs = options.retryDelayMs ?? 10_000
    this.attempts = options.attempts ?? LIMITS.jobAttempts
    this.heartbeatMs = options.heartbeatMs ?? 120_000
    this.nowMs = options.nowMs ?? Date.now
  }

  get pending(): number {
    let delayed = 0
    for (const job of this.jobs.values()) if (job.state === 'delayed') delayed += 1
    return this.waiting.length + delayed
  }

  enqueue(job: MemoryJob, where: 'head' | 'tail'): void {
    job.state = 'waiting'
    if (where === 'head') this.waiting.unshift(job)
    else this.waiting.push(job)
    for (const source of this.sources) source.wake()
  }

  finish(job: MemoryJob, result: JobResult): void {
    job.state = 'finished'
    job.result = result
    this.releaseDedup(job)
    this.finished.unshift(job)
    job.events.end((sequence) => endEvent({ jobId: job.id, task: job.task, result, sequence }))
  }

  /** A job that waits again is found by its repository again, unless another has come meanwhile. */
  claimDedup(job: MemoryJob): void {
    const key = dedupKey(job.task)
    if (!this.dedup.has(key)) this.dedup.set(key, job.id)
  }

  releaseDedup(job: MemoryJob): void {
    const key = dedupKey(job.task)
    if (this.dedup.get(key) === job.id) this.dedup.delete(key)
  }
}

class MemoryJobQueue implements JobQueue {
  #lastId = 0
  constructor(private readonly store: MemoryStore) {}

  get maxQueueSize(): number {
    return this.store.maxQueueSize
  }

  async submit(input: Task): Promise<Submission> {
    this.#assertReachable()
    const task = TaskSchema.parse(input)
    if (Buffer.byteLength(JSON.stringify(task)) > LIMITS.jobDataBytes) {
      throw new DoctownError('invalid_request', 'The task is larger than 16 KiB; shorten its repository URL or ref.')
    }
    const { store } = this
    const known = store.jobs.get(store.dedup.get(dedupKey(task)) ?? ('' as JobId))
    const size = store.pending
    if (known !== undefined) {
      return { job_id: known.id, queue_position: store.waiting.indexOf(known) + 1, queue_size: size, duplicate: true }
    }
    if (size >= store.maxQueueSize) throw queueFullError(size, store.maxQueueSize)
    const job: MemoryJob = {
      id: JobIdSchema.parse(String(++this.#lastId)),
      task,
      submittedAtMs: Date.parse(task.submitted_at),
      events: new EventLog(),
      state: 'waiting',
      attemptsStarted: 0,
      attemptsFailed: 0,
      stage: null,
      progress: null,
      result: null,
      cancel: null,
    }
    store.jobs.set(job.id, job)
    store.dedup.set(dedupKey(task), job.id)
    store.enqueue(job, 'tail')
    return { job_id: job.id, queue_position: size + 1, queue_size: size + 1, duplicate: false }
  }

  async find(jobId: JobId): Promise<JobView | undefined> {
    this.#assertReachable()
    const job = this.store.jobs.get(jobId)
    if (job === undefined) return undefined
    const position = this.store.waiting.indexOf(job)
    return {
      job_id: job.id,
      task: job.task,
      status: job.result !== null ? statusOfResult(job.result) : job.state === 'active' ? 'IN_PROGRESS' : 'QUEUED',
      stage: job.state === 'active' ? job.stage : null,
      progress: job.state === 'active' ? job.progress : null,
      queue_position: position < 0 ? null : position + 1,
      result: job.result,
    }
  }

  async history(options: { readonly limit: number; readonly includePrivate: boolean }): Promise<HistoryEntry[]> {
    this.#assertReachable()
    const rows: HistoryEntry[] = []
    for (const { id, result } of this.store.finished) {
      if (rows.length === options.limit) break
      if (result !== null && (options.includePrivate || !isPrivateResult(result))) rows.push(historyEntry(id, result))
    }
    return rows
  }

  async cancel(jobId: JobId): Promise<CancelOutcome> {
    this.#assertReachable()
    const job = this.store.jobs.get(jobId)
    if (job === undefined) return 'unknown'
    if (job.state === 'finished') return 'finished'
    if (job.state === 'active') {
      job.cancel?.()
      return 'aborting'
    }
    const at = this.store.waiting.indexOf(job)
    if (at >= 0) this.store.waiting.splice(at, 1)
    this.store.finish(job, cancelledResult(job.task, this.store.nowMs()))
    return 'removed'
  }

  async workers(): Promise<readonly WorkerReport[]> {
    if (this.store.outage !== null) throw redisUnavailable(this.store.outage)
    return this.#living()
  }

  async *events(jobId: JobId, options: { readonly afterSequence: number; readonly signal: AbortSignal }): AsyncGenerator<DoctownEvent> {
    this.#assertReachable()
    const job = this.store.jobs.get(jobId)
    if (job !== undefined) yield* job.events.read(options.afterSequence, options.signal)
  }

  health(): ReturnType<JobQueue['health']> {
    const { outage, pending } = this.store
    return { redis: outage === null ? 'ok' : 'down', waiting: pending, workers: this.#living(), cause: outage }
  }

  async close(): Promise<void> {}

  #living(): readonly WorkerReport[] {
    const oldest = this.store.nowMs() - this.store.heartbeatMs * 2.5
    return [...this.store.workers.values()].map((report) =>
      Date.parse(report.last_heartbeat) >= oldest
        ? report
        : WorkerReportSchema.parse({ ...report, state: 'offline', status: statusText.offline, job_id: null, stage: null }),
    )
  }

  #assertReachable(): void {
    if (this.store.outage !== null) throw queueUnavailable(this.store.outage)
  }
}
