import { execFileSync } from 'node:child_process'
import { repositoryRoot } from '../../src/runtime/repository-root.js'

export interface Figure {
  readonly id: string
  readonly value: number
  readonly unit: string
  /** What it must reach (or stay below, where the id says `at_most`); `null` where nothing is asked. */
  readonly floor: number | null
  readonly ok: boolean
}

/** What every bench prints: one JSON object with --json, a table without. Sets the exit code to 1 when a figure misses. */
export function printReport({ bench, figures, json }: { bench: string; figures: readonly Figure[]; json: boolean }): void {
  if (json) console.log(JSON.stringify({ bench, commit: commit(), figures }))
  else {
    for (const { id, value, unit, floor, ok } of figures) {
      const asked = floor === null ? '' : `  (${id.includes('at_most') ? 'below' : 'at least'} ${floor})`
      console.log(`${ok ? ' ok ' : 'MISS'}  ${id.padEnd(34)} ${value.toPrecision(4).padStart(10)} ${unit}${asked}`)
    }
  }
  if (figures.some(({ ok }) => !ok)) process.exitCode = 1
}

function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: repositoryRoot(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return null
  }
}
