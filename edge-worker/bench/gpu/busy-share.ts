import { spawn } from 'node:child_process'

/** Samples how busy the first NVIDIA card is until `stop`, which gives the mean between two times; `null` where nvidia-smi is not there. */
export function watchCard(): { stop(from: number, to: number): number | null } {
  const samples: { at: number; percent: number }[] = []
  const child = spawn('nvidia-smi', ['--query-gpu=utilization.gpu', '--format=csv,noheader,nounits', '--id=0', '-lms', '100'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  child.on('error', () => {})
  child.stdout?.on('data', (piece: Buffer) => {
    for (const line of piece.toString().split('\n')) if (/^\s*\d+\s*$/.test(line)) samples.push({ at: Date.now(), percent: Number(line) })
  })
  return {
    stop(from, to) {
      child.kill()
      // The card's own figure is a mean over the last moments: the first 200 ms still tell of the time before.
      const seen = samples.filter(({ at }) => at >= from + 200 && at <= to)
      return seen.length === 0 ? null : seen.reduce((sum, { percent }) => sum + percent, 0) / seen.length / 100
    },
  }
}
