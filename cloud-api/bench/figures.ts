import type { Figure } from '@doctown/common/test/support/bench-report.js'

/** A measured value that must not pass `atMost`. */
export function figure(id: string, value: number, unit: 'ms' | 'ratio', atMost: number | null = null): Figure {
  const rounded = Math.round(value * 1000) / 1000
  return { id: atMost === null ? id : `${id}_at_most`, value: rounded, unit, floor: atMost, ok: atMost === null || rounded <= atMost }
}

/** The share `p` (0 to 1) of the values lies at or below. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN
}
