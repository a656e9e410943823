import { DoctownError } from '../../contracts/errors.js'
import type { DoctownEvent } from '../../contracts/event.js'
import type { JobId } from '../../contracts/ids.js'
import { pollEvents, type EventPoll } from './bullmq-event-batch.js'
import { resultOf, taskOf } from './bullmq-record.js'
import { endEvent } from './end-event.js'
import { EventLog } from './event-log.js'
import type { Redis } from 'ioredis'

/** As often as a running job sends. */
const POLL_MS = 2_000
/** For a job that still waits; news of the queue wake the feed earlier. */
const IDLE_POLL_MS = 10_000

/**
 * The events of jobs that somebody watches. One poll a job, however many watch it; none when nobody does.
 */
export class EventFeeds {
  readonly #feeds = new Map<JobId, Feed>()

  constructor(
    private readonly client: Redis,
    /** Adds the outage gate; throws `queue_unavailable`. */
    private readonly guarded: <T>(work: () => Promise<T>) => Promise<T>,
  ) {}

  async *read(jobId: JobId, options: { readonly afterSequence: number; readonly signal: AbortSignal }): AsyncGenerator<DoctownEvent> {
    let feed = this.#feeds.get(jobId)
    if (feed === undefined) {
      feed = new Feed((lastId) => this.guarded(() => pollEvents(this.client, jobId, lastId)), jobId)
      this.#feeds.set(jobId, feed)
    }
    feed.readers += 1
    try {
      if (await feed.open()) yield* feed.log.read(options.afterSequence, options.signal)
    } finally {
      feed.readers -= 1
      if (feed.readers === 0) {
        feed.close()
        this.#feeds.delete(jobId)
      }
    }
  }

  /** Something changed in the queue: a job may have been taken or ended. */
  wake(): void {
    for (const feed of this.#feeds.values()) feed.wake()
  }
}

class Feed {
  readonly log = new EventLog()
  readers = 0
  #lastId = ''
  #opening: Promise<boolean> | null = null
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  #isTaken = false
  #polling = false

  constructor(
    private readonly poll: (lastId: string) => Promise<EventPoll>,
    private readonly jobId: JobId,
  ) {}

  /** The first poll, whose errors are the reader's; false when there is no such job. */
  open(): Promise<boolean> {
    this.#opening ??= this.#step()
    return this.#opening
  }

  wake(): void {
    if (!this.#isTaken && this.#timer !== undefined) this.#schedule(0)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  /** False once the job has ended or is unknown. */
  async #step(): Promise<boolean> {
    let poll: EventPoll
    do {
      poll = await this.poll(this.#lastId)
      this.#lastId = poll.lastId
      for (const { attempt, events } of poll.batches) this.log.append(attempt, events)
    } while (poll.hasMore)
    this.#isTaken = poll.isTaken
    if (poll.fields === undefined) return false
    const result = resultOf(poll.fields)
    if (result === null) {
      this.#schedule(this.#isTaken ? POLL_MS : IDLE_POLL_MS)
    } else {
      const task = taskOf(poll.fields.data)
      this.log.end((sequence) => endEvent({ jobId: this.jobId, task, result, sequence }))
    }
    return true
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer)
    if (this.#isClosed) return
    this.#timer = setTimeout(() => void this.#again(), delayMs)
  }

  async #again(): Promise<void> {
    if (this.#polling) return
    this.#polling = true
    try {
      await this.#step()
    } catch (error) {
      // Redis is away: the reader waits, and reads on from where it was.
      if (!(error instanceof DoctownError)) throw error
      this.#schedule(POLL_MS)
    } finally {
      this.#polling = false
    }
  }
}
