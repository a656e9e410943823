import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import type { Figure } from '@doctown/common/test/support/bench-report.js'
import { readGraph } from './read-graph.js'

/** What is grown to each size. */
export type Repository = Pick<Awaited<ReturnType<typeof readGraph>>, 'graph' | 'textVectors'>
/** What a child tells of one run: seconds and the peak of resident memory of each step. */
export type ScaleReport = Readonly<Record<string, { readonly seconds: number; readonly megabytes: number }>>

const SIZES = [1_000, 10_000, 50_000, 200_000]
/** A node of the largest graph may cost this much more than one of 10,000. */
const GROWTH = 1.5
const TRIES = 3

/**
 * The best of three runs, each in a process of its own: memory is its own then, and each step runs once, as in a build, not warmed up by
 * the same step on the same graph, which flatters the small ones.
 */
export async function measureScale(say: (line: string) => void): Promise<Figure[]> {
  const { graph, textVectors } = await readGraph(join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir'))
  const reports = new Map<number, ScaleReport>()
  for (const nodes of SIZES) {
    const tries: ScaleReport[] = []
    while (tries.length < TRIES) tries.push(await runOnce({ graph, textVectors }, nodes))
    const report = bestOf(tries)
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

async function runOnce(base: Repository, nodes: number): Promise<ScaleReport> {
  const child = fork(new URL('./scale-child.js', import.meta.url), [String(nodes)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--expose-gc'],
    serialization: 'advanced',
  })
  child.send(base)
  // `as`: the child sends exactly this.
  const [report] = (await once(child, 'message')) as [ScaleReport]
  await once(child, 'exit')
  return report
}

/** Of each step the fewest seconds and the most memory. */
function bestOf(tries: readonly ScaleReport[]): ScaleReport {
  const best = (step: string): ScaleReport[string] => ({
    seconds: Math.min(...tries.map((report) => report[step]!.seconds)),
    megabytes: Math.max(...tries.map((report) => report[step]!.megabytes)),
  })
  return Object.fromEntries(Object.keys(tries[0]!).map((step) => [step, best(step)]))
}
