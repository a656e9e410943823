/** The edge's side of the queue on BullMQ: a Worker that takes one job at a time, and survives what kills it. */
import { UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq'
import type { Redis } from 'ioredis'
import { JobIdSchema } from '../../contracts/ids.js'
import type { JobResult } from '../../contracts/job.js'
import { silentLog, type StructuredLog } from '../../runtime/log.js'
import { settledWithin } from '../../runtime/settled-within.js'
import { createRedis, sideConnection, workerConnection } from './bullmq-connection.js'
import { EVENT_PACE, EventWriter, type EventPace } from './bullmq-event-writer.js'
import { LockKeeper } from './bullmq-lock.js'
import { PREFIX, QUEUE_NAME, cancelChannel, queueKey } from './bullmq-names.js'
import { readTask } from './bullmq-record.js'
import { WorkerReporter } from './bullmq-reporter.js'
import { releaseOwnLocks } from './bullmq-scripts.js'
import { cancelledError, stoppingError, workerLostError } from './job-end.js'
import type { JobHandler, JobSource } from './port.js'
import { runAttempt } from './run-attempt.js'

export interface BullmqJobSourceOptions {
  readonly redisUrl: string
  /** No two living processes may share it: `claimWorkerName` sees to that. */
  readonly workerName: string
  /** QUEUE_LOCK_SECONDS: how long a dead worker's job is kept from the others. */
  readonly lockSeconds?: number
  /** QUEUE_STALLED_SECONDS: how often jobs of dead workers are looked for, after the first minute. */
  readonly stalledSeconds?: number
  /** WORKER_HEARTBEAT_SECONDS. */
  readonly heartbeatSeconds?: number
  /** The longest wait of one blocking read; below the ~350 s after which balancers cut a silent connection. */
  readonly drainDelaySeconds?: number
  /** Changed only by the bench, which lets a day pass in minutes. */
  readonly pace?: EventPace & { readonly bootPhaseMs: number }
  readonly log?: StructuredLog
  readonly nowMs?: () => number
}

export function createBullmqJobSource(options: BullmqJobSourceOptions): JobSource {
  return new BullmqJobSource(options)
}

/** The fourth death of a worker on the same job ends it as `worker_lost`. */
const MAX_STALLED_COUNT = 3
/** After a start, jobs of dead workers are looked for often: this is when there are some. */
const BOOT_STALLED_MS = 5_000
const BOOT_PHASE_MS = 60_000
/** A handler that has not ended so long after its signal aborted is left to itself, its job handed back. */
const ABORT_PATIENCE_MS = 2_000
const MARK_PATIENCE_MS = 2_000
/** An end that Redis would not record for so long is given up with its lock: the job is then tried again. */
const RECORD_PATIENCE_MS = 600_000

interface Running {
  readonly job: Job
  readonly token: string
  readonly abort: AbortController
  isCancelled: boolean
  /** Another worker has the job, or it was handed back: nothing of this attempt may be recorded. */
  isGone: boolean
}

class BullmqJobSource implements JobSource {
  readonly workerName: string
  readonly #log: StructuredLog
  readonly #client: Redis
  readonly #reporter: WorkerReporter
  readonly #locks: LockKeeper
  readonly #lockMs: number
  readonly #stalledMs: number
  readonly #drainDelaySeconds: number
  readonly #nowMs: () => number
  #worker: Worker | null = null
  #running: Running | null = null
  #isStopping = false
  #bootTimer: NodeJS.Timeout | undefined

  constructor(private readonly options: BullmqJobSourceOptions) {
    this.workerName = options.workerName
    this.#log = options.log ?? silentLog
    this.#nowMs = options.nowMs ?? Date.now
    this.#lockMs = (options.lockSeconds ?? 120) * 1_000
    this.#stalledMs = (options.stalledSeconds ?? 600) * 1_000
    this.#drainDelaySeconds = options.drainDelaySeconds ?? 240
    this.#client = createRedis(options.redisUrl, workerConnection(this.#drainDelaySeconds))
    this.#client.on('error', (error) => this.#log.debug('redis connection error', { error }))
    const onError = (error: unknown): void => this.#log.warn('worker report not sent', { error })
    this.#reporter = new WorkerReporter({
      client: this.#client,
      workerName: options.workerName,
      heartbeatMs: (options.heartbeatSeconds ?? 120) * 1_000,
      nowMs: this.#nowMs,
      onError,
    })
    this.#locks = new LockKeeper({
      redisUrl: options.redisUrl,
      lockMs: this.#lockMs,
      onError: (error) => this.#log.error('lock thread failed', { error }),
    })
  }

  async start(handler: JobHandler): Promise<void> {
    const released = await releaseOwnLocks(this.#client, this.workerName)
    if (released > 0) this.#log.warn('took back the jobs of an earlier start', { jobs: released })
    await this.#reporter.start()
    const worker = new Worker<unknown, JobResult>(QUEUE_NAME, (job, token) => this.#process(handler, job, token ?? ''), {
      connection: this.#client,
      prefix: PREFIX,
      name: this.workerName,
      autorun: false,
      concurrency: 1,
      drainDelay: this.#drainDelaySeconds,
      lockDuration: this.#lockMs,
      // The lock is renewed by a thread, which a blocked loop does not stop.
      skipLockRenewal: true,
      stalledInterval: Math.min(BOOT_STALLED_MS, this.#stalledMs),
      maxStalledCount: MAX_STALLED_COUNT,
      // How soon a job's end is recorded once Redis is back; the default is 15 s.
      runRetryDelay: 2_000,
    })
    worker.on('error', (error) => this.#log.debug('queue error', { error }))
    worker.on('completed', (job) => this.#recorded(job))
    worker.on('failed', (job) => {
      if (job !== undefined) this.#recorded(job)
    })
    this.#worker = worker
    await worker.waitUntilReady()
    // Read live by BullMQ's checker at each round.
    this.#bootTimer = setTimeout(() => (worker.opts.stalledInterval = this.#stalledMs), this.options.pace?.bootPhaseMs ?? BOOT_PHASE_MS)
    this.#bootTimer.unref()
    worker.run().catch((error: unknown) => this.#log.error('queue worker ended', { error }))
  }

  report(report: Parameters<JobSource['report']>[0]): Promise<void> {
    return this.#reporter.report(report)
  }

  async stop({ graceMs }: { readonly graceMs: number }): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#bootTimer)
    const closed = this.#worker?.close() ?? Promise.resolve()
    // Without a job only a read has to end; a job that was being taken right now shows within the second.
    await settledWithin(closed, this.#running === null ? Math.min(graceMs, 1_000) : graceMs)
    const running = this.#running
    if (running !== null) {
      running.abort.abort(stoppingError())
      await settledWithin(closed, ABORT_PATIENCE_MS)
      if (this.#running === running && !running.isGone) await settledWithin(this.#handBack(running), ABORT_PATIENCE_MS)
    }
    await settledWithin(this.#reporter.stop(), 500)
    this.#reporter.close()
    await this.#locks.close()
    // BullMQ's own blocking connection ends with the worker; without Redis that would wait for it.
    await settledWithin(closed, 500)
    this.#client.disconnect()
  }

  /** One attempt. What it returns or throws becomes the job's end, in BullMQ's one script that also releases the lock. */
  async #process(handler: JobHandler, job: Job, token: string): Promise<JobResult> {
    // First of all: from here on the same repository may wait again, so that commits made meanwhile are not lost.
    await job.removeDeduplicationKey()
    const task = readTask(job.data)
    if (task === undefined) throw new UnrecoverableError('The data of this job is not a task.')
    let current = task
    const running: Running = { job, token, abort: new AbortController(), isCancelled: false, isGone: false }
    this.#running = running
    const jobId = JobIdSchema.parse(job.id)
    const attempt = job.attemptsStarted
    this.#locks.hold({ jobId, token, attempt, onChange: (state) => this.#lockChanged(running, state) })
    const listener = this.#listenForCancel(running)
    const events = new EventWriter({
      client: this.#client,
      jobId,
      attempt,
      pace: this.options.pace ?? EVENT_PACE,
      onError: (error) => this.#log.warn('events not sent', { job_id: jobId, error }),
    })
    try {
      const end = await runAttempt({
        handler,
        nowMs: this.#nowMs,
        isCancelled: () => running.isCancelled,
        isStopping: () => this.#isStopping && running.abort.signal.aborted,
        job: {
          job_id: jobId,
          get task() {
            return current
          },
          // The same by our own submit; of a job put there by other hands the older stamp counts.
          submittedAtMs: Math.min(job.timestamp, Date.parse(task.submitted_at) || Infinity),
          attempt,
          isLastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
          signal: running.abort.signal,
          markPrivate: (isPrivate) => {
            current = { ...current, private: isPrivate }
            return settledWithin(job.updateData(current), MARK_PATIENCE_MS)
          },
          progress: (stage, done, total) => events.progress({ stage, done, total }),
          emit: (event) => events.emit(event),
          flush: () => events.flush(),
        },
      })
      if (running.isGone) throw new WaitingError()
      await events.flush()
      if (end.kind === 'handed_back') {
        await this.#handBack(running)
        throw new WaitingError()
      }
      if (end.kind === 'finished') return end.result
      // `failedReason` is written by the script that moves the job, so the code survives whatever crashes.
      if (end.kind === 'retry') await this.#claimDedup(job)
      const reason = JSON.stringify(end.result)
      throw end.kind === 'retry' ? new Error(reason) : new UnrecoverableError(reason)
    } finally {
      events.close()
      listener.disconnect()
      this.#running = null
      // Normally released when the end is recorded, right after this.
      setTimeout(() => this.#locks.release(jobId, token), RECORD_PATIENCE_MS).unref()
    }
  }

  /** Head of the queue again, no attempt used. */
  async #handBack(running: Running): Promise<void> {
    running.isGone = true
    this.#locks.release(running.job.id ?? '', running.token)
    await this.#claimDedup(running.job)
    await running.job.moveToWait(running.token)
  }

  /** A job that waits again is found by its repository again, unless another has come meanwhile. */
  async #claimDedup(job: Job): Promise<void> {
    const { deduplicationId, id } = job
    if (deduplicationId === undefined || id === undefined) return
    await settledWithin(this.#client.set(queueKey(`de:${deduplicationId}`), id, 'NX'), MARK_PATIENCE_MS)
  }

  /** The lock is renewed until here, because recording an end may have to wait for Redis. */
  #recorded(job: Job): void {
    this.#locks.release(job.id ?? '', job.token ?? '')
    void this.#reporter.attemptEnded()
  }

  #lockChanged(running: Running, state: 'cancelled' | 'lost'): void {
    if (state === 'cancelled') return this.#cancel(running)
    if (running !== this.#running || running.isGone) return
    running.isGone = true
    this.#log.warn('lock lost, job aborted', { job_id: running.job.id })
    running.abort.abort(workerLostError())
  }

  #cancel(running: Running): void {
    if (running.isCancelled) return
    running.isCancelled = true
    running.abort.abort(cancelledError())
  }

  /** A connection only while a job runs: an idle worker has nothing to cancel. Missed news are found when the lock is renewed. */
  #listenForCancel(running: Running): Redis {
    const jobId = running.job.id ?? ''
    const listener = createRedis(this.options.redisUrl, sideConnection())
    listener.on('error', (error) => this.#log.debug('redis connection error', { error }))
    listener.on('message', () => this.#cancel(running))
    const look = async (): Promise<void> => {
      await listener.subscribe(cancelChannel(jobId))
      if ((await this.#client.hexists(queueKey(jobId), 'cancel')) === 1) this.#cancel(running)
    }
    look().catch(() => {})
    return listener
  }
}
