import { readdirSync, readFileSync } from 'node:fs'

export interface MemoryPeak {
  /** The largest single process, and the largest sum over this process and its children, in MiB. */
  readonly process: number
  readonly tree: number
}

/** Samples resident memory from /proc until `stop` is called. */
export function watchMemory(everyMs = 50): { readonly stop: () => MemoryPeak } {
  let largest = 0
  let tree = 0
  const sample = (): void => {
    const sizes = [process.pid, ...childrenOf(process.pid)].map(residentMiB)
    largest = Math.max(largest, ...sizes)
    tree = Math.max(
      tree,
      sizes.reduce((sum, size) => sum + size, 0),
    )
  }
  const timer = setInterval(sample, everyMs)
  return {
    stop() {
      clearInterval(timer)
      return { process: Math.round(largest), tree: Math.round(tree) }
    },
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.[1] === String(parent))
}

function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
  } catch {
    return undefined
  }
}

function residentMiB(pid: number): number {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1024 / 1024
  } catch {
    return 0
  }
}
