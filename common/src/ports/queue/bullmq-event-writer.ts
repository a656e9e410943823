import type { Redis } from 'ioredis'
import type { DoctownEvent } from '../../contracts/event.js'
import { settledWithin } from '../../runtime/settled-within.js'
import { appendBatch, type Progress } from './bullmq-event-batch.js'

export interface EventPace {
  readonly everyMs: number
  readonly laterEveryMs: number
  readonly laterAfterMs: number
}

/** At most one command every 2 s (http-api.md, Events); a long job, whose readers can wait, sends every 3 s. */
export const EVENT_PACE: EventPace = { everyMs: 2_000, laterEveryMs: 3_000, laterAfterMs: 60_000 }

/** Gzipped it stays far below Upstash's 1 MB a command. */
const MAX_BATCH_EVENTS = 5_000
const PATIENCE_MS = 2_000

export interface EventWriterOptions {
  readonly client: Redis
  readonly jobId: string
  readonly attempt: number
  readonly pace: EventPace
  /** Losing events does not lose the job. */
  readonly onError: (error: unknown) => void
}

/** Collects one attempt's events and progress and sends them in batches, in order. */
export class EventWriter {
  #events: DoctownEvent[] = []
  #progress: Progress | null = null
  #isDirty = false
  #isFirst = true
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> = Promise.resolve()
  #sentMs = -Infinity
  readonly #startMs = performance.now()

  constructor(private readonly options: EventWriterOptions) {}

  emit(event: DoctownEvent): void {
    this.#events.push(event)
    this.#later()
  }

  progress(progress: Progress): void {
    this.#progress = progress
    this.#later()
  }

  /** Sends what there is. Resolves when it lies in Redis, or after 2 s: the build goes on while Redis is away. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#sending = this.#sending.then(() => this.#send())
    return settledWithin(this.#sending, PATIENCE_MS)
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #later(): void {
    this.#isDirty = true
    if (this.#timer !== undefined) return
    const { everyMs, laterEveryMs, laterAfterMs } = this.options.pace
    const nowMs = performance.now()
    const dueMs = this.#sentMs + (nowMs - this.#startMs > laterAfterMs ? laterEveryMs : everyMs)
    this.#timer = setTimeout(() => void this.flush(), Math.max(0, dueMs - nowMs))
    this.#timer.unref()
  }

  async #send(): Promise<void> {
    if (!this.#isDirty) return
    this.#isDirty = false
    // What comes while this is sent waits for the next batch.
    const events = this.#events
    this.#events = []
    const { client, jobId, attempt, onError } = this.options
    for (let from = 0; from === 0 || from < events.length; from += MAX_BATCH_EVENTS) {
      this.#sentMs = performance.now()
      const batch = events.slice(from, from + MAX_BATCH_EVENTS)
      try {
        await appendBatch(client, { jobId, attempt, events: batch, progress: this.#progress, isFirst: this.#isFirst })
        this.#isFirst = false
      } catch (error) {
        onError(error)
        return
      }
    }
  }
}
