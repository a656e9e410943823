/** A redis-server of our own: on a unix socket that only this user can open, its data kept in a folder, stopped by its pid. */
import { spawn } from 'node:child_process'
import { accessSync, constants, readFileSync, realpathSync } from 'node:fs'
import { chmod, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { z } from 'zod'
import { DoctownError } from '../contracts/errors.js'
import { makeFolder } from './make-folder.js'
import { silentLog, type StructuredLog } from './log.js'
import { isRedisReady, redisProcessId } from './redis-probe.js'
import { sleep } from './sleep.js'

export interface PrivateRedisOptions {
  /** Made when it is missing, with mode 0700. The same folder again means the same data. */
  readonly dataFolder: string
  /** The PATH to look for redis-server or valkey-server on. */
  readonly searchPath: string
  readonly log?: StructuredLog
  /** How long it may load its data before it answers PING. */
  readonly startTimeoutMs?: number
}

export interface PrivateRedis {
  /** `unix:<socketPath>`, as REDIS_URL takes it. */
  readonly url: string
  readonly socketPath: string
  readonly pid: number
  /** True when a server left over by a dead Doctown, or one of a living Doctown, was found on the folder. */
  readonly reused: boolean
  /** SIGTERM to the pid, then waits for its end. Leaves it running when another living Doctown started it. */
  stop(): Promise<void>
}

/** Linux takes 107 bytes of socket path, macOS 103. */
const MAX_SOCKET_PATH_BYTES = 99

/**
 * Starts the server, or takes over the one that already serves this folder.
 * Throws `redis_server_missing`, `data_folder_unwritable`, or `redis_unavailable` when it does not come up.
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const log = options.log ?? silentLog
  const folder = await openDataFolder(options.dataFolder)
  const note = join(folder, 'redis.pid')
  const left = await findLeftOver(note)
  if (left !== undefined) {
    log.info('redis found running on the data folder', { pid: left.pid })
    const isOurs = !isAlive(left.owner) || left.owner === process.pid
    if (isOurs) await writeNote(note, { ...left, owner: process.pid })
    return handle({ ...left, reused: true, stop: () => (isOurs ? stopServer(left, note) : Promise.resolve()) })
  }
  const binary = findRedisServer(options.searchPath)
  if (binary === undefined) {
    throw new DoctownError(
      'redis_server_missing',
      'No redis-server (or valkey-server) was found on the PATH; install the package redis-server (Debian, Ubuntu: sudo apt install redis-server), or set REDIS_URL.',
    )
  }
  const socketPath = await chooseSocketPath(folder)
  const server = { pid: await spawnServer(binary, folder, socketPath, options.searchPath), socketPath, owner: process.pid }
  await writeNote(note, server)
  await waitUntilReady(server, folder, options.startTimeoutMs ?? 60_000)
  log.info('redis started', { pid: server.pid })
  return handle({ ...server, reused: false, stop: () => stopServer(server, note) })
}

/** The first redis-server or valkey-server on the path; undefined when there is none. */
export function findRedisServer(searchPath: string): string | undefined {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of searchPath.split(delimiter)) {
      if (folder === '') continue
      try {
        accessSync(join(folder, name), constants.X_OK)
        return join(folder, name)
      } catch {
        continue
      }
    }
  }
  return undefined
}

/** What the pid file tells of a running server. `owner` is the Doctown process that stops it. */
const NoteSchema = z.object({ pid: z.number().int().positive(), socketPath: z.string(), owner: z.number().int().positive() })
type Server = z.infer<typeof NoteSchema>

const handle = (server: Server & { readonly reused: boolean; stop(): Promise<void> }): PrivateRedis => ({
  url: `unix:${server.socketPath}`,
  socketPath: server.socketPath,
  pid: server.pid,
  reused: server.reused,
  stop: server.stop,
})

async function openDataFolder(path: string): Promise<string> {
  try {
    await makeFolder(path, 0o700)
    await chmod(path, 0o700)
    const folder = realpathSync(path)
    await writeFile(join(folder, '.writable'), '')
    await rm(join(folder, '.writable'))
    return folder
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new DoctownError('data_folder_unwritable', `The data folder ${path} cannot be written (${why}); name another with --data.`, {
      cause: error,
    })
  }
}

