import type { DoctownEvent } from '../../contracts/event.js'
import type { WorkerReport } from '../../contracts/worker-status.js'
import { settledWithin } from '../../runtime/settled-within.js'
import { cancelledError, stoppingError } from './job-end.js'
import type { MemoryJob, MemoryStore } from './memory.js'
import type { JobHandler, JobSource } from './port.js'
import { runAttempt } from './run-attempt.js'

/** One worker that takes from a MemoryStore. */
export class MemoryJobSource implements JobSource {
  #handler: JobHandler | null = null
  #running: Promise<void> | null = null
  #abort: AbortController | null = null
  #stopping = false
  #heartbeat: NodeJS.Timeout | null = null

  constructor(
    private readonly store: MemoryStore,
    readonly workerName: string,
  ) {}

  async start(handler: JobHandler): Promise<void> {
    this.#handler = handler
    this.store.sources.add(this)
    await this.report({
      state: 'idle',
      status: 'Idle',
      job_id: null,
      stage: null,
      done: null,
      total: null,
      execution_provider: null,
    })
    this.#heartbeat = setInterval(() => this.#beat(), this.store.heartbeatMs)
    this.#heartbeat.unref()
    this.wake()
  }

  /** Takes the next job when there is one and none runs here. */
  wake(): void {
    if (this.#stopping || this.#running !== null || this.#handler === null) return
    const job = this.store.waiting.shift()
    if (job === undefined) return
    this.#running = this.#work(job, this.#handler).finally(() => {
      this.#running = null
      this.#abort = null
      this.wake()
    })
  }

  async report(report: Parameters<JobSource['report']>[0]): Promise<void> {
    const now = new Date(this.store.nowMs()).toISOString()
    const before = this.store.workers.get(this.workerName)
    const changed = before?.state !== report.state || before.status !== report.status
    this.store.workers.set(this.workerName, {
      ...report,
      name: this.workerName,
      last_heartbeat: now,
      changed_at: changed ? now : before.changed_at,
    } satisfies WorkerReport)
  }

  async stop({ graceMs }: { readonly graceMs: number }): Promise<void> {
    this.#stopping = true
    this.store.sources.delete(this)
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat)
    if (this.#running !== null) {
      await settledWithin(this.#running, graceMs)
      this.#abort?.abort(stoppingError())
      if (this.#running !== null) await settledWithin(this.#running, 1_000)
    }
    this.store.workers.delete(this.workerName)
  }

  #beat(): void {
    const report = this.store.workers.get(this.workerName)
    if (report !== undefined) {
      this.store.workers.set(this.workerName, { ...report, last_heartbeat: new Date(this.store.nowMs()).toISOString() })
    }
  }

  async #work(job: MemoryJob, handler: JobHandler): Promise<void> {
    const { store } = this
    const abort = new AbortController()
    this.#abort = abort
    let cancelled = false
    job.state = 'active'
    job.attemptsStarted += 1
    job.stage = null
    job.progress = null
    job.cancel = () => {
      cancelled = true
      abort.abort(cancelledError())
    }
    store.releaseDedup(job)
    const attempt = job.attemptsStarted
    const end = await runAttempt({
      handler,
      nowMs: store.nowMs,
      isCancelled: () => cancelled,
      isStopping: () => this.#stopping && abort.signal.aborted,
      job: {
        job_id: job.id,
        get task() {
          return job.task
        },
        submittedAtMs: job.submittedAtMs,
        attempt,
        isLastAttempt: job.attemptsFailed + 1 >= store.attempts,
        signal: abort.signal,
        progress: (stage, done, total) => {
          job.stage = stage
          job.progress = { done, total }
        },
        markPrivate: async (isPrivate) => {
          job.task = { ...job.task, private: isPrivate }
        },
        emit: (event: DoctownEvent) => job.events.append(attempt, [event]),
        flush: async () => {},
      },
    })
    job.cancel = null
    if (end.kind === 'handed_back' || end.kind === 'retry') store.claimDedup(job)
    if (end.kind === 'handed_back') store.enqueue(job, 'head')
    else if (end.kind === 'retry') this.#retryLater(job)
    else store.finish(job, end.result)
  }

  #retryLater(job: MemoryJob): void {
    job.attemptsFailed += 1
    job.state = 'delayed'
    setTimeout(() => {
      // It may have been cancelled meanwhile.
      if (job.state === 'delayed') this.store.enqueue(job, 'tail')
    }, this.store.retryDelayMs).unref()
  }
}
