import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPrivateRedis, type PrivateRedis } from '@doctown/common/runtime/private-redis.js'
import { ADMIN_TOKEN } from './test-app.js'

const SERVER = fileURLToPath(new URL('../../src/bin/server.js', import.meta.url))

export interface ServerProcess {
  readonly child: ChildProcess
  readonly url: string
  /** Standard output and error so far. */
  output(): string
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>
  stop(): Promise<number | string>
}

export interface Ended {
  readonly code: number | string
  readonly stderr: string
  readonly ms: number
}

const environment = (own: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  NODE_ENV: 'production',
  PHAROS_ADMIN_TOKEN: ADMIN_TOKEN,
  PORT: '0',
  ...own,
})

function start(own: Readonly<Record<string, string | undefined>>): {
  readonly child: ChildProcess
  output(): string
  stderr(): string
  readonly ended: Promise<number | string>
} {
  const child = fork(SERVER, { env: environment(own), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  let output = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => (output += String(chunk)))
  child.stderr?.on('data', (chunk) => {
    output += String(chunk)
    stderr += String(chunk)
  })
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  return { child, output: () => output, stderr: () => stderr, ended }
}

/** The real server in a process of its own; resolves once it listens. */
export async function startServer(own: Readonly<Record<string, string | undefined>>): Promise<ServerProcess> {
  const { child, output, ended } = start(own)
  const ready = once(child, 'message').then(([message]) => message as { port: number })
  const first = await Promise.race([ready, ended])
  if (typeof first !== 'object') throw new Error(`the server ended with ${first}: ${output()}`)
  return {
    child,
    url: `http://127.0.0.1:${first.port}`,
    output,
    ended,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** A start that is expected to fail. */
export async function failToStart(own: Readonly<Record<string, string | undefined>>): Promise<Ended> {
  const startedAt = Date.now()
  const { child, stderr } = start(own)
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  // Closed is later than ended: only then has all of standard error been read.
  const [code] = (await once(child, 'close')) as [number]
  clearTimeout(timer)
  return { code, stderr: stderr(), ms: Date.now() - startedAt }
}

export interface Workbench {
  readonly folder: string
  readonly redis: PrivateRedis
  remove(): Promise<void>
}

/** A folder and a redis-server of our own, both gone at the end. */
export async function openWorkbench(): Promise<Workbench> {
  const folder = await mkdtemp(join(tmpdir(), 'doctown-api-'))
  const redis = await startPrivateRedis({ dataFolder: join(folder, 'redis'), searchPath: process.env['PATH'] ?? '' })
  return {
    folder,
    redis,
    remove: async () => {
      await redis.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