async function chooseSocketPath(folder: string): Promise<string> {
  const near = join(folder, 'redis.sock')
  if (Buffer.byteLength(near) <= MAX_SOCKET_PATH_BYTES) return near
  const temp = realpathSync(tmpdir())
  return join(await mkdtemp(join(Buffer.byteLength(temp) < 60 ? temp : '/tmp', 'doctown-')), 'redis.sock')
}

async function spawnServer(binary: string, folder: string, socketPath: string, searchPath: string): Promise<number> {
  const output = await open(join(folder, 'redis.log'), 'a', 0o600)
  try {
    const settings = {
      port: '0',
      unixsocket: socketPath,
      unixsocketperm: '700',
      dir: folder,
      appendonly: 'yes',
      appendfsync: 'everysec',
      save: '',
      'maxmemory-policy': 'noeviction',
      daemonize: 'no',
    }
    const child = spawn(
      binary,
      Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      // A group of its own: Ctrl-C in the terminal must reach Doctown, which drains, and not Redis under its feet.
      // Nothing of our environment: it holds secrets and the server needs none.
      { detached: true, stdio: ['ignore', output.fd, output.fd], env: { PATH: searchPath } },
    )
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    child.unref()
    if (child.pid === undefined) throw new Error('redis-server has no process id')
    return child.pid
  } finally {
    await output.close()
  }
}

async function waitUntilReady(server: Server, folder: string, timeoutMs: number): Promise<void> {
  const endMs = Date.now() + timeoutMs
  while (!(await isRedisReady(server.socketPath))) {
    if (isAlive(server.pid) && Date.now() < endMs) {
      await sleep(20)
      continue
    }
    if (isAlive(server.pid)) process.kill(server.pid, 'SIGKILL')
    const last = (await readFile(join(folder, 'redis.log'), 'utf8')).trim().split('\n').at(-1) ?? ''
    throw new DoctownError(
      'redis_unavailable',
      `Redis unavailable: redis-server did not start (${last}); see redis.log in the data folder.`,
    )
  }
}

/** The server of the pid file, when it is still that server and serves. A process that hangs on to the folder is ended. */
async function findLeftOver(note: string): Promise<Server | undefined> {
  const server = NoteSchema.safeParse(await readNote(note))
  if (!server.success || !isAlive(server.data.pid)) return undefined
  const { pid, socketPath } = server.data
  for (let tries = 0; tries < 50 && isAlive(pid) && isServerOf(pid, socketPath); tries++) {
    if ((await redisProcessId(socketPath)) === pid && (await isRedisReady(socketPath))) return server.data
    await sleep(100)
  }
  if (isServerOf(pid, socketPath)) await stopServer(server.data, note)
  return undefined
}

async function stopServer({ pid, socketPath }: Server, note: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isAlive(pid)) break
    process.kill(pid, signal)
    for (let waitedMs = 0; waitedMs < 10_000 && isAlive(pid); waitedMs += 20) await sleep(20)
  }
  await rm(note, { force: true })
  await rm(socketPath, { force: true })
  if (dirname(socketPath) !== dirname(note)) await rm(dirname(socketPath), { recursive: true, force: true })
}

/** Redis shows its socket in its process title. Where there is no /proc, its own word (INFO) has to do. */
function isServerOf(pid: number, socketPath: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(socketPath)
  } catch {
    return isAlive(pid) && process.platform !== 'linux'
  }
}

/** False also for a process that has ended but whose parent has not yet asked for its exit code. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    if (process.platform !== 'linux') return true
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
  } catch {
    return false
  }
}

async function writeNote(note: string, server: Server): Promise<void> {
  await writeFile(note, JSON.stringify({ pid: server.pid, socketPath: server.socketPath, owner: server.owner }), { mode: 0o600 })
}

async function readNote(note: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(note, 'utf8'))
  } catch {
    return undefined
  }
}
