import type { Abstentions } from '@doctown/common/contracts/graph.js'

/** Counts what became of the names that were used. */
export class Tally {
  private readonly counts = { resolved: 0, external: 0, ambiguous: 0, unknown: 0 }

  count(status: keyof Tally['counts']): void {
    this.counts[status]++
  }

  total(): Abstentions {
    const { resolved, external, ambiguous, unknown } = this.counts
    return { references: resolved + external + ambiguous + unknown, ...this.counts }
  }
}
