import { performance } from 'node:perf_hooks'
import type { Redis } from 'ioredis'
import { DoctownError } from '../../contracts/errors.js'
import { causeOf } from './bullmq-connection.js'
import { queueUnavailable } from './queue-errors.js'

/** A submission's answer is promised within 2 s; a command times out after 1.2 s. */
const OUTER_LIMIT_MS = 1_500
const PING_EVERY_MS = 1_000
/** So many unanswered PINGs, and the connection is given up for a new one: the old may lead nowhere any more. */
const PINGS_BEFORE_RECONNECT = 3

/**
 * Stands between our callers and a Redis that may be away. While it is away it answers at once, and asks by itself,
 * once a second, whether it is back; while it is there it sends nothing of its own.
 */
export class RedisGate {
  #cause: string | null = 'not connected yet'
  #lastError: unknown = undefined
  #silentPings = 0
  #pinging = false
  readonly #timer: NodeJS.Timeout

  constructor(private readonly client: Redis) {
    client.on('error', (error) => this.#fail(error))
    client.on('close', () => this.#fail(this.#lastError ?? new Error('connection closed')))
    client.on('ready', () => this.#recover())
    this.#timer = setInterval(() => void this.#ping(), PING_EVERY_MS)
    this.#timer.unref()
  }

  /** Why Redis is away; null while it is there. */
  get cause(): string | null {
    return this.#cause ?? (this.client.status === 'ready' ? null : 'the connection to Redis is lost')
  }

  /** Runs `work`, or throws `queue_unavailable` within 1.5 s. A DoctownError of `work` passes through. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const cause = this.cause
    if (cause !== null) throw queueUnavailable(cause, this.#lastError)
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('Command timed out')), OUTER_LIMIT_MS)
    })
    try {
      return await Promise.race([work(), limit])
    } catch (error) {
      if (error instanceof DoctownError) throw error
      if (isConnectionTrouble(error)) this.#fail(error)
      throw queueUnavailable(causeOf(error), error)
    } finally {
      clearTimeout(timer)
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #fail(error: unknown): void {
    this.#lastError = error
    this.#cause = causeOf(error)
  }

  #recover(): void {
    this.#lastError = undefined
    this.#cause = null
    this.#silentPings = 0
  }

  async #ping(): Promise<void> {
    if (this.#cause === null || this.#pinging || this.client.status !== 'ready') return
    this.#pinging = true
    const startMs = performance.now()
    try {
      await this.client.ping()
      this.#recover()
    } catch (error) {
      this.#fail(error)
      if (performance.now() - startMs > PING_EVERY_MS) this.#silentPings += 1
      if (this.#silentPings >= PINGS_BEFORE_RECONNECT) {
        this.#silentPings = 0
        this.client.disconnect(true)
      }
    } finally {
      this.#pinging = false
    }
  }
}

function isConnectionTrouble(error: unknown): boolean {
  const text = error instanceof Error ? error.message : ''
  return /timed out|closed|ECONN|EPIPE|writeable|offline|max retries|LOADING|NOAUTH/i.test(text)
}
