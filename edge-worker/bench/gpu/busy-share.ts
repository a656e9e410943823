import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'

/** The driver's own tool, which not every machine has on its path. */
const TOOLS = ['nvidia-smi', '/usr/bin/nvidia-smi', '/usr/local/nvidia/bin/nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi']
/** The card's figure is a mean over up to a second: the first one still tells of the time before. */
const SETTLING_MS = 1000

export interface BusyShare {
  /** `null` where it is not known. */
  readonly share: number | null
  /** How it was found, or why it is not known. */
  readonly reason: string
}

/** Name and driver of the first NVIDIA card, or `null`. */
export function cardName(): string | null {
  const tool = findTool()
  if (tool === null) return null
  const { status, stdout } = spawnSync(tool, ['--query-gpu=name,driver_version', '--format=csv,noheader', '--id=0'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}

/** Samples how busy the first NVIDIA card is until `stop`, which gives the mean between two times (milliseconds since the epoch). */
export function watchCard(): { stop(from: number, to: number): BusyShare } {
  const tool = findTool()
  if (tool === null) return { stop: () => ({ share: null, reason: 'nvidia-smi is not here, which alone knows' }) }
  const samples: { at: number; percent: number }[] = []
  const query = ['--query-gpu=utilization.gpu', '--format=csv,noheader,nounits', '--id=0', '--loop-ms=100']
  const child = spawn(tool, query, { stdio: ['ignore', 'pipe', 'ignore'] })
  child.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (/^\s*\d+\s*$/.test(line)) samples.push({ at: Date.now(), percent: Number(line) })
  })
  return {
    stop(from, to) {
      child.kill()
      const seen = samples.filter(({ at }) => at >= from + SETTLING_MS && at <= to)
      if (seen.length === 0) return { share: null, reason: `nvidia-smi gave no figure in ${((to - from) / 1000).toFixed(1)} s` }
      const share = seen.reduce((sum, { percent }) => sum + percent, 0) / seen.length / 100
      return { share, reason: `mean of ${seen.length} samples of nvidia-smi's utilization.gpu` }
    },
  }
}

const findTool = (): string | null => TOOLS.find((tool) => spawnSync(tool, ['-L'], { stdio: 'ignore' }).status === 0) ?? null
