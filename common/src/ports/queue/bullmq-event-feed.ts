import { DoctownError } from '../../contracts/errors.js'
import type { DoctownEvent } from '../../contracts/event.js'
import type { JobId } from '../../contracts/ids.js'
import { newBatches, pollEvents, type NewBatches } from './bullmq-event-batch.js'
import { resultOf, taskOf } from './bullmq-record.js'
import { endEvent } from './end-event.js'
import { EventLog } from './event-log.js'
import type { EventPace } from './bullmq-event-writer.js'
import type { Redis } from 'ioredis'

/** For a job that still waits; news of the queue wake the feed earlier. */
const IDLE_POLL_MS = 10_000
/** So many looks for new events alone, then one at the job itself, in case news of its end were lost. */
const PLAIN_POLLS = 10

/** The outage gate. */
type Guard = <T>(work: () => Promise<T>) => Promise<T>

/**
 * The events of jobs that somebody watches. One poll a job, however many watch it; none when nobody does.
 */
export class EventFeeds {
  readonly #feeds = new Map<JobId, Feed>()

  constructor(
    private readonly client: Redis,
    /** Adds the outage gate; throws `queue_unavailable`. */
    private readonly guarded: Guard,
    /** As often as a running job sends. */
    private readonly pace: EventPace,
  ) {}

  async *read(jobId: JobId, options: { readonly afterSequence: number; readonly signal: AbortSignal }): AsyncGenerator<DoctownEvent> {
    let feed = this.#feeds.get(jobId)
    if (feed === undefined) {
      feed = new Feed(this.client, this.guarded, this.pace, jobId)
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
  #plainPolls = 0
  #polling = false
  readonly #openedMs = performance.now()

  constructor(
    private readonly client: Redis,
    private readonly guarded: Guard,
    private readonly pace: EventPace,
    private readonly jobId: JobId,
  ) {}

  /** The first poll, whose errors are the reader's; false when there is no such job. */
  open(): Promise<boolean> {
    this.#opening ??= this.#look()
    return this.#opening
  }

  wake(): void {
    this.#plainPolls = PLAIN_POLLS
    if (this.#timer !== undefined) this.#schedule(0)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  /** At job and events; false when there is no such job. */
  async #look(): Promise<boolean> {
    this.#plainPolls = 0
    let poll
    do {
      poll = await this.guarded(() => pollEvents(this.client, this.jobId, this.#lastId))
      this.#keep(poll)
    } while (poll.hasMore)
    this.#isTaken = poll.isTaken
    if (poll.fields === undefined) return false
    const result = resultOf(poll.fields)
    if (result === null) {
      this.#schedule(this.#isTaken ? this.#pollMs() : IDLE_POLL_MS)
    } else {
      const task = taskOf(poll.fields.data)
      this.log.end((sequence) => endEvent({ jobId: this.jobId, task, result, sequence }))
    }
    return true
  }

  async #lookForEvents(): Promise<void> {
    this.#plainPolls += 1
    this.#keep(await this.guarded(() => newBatches(this.client, this.jobId, this.#lastId)))
    this.#schedule(this.#pollMs())
  }

  #keep({ batches, lastId }: NewBatches): void {
    this.#lastId = lastId
    for (const { attempt, events } of batches) this.log.append(attempt, events)
  }

  #pollMs(): number {
    const { everyMs, laterEveryMs, laterAfterMs } = this.pace
    return performance.now() - this.#openedMs > laterAfterMs ? laterEveryMs : everyMs
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer)
    if (this.#isClosed) return
    this.#timer = setTimeout(() => void this.#again(), delayMs)
  }

  async #again(): Promise<void> {
    if (this.#polling) return
    this.#polling = true
    this.#timer = undefined
    try {
      if (this.#isTaken && this.#plainPolls < PLAIN_POLLS) await this.#lookForEvents()
      else await this.#look()
    } catch (error) {
      // Redis is away: the reader waits, and reads on from where it was.
      if (!(error instanceof DoctownError)) throw error
      this.#schedule(this.#pollMs())
    } finally {
      this.#polling = false
    }
  }
}
