/** The connections of API and worker. Why each option is as it is was measured: queue.md sections 1.5 and 4. */
import { Redis, type RedisOptions } from 'ioredis'

/** `redis://`, `rediss://` (TLS, as Upstash wants it) or `unix:/path/to/socket`. The caller connects it and listens to `error`. */
export function createRedis(redisUrl: string, options: RedisOptions): Redis {
  if (redisUrl.startsWith('unix:')) return new Redis({ ...options, path: redisUrl.slice('unix:'.length) })
  return new Redis(redisUrl, redisUrl.startsWith('rediss:') ? { ...options, tls: {} } : options)
}

/** Dead peers are noticed when idle, well below the ~350 s after which cloud balancers cut a silent connection. */
const KEEP_ALIVE_MS = 15_000

/** Fails at once or within 1.2 s, never queues a command for later: what a client was told "no" must not happen afterwards. */
export const API_CONNECTION: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  enableReadyCheck: true,
  commandTimeout: 1_200,
  // A TLS connection from a cold instance may take longer than a command; the status gate answers meanwhile.
  connectTimeout: 5_000,
  keepAlive: KEEP_ALIVE_MS,
  disableClientInfo: true,
  retryStrategy: (tries) => Math.min(100 * 2 ** Math.min(tries, 4), 1_500),
}

/** Waits for Redis as long as it takes. No commandTimeout: it would break the blocking read (bullmq#2619). */
export const workerConnection = (drainDelaySeconds: number): RedisOptions => ({
  maxRetriesPerRequest: null,
  enableReadyCheck: true,
  connectTimeout: 10_000,
  keepAlive: KEEP_ALIVE_MS,
  // Longer than the longest blocking read, or a healthy idle worker would be cut off.
  socketTimeout: (drainDelaySeconds + 30) * 1_000,
  disableClientInfo: true,
  retryStrategy: (tries) => Math.min(100 * 2 ** Math.min(tries, 5), 3_000),
})

/** For connections that only listen, and for the lock's own. Without a ready check: that is an INFO each time. */
export const sideConnection = (): RedisOptions => ({
  maxRetriesPerRequest: null,
  enableReadyCheck: false,
  connectTimeout: 5_000,
  keepAlive: KEEP_ALIVE_MS,
  disableClientInfo: true,
  retryStrategy: (tries) => Math.min(100 * 2 ** Math.min(tries, 4), 1_500),
})

/** A vendor error in words for a person, without host names or credentials. */
export function causeOf(error: unknown): string {
  const text = error instanceof Error ? `${(error as { code?: string }).code ?? ''} ${error.message}` : String(error)
  for (const [pattern, words] of CAUSES) if (pattern.test(text)) return words
  return 'Redis refused the command'
}

const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/NOAUTH|WRONGPASS|invalid password|invalid username|NOPERM/i, 'Redis refused the credentials'],
  [/ECONNREFUSED|ENOENT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/, 'cannot connect to Redis'],
  [/ETIMEDOUT|timed out|timeout/i, 'Redis does not answer'],
  [/LOADING/, 'Redis is loading its data'],
  [/READONLY|MISCONF|OOM/, 'Redis does not accept writes'],
  [/ECONNRESET|EPIPE|closed|writeable|offline|max retries/i, 'the connection to Redis is lost'],
  [/certificate|TLS|SSL/i, 'the TLS connection to Redis failed'],
]
