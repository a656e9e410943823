import { execFileSync } from 'node:child_process'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'

/** One measured value; `floor` is what it must not pass. */
export interface Figure {
  readonly id: string
  readonly value: number
  readonly unit: 'ms' | 'ratio'
  readonly floor: number | null
  readonly ok: boolean
}

export const figure = (id: string, value: number, unit: Figure['unit'], floor: number | null = null): Figure => {
  const rounded = Math.round(value * 1000) / 1000
  return { id, value: rounded, unit, floor, ok: floor === null || rounded <= floor }
}

/** The share `p` (0 to 1) of the values lies at or below. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN
}

/** With `--json` one object on standard output, else a table; the exit code says whether every floor held. */
export function report(bench: string, figures: readonly Figure[]): void {
  if (process.argv.includes('--json')) {
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: repositoryRoot(), encoding: 'utf8' }).trim()
    process.stdout.write(`${JSON.stringify({ bench, commit, figures })}\n`)
  } else {
    console.table(
      Object.fromEntries(
        figures.map(({ id, value, unit, floor, ok }) => [id, { value, unit, 'at most': floor ?? '', ok: floor === null ? '' : ok }]),
      ),
    )
  }
  process.exitCode = figures.every(({ ok }) => ok) ? 0 : 1
}
