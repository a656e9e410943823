import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** Longer than any stage may write (STAGE_LIMITS_MS). What is older belongs to nobody, whoever made it. */
const ABANDONED_AFTER_MS = 60 * 60_000

/**
 * The beginning of a temporary file's name, `<host>.<pid>.<start>.`: it tells whether the writer still lives. The start of the process is part of it,
 * because a restarted container gives its worker the same pid again.
 */
export async function writerName(): Promise<string> {
  return `${hostToken()}.${process.pid}.${(await startOf(process.pid)) ?? '0'}`
}

/** Removes the files of dead writers of this host, and of any host after an hour. A file that vanishes meanwhile is as good as removed. */
export async function removeDeadFiles(folder: string): Promise<number> {
  let removed = 0
  for (const name of await readdir(folder)) {
    if (!(await isDead(join(folder, name), name))) continue
    await rm(join(folder, name), { force: true })
    removed += 1
  }
  return removed
}

async function isDead(file: string, name: string): Promise<boolean> {
  const [host, pid = '', start] = name.split('.')
  if (host === hostToken() && /^\d+$/.test(pid)) return (await startOf(Number(pid))) !== start
  const stats = await stat(file).catch(() => undefined)
  return stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED_AFTER_MS
}

const hostToken = (): string => hostname().replaceAll(/[^A-Za-z0-9-]/g, '_')

/** Start time of a living process in clock ticks after boot (Linux); `0` where the system only tells that it lives, `undefined` when it does not. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
    // The program's name, in parentheses, may hold spaces; the start time is field 22 (proc(5)).
    return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  }
  try {
    process.kill(pid, 0)
    return '0'
  } catch {
    return undefined
  }
}
