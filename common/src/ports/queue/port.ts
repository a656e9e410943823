/**
 * The queue between cloud and edge. Two small interfaces: the cloud submits and looks on, the edge takes and reports.
 * Every promise is about effects: a job may start twice (at least once), it ends once.
 */
import type { JobId } from '../../contracts/ids.js'
import type { DoctownEvent } from '../../contracts/event.js'
import type { HistoryEntry, JobResult, JobStatus, Task } from '../../contracts/job.js'
import type { WorkerReport } from '../../contracts/worker-status.js'

export interface Submission {
  readonly job_id: JobId
  /** 1 = next; 0 = running already. */
  readonly queue_position: number
  /** Jobs waiting once this one is in. */
  readonly queue_size: number
  /** The repository and ref waited already; no slot was used. */
  readonly duplicate: boolean
}

export interface JobView {
  readonly job_id: JobId
  readonly task: Task
  readonly status: JobStatus
  readonly stage: string | null
  readonly progress: { readonly done: number; readonly total: number | null } | null
  readonly queue_position: number | null
  readonly result: JobResult | null
}

export type CancelOutcome = 'removed' | 'aborting' | 'finished' | 'unknown'

export interface QueueHealth {
  /** `down` when the connection is not ready or its last command timed out. Asking sends no command. */
  readonly redis: 'ok' | 'down'
  readonly waiting: number | null
  /** Newest known, from the copy in memory. */
  readonly workers: readonly WorkerReport[]
  readonly cause: string | null
}

/** The cloud's side. Every call ends within 2 s; with Redis away it throws `queue_unavailable` ("Queue unavailable: <cause>"). */
export interface JobQueue {
  readonly maxQueueSize: number
  /** Atomic: dedup first, then the cap. Throws `queue_full` with `queue_size` and `max_queue_size` in its details. */
  submit(task: Task): Promise<Submission>
  find(jobId: JobId): Promise<JobView | undefined>
  /** Newest first; exactly one entry a finished job. `includePrivate` shows rows of private repositories. */
  history(options: { readonly limit: number; readonly includePrivate: boolean }): Promise<HistoryEntry[]>
  cancel(jobId: JobId): Promise<CancelOutcome>
  /** A copy kept in memory, at most 60 s old while Redis is there; throws `redis_unavailable` when it is older than 5 minutes or Redis is away. */
  workers(): Promise<readonly WorkerReport[]>
  /** Events of one job after `afterSequence`, then those to come; ends after `job.completed.v1`. Reads Redis only while iterated. */
  events(jobId: JobId, options: { readonly afterSequence: number; readonly signal: AbortSignal }): AsyncIterable<DoctownEvent>
  health(): QueueHealth
  close(): Promise<void>
}

/** One attempt at one job. */
export interface TakenJob {
  readonly job_id: JobId
  /** As it stands now: `markPrivate` changes it. */
  readonly task: Task
  /** When the queue took it in, by the queue's own record (ms since 1970). */
  readonly submittedAtMs: number
  /** Counted from 1; the fencing number of this attempt. */
  readonly attempt: number
  readonly isLastAttempt: boolean
  /** Aborts when the job is cancelled, its lock is lost, or the worker must stop. `reason` is a DoctownError. */
  readonly signal: AbortSignal
  progress(stage: string, done: number, total: number | null): void
  /** Kept with the job: holds between attempts, after the worker's death and in history. One command; waits for 2 s at most. */
  markPrivate(isPrivate: boolean): Promise<void>
  /** Buffered; at most one command every 2 s and one at each stage's end (`flush`). */
  emit(event: DoctownEvent): void
  flush(): Promise<void>
}

/**
 * Ends a job by what it returns. A thrown DoctownError that is not permanent is tried again (3 attempts, 10 s apart);
 * a permanent one, or the last attempt's, becomes a `failed` history entry made by the queue.
 */
export type JobHandler = (job: TakenJob) => Promise<JobResult>

/** The edge's side. Waits for Redis as long as it takes. */
export interface JobSource {
  readonly workerName: string
  /** Takes jobs one at a time until `stop`. Resolves when it is ready to take. */
  start(handler: JobHandler): Promise<void>
  /** Published at once when the state changes, and kept alive by the heartbeat. */
  report(report: Pick<WorkerReport, 'state' | 'status' | 'job_id' | 'stage' | 'done' | 'total' | 'execution_provider'>): Promise<void>
  /** Takes no more; waits up to `graceMs` for the running job, else aborts it and hands it back. */
  stop(options: { readonly graceMs: number }): Promise<void>
}
