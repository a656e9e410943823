import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPrivateRedis } from '@doctown/common/runtime/private-redis.js'
import { Redis } from 'ioredis'

export interface TestRedis {
  /** Changes never: a restarted server listens on the same socket with the same data. */
  readonly url: string
  readonly pid: number
  /** A plain client for looking and for preparing; closed with the server. */
  readonly client: Redis
  /** kill -9, as a crash would. */
  kill(): Promise<void>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** After `kill`. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** A real redis-server of the test's own. */
export async function startTestRedis(): Promise<TestRedis> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'doctown-redis-'))
  const start = () => startPrivateRedis({ dataFolder, searchPath: process.env.PATH ?? '' })
  let server = await start()
  const client = new Redis(server.socketPath, { retryStrategy: () => 50, maxRetriesPerRequest: null })
  // A killed server is the point of some tests.
  client.on('error', () => {})
  return {
    url: server.url,
    client,
    get pid() {
      return server.pid
    },
    kill: async () => {
      process.kill(server.pid, 'SIGKILL')
      await server.stop()
    },
    signal: (name) => {
      process.kill(server.pid, name)
    },
    restart: async () => {
      server = await start()
    },
    close: async () => {
      client.disconnect()
      await server.stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
