import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../../src/runtime/repository-root.js'

export interface Figure {
  readonly id: string
  readonly value: number
  readonly unit: string
  /** What it must reach (or stay below, where the id says `at_most`); `null` where nothing is asked. */
  readonly floor: number | null
  readonly ok: boolean
}

export interface BenchReport {
  readonly bench: string
  readonly figures: readonly Figure[]
  readonly json: boolean
  /** What no number says: what ran, and why not something else. Printed where the bench goes, so only part of the JSON here. */
  readonly notes?: readonly string[]
}

/** What every bench prints: one JSON object with --json, a table without. Sets the exit code to 1 when a figure misses. */
export function printReport({ bench, figures, json, notes }: BenchReport): void {
  if (json) console.log(JSON.stringify({ bench, commit: commit(), ...(notes === undefined ? {} : { notes }), figures }))
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
    // A folder made to be carried away says which commit it was made of.
    // `as`: our own package.json.
    return (JSON.parse(readFileSync(join(repositoryRoot(), 'package.json'), 'utf8')) as { commit?: string }).commit ?? null
  }
}
