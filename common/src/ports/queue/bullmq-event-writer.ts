import type { Redis } from 'ioredis'
import type { DoctownEvent } from '../../contracts/event.js'
import { appendBatch, type Progress } from './bullmq-event-batch.js'

/** At most one command every 2 s (http-api.md, Events); a long job, whose readers can wait, sends every 3 s. */
const FIRST_EVERY_MS = 2_000
const LATER_EVERY_MS = 3_000
const LATER_AFTER_MS = 60_000
/** Gzipped it stays far below Upstash's 1 MB a command. */
const MAX_BATCH_EVENTS = 5_000

export interface EventWriterOptions {
  readonly client: Redis
  readonly jobId: string
  readonly attempt: number
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

  /** Sends what there is. Resolves when it lies in Redis, or could not be sent. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#sending = this.#sending.then(() => this.#send())
    return this.#sending
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #later(): void {
    this.#isDirty = true
    if (this.#timer !== undefined) return
    const everyMs = performance.now() - this.#startMs > LATER_AFTER_MS ? LATER_EVERY_MS : FIRST_EVERY_MS
    const waitMs = Math.max(0, this.#sentMs + everyMs - performance.now())
    this.#timer = setTimeout(() => void this.flush(), Math.max(waitMs, this.#isFirst ? 0 : everyMs / 4))
    this.#timer.unref()
  }

  async #send(): Promise<void> {
    while (this.#isDirty) {
      const events = this.#events.splice(0, MAX_BATCH_EVENTS)
      this.#isDirty = this.#events.length > 0
      this.#sentMs = performance.now()
      const { client, jobId, attempt, onError } = this.options
      try {
        await appendBatch(client, { jobId, attempt, events, progress: this.#progress, isFirst: this.#isFirst })
        this.#isFirst = false
      } catch (error) {
        onError(error)
        return
      }
    }
  }
}
