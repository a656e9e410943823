import { Worker } from 'node:worker_threads'
import type { LockNews, LockOrder, LockThreadData } from './bullmq-lock-thread.js'

/** A main loop that was silent for five minutes is taken for dead: its job may go to another worker. */
const MAX_BLOCKED_SECONDS = 300
const BEAT_MS = 1_000

export interface HeldJob {
  readonly jobId: string
  readonly token: string
  readonly attempt: number
  /** `lost`: another worker has the job, or may take it. `cancelled`: somebody asked for its end. */
  readonly onChange: (state: 'cancelled' | 'lost') => void
}

/** Keeps the lock of the one running job from a thread of its own. The thread starts with the first job. */
export class LockKeeper {
  readonly #beat = new SharedArrayBuffer(4)
  #thread: Worker | null = null
  #timer: NodeJS.Timeout | undefined
  #held: HeldJob | null = null

  constructor(
    private readonly options: { readonly redisUrl: string; readonly lockMs: number; readonly onError: (error: unknown) => void },
  ) {}

  hold(job: HeldJob): void {
    this.#held = job
    this.#send({ kind: 'hold', jobId: job.jobId, token: job.token, attempt: job.attempt })
  }

  /** Nothing happens when that attempt's lock is not held (any more). */
  release(jobId: string, token: string): void {
    if (this.#held?.jobId !== jobId || this.#held.token !== token) return
    this.#held = null
    if (this.#thread !== null) this.#send({ kind: 'release', jobId })
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#held = null
    const thread = this.#thread
    this.#thread = null
    await thread?.terminate()
  }

  #send(order: LockOrder): void {
    this.#thread ??= this.#start()
    this.#thread.postMessage(order)
  }

  #start(): Worker {
    const sign = new Int32Array(this.#beat)
    const beat = (): void => void Atomics.store(sign, 0, Math.floor(Date.now() / 1000))
    beat()
    clearInterval(this.#timer)
    this.#timer = setInterval(beat, BEAT_MS)
    this.#timer.unref()
    const data: LockThreadData = {
      redisUrl: this.options.redisUrl,
      lockMs: this.options.lockMs,
      beat: this.#beat,
      maxBlockedSeconds: MAX_BLOCKED_SECONDS,
    }
    const thread = new Worker(new URL('./bullmq-lock-thread.js', import.meta.url), { workerData: data, env: {}, execArgv: [] })
    thread.unref()
    thread.on('message', (news: LockNews) => {
      if (news.state !== 'held' && this.#held?.jobId === news.jobId) this.#held.onChange(news.state)
    })
    thread.on('error', (error) => {
      this.options.onError(error)
      if (this.#thread !== thread) return
      this.#thread = null
      // The lock lasts until its time is up; a new thread takes over well before.
      if (this.#held !== null) this.hold(this.#held)
    })
    return thread
  }
}
