import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPrivateRedis } from '@doctown/common/runtime/private-redis.js'
import { silentLog } from '@doctown/common/runtime/log.js'
import { sleep } from '@doctown/common/runtime/sleep.js'

/** The whole house as real processes on loopback: redis-server, cloud API, any number of workers, one data folder each. */
export interface Stack {
  readonly url: string
  readonly token: string
  readonly redisUrl: string
  /** Shared object store and vectors. */
  readonly folder: string
  startWorker(options?: WorkerOptions): Promise<WorkerProcess>
  submit(repoUrl: string, ref?: string): Promise<number>
  status(jobId: number): Promise<JobState>
  /** Waits for an end state; throws with the last state seen when it takes longer. */
  ended(jobId: number, timeoutMs?: number): Promise<JobState>
  history(limit?: number): Promise<Record<string, unknown>[]>
  docpacks(): Promise<Record<string, unknown>[]>
  download(docpackId: string): Promise<Uint8Array>
  /** Folders of attempts in the workers' temp folders. */
  leftovers(): Promise<string[]>
  close(): Promise<void>
}

export interface JobState {
  readonly status: string
  readonly stage?: string | null
  readonly error?: string
  readonly error_code?: string
  readonly output?: { readonly docpack_id: string; readonly summary: Record<string, unknown> }
}

export interface WorkerOptions {
  /** Workers of one data folder share a name and may not live at once. Default: the stack's own folder. */
  readonly folder?: string
  readonly environment?: Readonly<Record<string, string>>
}

export interface WorkerProcess {
  readonly pid: number
  readonly log: () => string
  kill(signal: NodeJS.Signals): Promise<number | null>
}

const require = createRequire(import.meta.url)

export async function startStack(options: {
  readonly allowedHosts: string
  readonly environment?: Readonly<Record<string, string>>
}): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'dt-'))
  const redis = await startPrivateRedis({ dataFolder: join(folder, 'redis'), searchPath: process.env['PATH'] ?? '', log: silentLog })
  const port = await freePort()
  const token = 'test-token-'.padEnd(43, 'x')
  const children = new Set<ChildProcess>()
  const shared: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NODE_ENV: 'test',
    REDIS_URL: redis.url,
    DOCTOWN_DATA: folder,
    ALLOWED_GIT_HOSTS: options.allowedHosts,
    LOG_LEVEL: 'info',
    ...options.environment,
  }
  const start = async (entry: string, environment: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; log: () => string }> => {
    const child = fork(entry, [], { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    children.add(child)
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (text += data.toString()))
    const exited = once(child, 'exit').then(([code]) => {
      children.delete(child)
      throw new Error(`${entry} ended with ${String(code)} before it was ready: ${text.slice(-2000)}`)
    })
    exited.catch(() => {})
    await Promise.race([
      new Promise<void>((resolve) => child.on('message', (message: { ready?: boolean }) => message.ready === true && resolve())),
      exited,
    ])
    return { child, log: () => text }
  }
  await start(require.resolve('@doctown/cloud-api/bin/server.js'), {
    ...shared,
    PORT: String(port),
    PHAROS_ADMIN_TOKEN: token,
    RATE_LIMIT_READS: '0',
  })

  const url = `http://127.0.0.1:${port}`
  const get = async (path: string): Promise<Response> => fetch(url + path, { headers: { authorization: `Bearer ${token}` } })
  const stack: Stack = {
    url,
    token,
    redisUrl: redis.url,
    folder,
    async startWorker({ folder: own = folder, environment = {} } = {}) {
      const { child, log } = await start(require.resolve('@doctown/edge-worker/bin/worker.js'), {
        ...shared,
        DOCTOWN_DATA: own,
        ...environment,
      })
      return {
        pid: child.pid ?? 0,
        log,
        kill: async (signal) => {
          if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
          const gone = once(child, 'exit')
          child.kill(signal)
          await gone
          return child.exitCode
        },
      }
    },
    async submit(repoUrl, ref) {
      const response = await fetch(
        `${url}/api/v1/ingestion/ingest/${encodeURIComponent(repoUrl)}${ref === undefined ? '' : `?ref=${encodeURIComponent(ref)}`}`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
        },
      )
      const body = (await response.json()) as { job_id?: number }
      if (body.job_id === undefined) throw new Error(`not submitted: ${response.status} ${JSON.stringify(body)}`)
      return body.job_id
    },
    status: async (jobId) => (await (await get(`/api/jobs/${jobId}/status`)).json()) as JobState,
    async ended(jobId, timeoutMs = 60_000) {
      const deadline = Date.now() + timeoutMs
      for (;;) {
        const state = await stack.status(jobId)
        if (!['QUEUED', 'IN_PROGRESS'].includes(state.status)) return state
        if (Date.now() > deadline) throw new Error(`job ${jobId} has not ended: ${JSON.stringify(state)}`)
        await sleep(100)
      }
    },
    history: async (limit = 100) =>
      ((await (await get(`/api/v1/ingestion/jobs/history?limit=${limit}`)).json()) as { jobs: Record<string, unknown>[] }).jobs,
    docpacks: async () => ((await (await get('/api/docpacks')).json()) as { docpacks: Record<string, unknown>[] }).docpacks,
    download: async (docpackId) => new Uint8Array(await (await get(`/api/docpacks/${docpackId}/download`)).arrayBuffer()),
    leftovers: async () => {
      const temp = join(folder, 'tmp')
      const workers = await readdir(temp).catch(() => [])
      return (await Promise.all(workers.map((worker) => readdir(join(temp, worker))))).flat()
    },
    async close() {
      await Promise.all(
        [...children].map(async (child) => {
          const gone = once(child, 'exit')
          child.kill('SIGKILL')
          await gone
        }),
      )
      await redis.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return stack
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
