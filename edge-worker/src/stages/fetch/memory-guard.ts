import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const LOOK_EVERY_MS = 100

/** Watches a process from outside, since its own event loop may stand still, and calls once when it holds more than `maxBytes`. */
export function guardMemory(pid: number, maxBytes: number, onExceeded: () => void): { stop: () => void } {
  let stopped = false
  let timer: NodeJS.Timeout
  const look = async (): Promise<void> => {
    const bytes = await residentBytes(pid)
    if (stopped) return
    if (bytes !== null && bytes > maxBytes) {
      stopped = true
      return onExceeded()
    }
    timer = setTimeout(() => void look(), LOOK_EVERY_MS)
    timer.unref()
  }
  void look()
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Resident memory of a process: /proc on Linux, `ps` on other Unixes, `null` where neither answers (Windows). */
export async function residentBytes(pid: number): Promise<number | null> {
  try {
    if (process.platform === 'linux') {
      const status = await readFile(`/proc/${pid}/status`, 'latin1')
      const kib = /^VmRSS:\s+([0-9]+) kB$/m.exec(status)?.[1]
      return kib === undefined ? null : Number(kib) * 1024
    }
    if (process.platform === 'win32') return null
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
    return Number(stdout.trim()) * 1024
  } catch {
    // It has ended; its parent hears of that by itself.
    return null
  }
}
