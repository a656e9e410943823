import { randomBytes } from 'node:crypto'
import { open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { DoctownError } from '../../contracts/errors.js'
import { makeFolder } from '../../runtime/make-folder.js'
import { sleep } from '../../runtime/sleep.js'

export interface WorkerNameClaim {
  /** `<base>-<id>`, the same at every start with this data folder. */
  readonly name: string
  release(): Promise<void>
}

/** More workers than this on one data folder are a mistake. */
const MAX_SLOTS = 64
/** A holder in another container cannot be asked whether it lives; it touches its file instead. */
const TOUCH_MS = 10_000
const STALE_MS = 40_000
const SETTLE_MS = 50

/**
 * A name that no other living worker has: the ids are kept in the data folder, and a second worker on the same folder gets the
 * second id. A worker frees the locks under its own name at its start, so a shared name would make jobs run twice.
 * Throws `data_folder_unwritable`.
 */
export async function claimWorkerName(options: { readonly dataFolder: string; readonly base: string }): Promise<WorkerNameClaim> {
  const folder = join(options.dataFolder, 'workers')
  try {
    await makeFolder(folder, 0o700)
    for (let slot = 1; slot <= MAX_SLOTS; slot++) {
      const lock = join(folder, `${slot}.lock`)
      if (await takeLock(lock)) return claim({ lock, name: `${options.base}-${await readId(join(folder, `${slot}.id`))}` })
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new DoctownError('data_folder_unwritable', `The data folder ${options.dataFolder} cannot be written (${why}).`, { cause: error })
  }
  throw new DoctownError('data_folder_unwritable', `More than ${MAX_SLOTS} workers share the data folder ${options.dataFolder}.`)
}

function claim({ lock, name }: { readonly lock: string; readonly name: string }): WorkerNameClaim {
  const timer = setInterval(() => {
    const now = new Date()
    // Without the file nobody can tell that we live; that is noticed by the next worker only.
    utimes(lock, now, now).catch(() => {})
  }, TOUCH_MS)
  timer.unref()
  return {
    name,
    release: async () => {
      clearInterval(timer)
      await rm(lock, { force: true })
    },
  }
}

const HolderSchema = z.object({ host: z.string(), pid: z.number().int(), started: z.string() })

async function takeLock(lock: string): Promise<boolean> {
  for (let tries = 0; tries < 2; tries++) {
    try {
      const file = await open(lock, 'wx', 0o600)
      const mine = JSON.stringify({
        host: hostname(),
        pid: process.pid,
        started: startOf(process.pid),
        nonce: randomBytes(8).toString('hex'),
      })
      await file.writeFile(mine)
      await file.close()
      // Another that found the same dead holder may have removed ours in its place, and then made its own.
      await sleep(SETTLE_MS)
      return (await readFile(lock, 'utf8').catch(() => '')) === mine
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (await isHeld(lock)) return false
      await rm(lock, { force: true })
    }
  }
  return false
}

async function isHeld(lock: string): Promise<boolean> {
  const isFresh = async (): Promise<boolean> => Date.now() - (await stat(lock)).mtimeMs < STALE_MS
  try {
    const text = await readFile(lock, 'utf8')
    // Made this moment by another worker that has not written it yet.
    if (text === '') return await isFresh()
    const holder = HolderSchema.parse(JSON.parse(text))
    if (holder.host !== hostname()) return await isFresh()
    const started = startOf(holder.pid)
    return started !== '' && started === holder.started
  } catch {
    return false
  }
}

/** Tells a process from a later one with the same id; '' when there is no such process. */
function startOf(pid: number): string {
  try {
    process.kill(pid, 0)
  } catch {
    return ''
  }
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Fields after the name in brackets: state first, start time 20th.
    const rest = fields.slice(fields.lastIndexOf(')') + 2).split(' ')
    return rest[0] === 'Z' ? '' : `t${rest[19] ?? ''}`
  } catch {
    return 'alive'
  }
}

async function readId(path: string): Promise<string> {
  try {
    const id = (await readFile(path, 'utf8')).trim()
    if (/^[0-9a-f]{8}$/.test(id)) return id
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const id = randomBytes(4).toString('hex')
  const file = await open(path, 'w', 0o600)
  await file.writeFile(id)
  await file.close()
  return id
}
