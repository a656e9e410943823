import { readFileSync, writeFileSync } from 'node:fs'

/** Linux counts the peak of a process' resident memory anew when it is told to; elsewhere what is resident now must do. */
export function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // Not Linux, or a container that forbids it.
  }
}

/** Peak since then, MiB. */
export function peak(): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    if (kilobytes !== undefined) return Number(kilobytes) / 1024
  } catch {
    // As above.
  }
  return process.memoryUsage.rss() / 2 ** 20
}
