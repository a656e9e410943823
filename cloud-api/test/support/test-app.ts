import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { createMemoryObjectStore } from '@doctown/common/ports/object-store/memory.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import { createMemoryQueue, type MemoryQueue, type MemoryQueueOptions } from '@doctown/common/ports/queue/memory.js'
import { loadConfig } from '@doctown/common/runtime/config.js'
import type { StructuredLog } from '@doctown/common/runtime/log.js'
import { createApp, type App, type AppParts } from '../../src/app.js'
import { ApiConfigSchema } from '../../src/config.js'
import { createHttpServer } from '../../src/http-server.js'
import { sampleManifest } from './samples.js'

/** Made up; 40 characters. */
export const ADMIN_TOKEN = 'test-admin-token-0123456789-abcdefghijkl'
export const ADMIN = { authorization: `Bearer ${ADMIN_TOKEN}` } as const

export interface LogLine {
  readonly level: string
  readonly message: string
  readonly facts: Readonly<Record<string, unknown>>
}

export interface TestApp {
  readonly app: App
  readonly memory: MemoryQueue
  readonly store: ObjectStore
  readonly log: readonly LogLine[]
  /** The server, for supertest. */
  readonly server: Server
  /** Where it listens, for fetch. */
  readonly url: string
  close(): Promise<void>
}

export interface TestAppOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly queue?: MemoryQueueOptions
  readonly store?: ObjectStore
  readonly parts?: Partial<Pick<AppParts, 'vectors' | 'search' | 'vectorStoreProbe' | 'readManifest' | 'now' | 'streamLimits'>>
}

/** The whole app on the memory queue and the memory store, listening on a free port of this machine. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const memory = createMemoryQueue({ retryDelayMs: 20, ...options.queue })
  const store = options.store ?? createMemoryObjectStore()
  const lines: LogLine[] = []
  const app = createApp({
    config: loadConfig(ApiConfigSchema, { PHAROS_ADMIN_TOKEN: ADMIN_TOKEN, ...options.environment }),
    log: recordingLog(lines, {}),
    queue: memory.queue,
    store,
    vectors: null,
    search: null,
    vectorStoreProbe: null,
    readManifest: async () => sampleManifest,
    ...options.parts,
  })
  const server = createHttpServer(app.express)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // Listening on a port, so the address is no pipe's name.
  const { port } = server.address() as AddressInfo
  return {
    app,
    memory,
    store,
    log: lines,
    server,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      app.streams.closeAll()
      server.closeAllConnections()
      server.close()
      await store.close()
      await memory.queue.close()
    },
  }
}

function recordingLog(lines: LogLine[], context: Readonly<Record<string, unknown>>): StructuredLog {
  const at =
    (level: string) =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}): void =>
      void lines.push({ level, message, facts: { ...context, ...facts } })
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (more) => recordingLog(lines, { ...context, ...more }),
  }
}

/** Starts apps that end with the test: called inside a `describe`, whose `afterEach` closes them. */
export function appsOfEachTest(): (options?: TestAppOptions) => Promise<TestApp> {
  const open: TestApp[] = []
  afterEach(async () => {
    for (const api of open.splice(0)) await api.close()
  })
  return async (options = {}) => {
    const api = await startTestApp(options)
    open.push(api)
    return api
  }
}
