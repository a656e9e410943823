import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DoctownError, ERROR_TABLE, type ErrorCode } from '@doctown/common/contracts/errors.js'
import type { Task } from '@doctown/common/contracts/job.js'
import type { SourceTarget } from '@doctown/common/contracts/repository.js'
import type { JobQueue } from '@doctown/common/ports/queue/port.js'
import type { Lifecycle } from '@doctown/common/runtime/lifecycle.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { startChild } from './child-process.js'
import type { Console } from './console.js'
import { followJob, type EndedJob } from './follow-job.js'

export interface UpCommand {
  readonly port: number
  readonly dataFolder: string
  readonly redisUrl: string
  readonly adminToken: string
  readonly tokenFile: string | null
  /** What to ingest, and whether to end with it. */
  readonly target: SourceTarget | null
  readonly once: boolean
  readonly ttlSeconds: number
  readonly serverEntry: string
  readonly workerEntry: string
  readonly environment: NodeJS.ProcessEnv
  readonly openQueue: () => JobQueue
  /** Path of a docpack's file on this machine, by its id and key. */
  readonly docpackFile: (docpackId: string, key: string) => Promise<string>
  readonly lifecycle: Lifecycle
  readonly signal: AbortSignal
  readonly console: Console
}

/** API, worker and web page on this machine, until told to stop; with `once` until the job has ended. Gives the exit code. */
export async function upCommand(command: UpCommand): Promise<number> {
  const { console, lifecycle, signal } = command
  const port = command.port === 0 ? await freePort() : command.port
  const url = `http://127.0.0.1:${port}`
  const environment = {
    ...command.environment,
    PORT: String(port),
    DOCTOWN_DATA: command.dataFolder,
    REDIS_URL: command.redisUrl,
    ALLOW_LOCAL_FOLDERS: 'true',
    PHAROS_ADMIN_TOKEN: command.environment['PHAROS_ADMIN_TOKEN'] ?? command.adminToken,
    LOG_LEVEL: command.environment['LOG_LEVEL'] ?? 'warn',
  }

  const stopped = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  // Ctrl-C is how a person ends this command; only a program that reads JSON has to be told so.
  const untilStopped = console.json ? stopped : stopped.catch(() => 130)
  stopped.catch(() => {})
  const api = lifecycle.register('cloud-api', start('cloud-api', command.serverEntry), (child) => child.stop(30_000))
  await Promise.race([api.ready, stopped])
  const worker = superviseWorker(() => start('edge-worker', command.workerEntry), console)
  lifecycle.register('edge-worker', worker, (supervised) => supervised.stop())
  await Promise.race([worker.ready, stopped])

  console.note(`Doctown is at ${url}`)
  if (command.tokenFile !== null) console.note(`The admin token is in ${command.tokenFile}`)
  const died = api.ended.then((code) => {
    throw new DoctownError('internal', `The cloud API ended with code ${code}; its last log lines say why.`)
  })
  died.catch(() => {})

  if (command.target === null) {
    console.note('Press Ctrl-C to stop.')
    return Promise.race([died, untilStopped])
  }
  const jobId = await submit(command, url)
  const ended = await Promise.race([followJob({ url, token: command.adminToken, jobId, console, signal }), died, stopped])
  const docpack = ended.status === 'complete' ? await command.docpackFile(ended.docpackId, join('docpacks', `${jobId}.docpack`)) : null
  if (command.once) return tell(console, url, jobId, ended, docpack)
  console.note(ended.status === 'complete' ? `docpack: ${docpack}` : `Job ${jobId} ended: ${ended.detail}`)
  console.note('Press Ctrl-C to stop.')
  return Promise.race([died, untilStopped])

  function start(name: string, entry: string) {
    return startChild(entry, { name, environment, quiet: console.quiet })
  }
}

function tell(console: Console, url: string, jobId: number, ended: EndedJob, docpack: string | null): number {
  if (ended.status !== 'complete') {
    const code = ended.errorCode !== null && ended.errorCode in ERROR_TABLE ? (ended.errorCode as ErrorCode) : 'stage_failed'
    throw new DoctownError(code, ended.detail, { details: { url, job_id: jobId, status: ended.status } })
  }
  const { summary } = ended
  console.answer({ url, job_id: jobId, status: ended.status, docpack, docpack_id: ended.docpackId, summary }, [
    `Job ${jobId} is complete: ${summary.files_processed} of ${summary.files_detected} files, ${summary.chunks_created} chunks, ${(summary.duration_ms / 1000).toFixed(1)} s`,
    `${ended.symbols} symbols, ${ended.documents} documents, ${ended.clusters} clusters`,
    `docpack: ${docpack}`,
  ])
  return 0
}

/** A repository goes through the HTTP API like anybody's; a folder is put on the queue by this machine's own right. */
async function submit(command: UpCommand, url: string): Promise<number> {
  const { target } = command
  if (target === null) throw new DoctownError('usage', 'There is nothing to ingest.')
  if (target.kind === 'git') {
    const ref = target.ref === null ? '' : `?ref=${encodeURIComponent(target.ref)}`
    const response = await fetch(`${url}/api/v1/ingestion/ingest/${encodeURIComponent(target.url)}${ref}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${command.adminToken}` },
      signal: command.signal,
    })
    const body = (await response.json()) as { job_id?: number; detail?: string; error?: string }
    if (body.job_id !== undefined) return body.job_id
    const hint = body.error === 'invalid_repo_url' ? '; allow its host with ALLOWED_GIT_HOSTS.' : ''
    throw new DoctownError(
      body.error === 'queue_full' ? 'queue_full' : 'invalid_repo_url',
      `${body.detail ?? 'The API refused the repository'}${hint}`,
    )
  }
  const queue = command.openQueue()
  try {
    const task: Task = {
      repo_url: target.repo_url,
      clone_url: target.path,
      git_ref: target.ref,
      submitted_at: new Date().toISOString(),
      ttl: command.ttlSeconds,
      source: 'local',
    }
    return Number((await whenReady(() => queue.submit(task), command.signal)).job_id)
  } finally {
    await queue.close()
  }
}

/** The queue's connection opens in the background; its first answers may be "unavailable". */
async function whenReady<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof DoctownError) || error.code !== 'queue_unavailable' || attempt >= 20) throw error
      await sleep(200, signal)
    }
  }
}

/** A worker that dies is started again, later each time it dies soon. */
function superviseWorker(start: () => ReturnType<typeof startChild>, console: Console) {
  let stopping = false
  let current = start()
  const first = current.ready
  const watch = async (): Promise<void> => {
    for (let delayMs = 1000; !stopping; delayMs = Math.min(delayMs * 2, 30_000)) {
      const begin = Date.now()
      await current.ended
      if (stopping) return
      if (Date.now() - begin > 60_000) delayMs = 1000
      console.note(`The worker ended; it starts again in ${delayMs / 1000} s.`)
      await sleep(delayMs)
      if (stopping) return
      current = start()
      current.ready.catch((error: unknown) => console.note(error instanceof Error ? error.message : String(error)))
    }
  }
  // A first start that fails is told to the person and not tried again.
  void first.then(watch, () => {})
  return {
    ready: first,
    stop: async (): Promise<void> => {
      stopping = true
      await current.stop(28_000)
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new DoctownError('port_in_use', 'There is no free port on this machine.')
  return address.port
}
