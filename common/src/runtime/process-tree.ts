import { readFileSync, readdirSync } from 'node:fs'

/** Resident memory in bytes of each process of a tree, from /proc; of this process alone where there is no /proc. */
function residentBytes(rootPid: number): number[] {
  if (process.platform !== 'linux') return [process.memoryUsage().rss]
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
  const found: number[] = []
  const todo = [rootPid]
  for (let pid = todo.pop(); pid !== undefined; pid = todo.pop()) {
    found.push(resident.get(pid) ?? 0)
    todo.push(...(children.get(pid) ?? []))
  }
  return found
}

export interface MemoryPeak {
  /** The highest sum over the tree, and the largest single process of it, in bytes. */
  readonly tree: number
  readonly process: number
}

/** Samples the tree's memory until `stop`, which gives the most that was seen. */
export function samplePeakBytes(intervalMs = 200): { readonly stop: () => MemoryPeak } {
  let peak: MemoryPeak = { tree: 0, process: 0 }
  const sample = (): void => {
    const sizes = residentBytes(process.pid)
    peak = {
      tree: Math.max(
        peak.tree,
        sizes.reduce((sum, bytes) => sum + bytes, 0),
      ),
      process: Math.max(peak.process, ...sizes),
    }
  }
  sample()
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
