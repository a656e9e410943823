import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Figure } from '@doctown/common/test/support/bench-report.js'

/** What a child tells of one size: seconds (best of three) and resident memory after each step. */
export type ScaleReport = Readonly<Record<string, { readonly seconds: number; readonly megabytes: number }>>

const SIZES = [1_000, 10_000, 50_000, 200_000]
/** A node of the largest graph may cost this much more than one of 10,000. */
const GROWTH = 1.5

/** Each size in a process of its own, so that memory is its own. */
export async function measureScale(say: (line: string) => void): Promise<Figure[]> {
  const reports = new Map<number, ScaleReport>()
  for (const nodes of SIZES) {
    const child = fork(new URL('./scale-child.js', import.meta.url), [String(nodes)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--expose-gc'],
    })
    // `as`: the child sends exactly this.
    const [report] = (await once(child, 'message')) as [ScaleReport]
    reports.set(nodes, report)
    say(`\n${nodes} nodes`)
    for (const [step, { seconds, megabytes }] of Object.entries(report)) {
      say(
        `  ${step.padEnd(16)} ${seconds.toFixed(3).padStart(9)} s ${((1e6 * seconds) / nodes).toFixed(1).padStart(8)} us/node ${megabytes.toFixed(0).padStart(6)} MiB`,
      )
    }
  }
  const figures: Figure[] = []
  for (const step of Object.keys(reports.get(200_000)!)) {
    for (const nodes of SIZES) {
      const { seconds, megabytes } = reports.get(nodes)![step]!
      figures.push({ id: `scale.${step}.${nodes}.seconds`, value: seconds, unit: 's', floor: null, ok: true })
      figures.push({ id: `scale.${step}.${nodes}.memory`, value: megabytes, unit: 'MiB', floor: null, ok: true })
    }
    const perNode = (nodes: number): number => reports.get(nodes)![step]!.seconds / nodes
    const growth = perNode(200_000) / perNode(10_000)
    figures.push({ id: `scale.${step}.growth_at_most`, value: growth, unit: 'x', floor: GROWTH, ok: growth <= GROWTH })
  }
  return figures
}
