import { readFileSync, readdirSync } from 'node:fs'

/** Resident memory in bytes of a process and all its descendants, from /proc; of this process alone where there is no /proc. */
export function processTreeBytes(rootPid: number = process.pid): number {
  if (process.platform !== 'linux') return process.memoryUsage().rss
  const children = new Map<number, number[]>()
  const resident = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const parent = Number(fields[1])
      children.set(parent, [...(children.get(parent) ?? []), pid])
      resident.set(pid, Number(fields[21]) * 4096)
    } catch {
      // The process ended while we looked.
    }
  }
  let total = 0
  const todo = [rootPid]
  for (let pid = todo.pop(); pid !== undefined; pid = todo.pop()) {
    total += resident.get(pid) ?? 0
    todo.push(...(children.get(pid) ?? []))
  }
  return total
}

/** Samples the tree's memory until `stop`, which gives the highest sum seen. */
export function samplePeakBytes(intervalMs = 200): { readonly stop: () => number } {
  let peak = processTreeBytes()
  const sample = (): void => {
    peak = Math.max(peak, processTreeBytes())
  }
  const timer = setInterval(sample, intervalMs)
  timer.unref()
  return {
    stop: () => {
      clearInterval(timer)
      sample()
      return peak
    },
  }
}
