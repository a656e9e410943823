/**
 * npm run bench:parse -- --corpus <folder> [--parallel 2] [--files 2000] [--many 5000] [--rounds 3] [--json]
 *
 * The parse stage beside a bare tree-sitter loop over the same texts with the same number of processes, both with their
 * start-up: `ratio` with all it does, `symbols_ratio` without the references (what a file uses), by the wall clock, the better
 * of the rounds each, taken in turns. `cpu_ratio` is the same by seconds of CPU, which a busy machine disturbs less. Memory is
 * that of the stage, its children and this bench over `--many` files, and needs /proc.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { samplePeakBytes } from '@doctown/common/runtime/process-tree.js'
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'
import { planBatches } from '../src/stages/parse/batches.js'
import { createParserPool } from '../src/stages/parse/pool.js'
import { parseStage } from '../src/stages/parse/stage.js'
import { stageContext } from '../test/stages/context.js'
import { readCorpus } from './corpus.js'
import { cpuSeconds } from './cpu-seconds.js'

/** The floors of the issue of symbols; its memory is told in MB. */
const RATIO = 0.7
const PROCESS_MB = 400
const TREE_MB = 800

const values = benchOptions({
  bench: import.meta.url,
  required: ['corpus'],
  options: {
    corpus: { type: 'string' },
    parallel: { type: 'string', default: '2' },
    files: { type: 'string', default: '2000' },
    many: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean' },
  },
})
const parallel = Number(values.parallel)
const own = readCorpus(values.corpus).flatMap(({ name, files }) => files.map((file) => ({ ...file, path: `${name}/${file.path}` })))
const files = repeated(own, Number(values.files))

const stage = { wall: Infinity, cpu: Infinity }
const symbols = { wall: Infinity, cpu: Infinity }
const bare = { wall: Infinity, cpu: Infinity }
for (let round = 0; round < Number(values.rounds); round++) {
  await timed(bare, runBare)
  await timed(stage, () => runStage(files))
  await timed(symbols, runSymbols)
}
const memory = samplePeakBytes(50)
await runStage(repeated(own, Number(values.many)))
const peak = memory.stop()

printReport({
  bench: 'parse',
  figures: [
    plain('files', files.length, 'files'),
    plain('stage_files_per_second', files.length / stage.wall, 'files/s'),
    plain('bare_files_per_second', files.length / bare.wall, 'files/s'),
    atLeast('symbols_ratio', bare.wall / symbols.wall, RATIO),
    atLeast('ratio', bare.wall / stage.wall, RATIO),
    plain('symbols_cpu_ratio', bare.cpu / symbols.cpu, 'x'),
    plain('cpu_ratio', bare.cpu / stage.cpu, 'x'),
    atMost('peak_process_at_most', peak.process, PROCESS_MB),
    atMost('peak_tree_at_most', peak.tree, TREE_MB),
  ],
  json: values.json === true,
})

function plain(id: string, value: number, unit: string): Figure {
  return { id, value, unit, floor: null, ok: true }
}

function atLeast(id: string, value: number, floor: number): Figure {
  return { id, value, unit: 'x', floor, ok: value >= floor }
}

function atMost(id: string, bytes: number, floor: number): Figure {
  const value = bytes / 1e6
  return { id, value, unit: 'MB', floor, ok: value <= floor }
}

async function runStage(given: readonly SourceFile[]): Promise<void> {
  let seen = 0
  for await (const _item of await parseStage.run({ files: [...given], manifests: [] }, stageContext({ parallel }))) seen++
  if (seen !== given.length) throw new Error(`${given.length - seen} files lost`)
}

/** The stage's own children and way home, without the references. */
async function runSymbols(): Promise<void> {
  const pool = createParserPool({ size: parallel, packages: {}, references: false, log: { warn() {} } })
  const items = await Promise.all(planBatches(files).map((batch) => pool.parse(batch)))
  pool.close()
  const seen = items.reduce((sum, batch) => sum + batch.length, 0)
  if (seen !== files.length) throw new Error(`${files.length - seen} files lost`)
}

async function runBare(): Promise<void> {
  const shares = Array.from({ length: parallel }, (_, n) => files.filter((_file, at) => at % parallel === n).map(({ text }) => text))
  await Promise.all(
    shares.map(async (texts) => {
      const child = fork(new URL('./bare-parse-child.js', import.meta.url), [], { serialization: 'advanced' })
      child.once('message', () => child.disconnect())
      child.send(texts)
      await once(child, 'exit')
    }),
  )
}

/** Keeps the better time. The CPU of children counts when they have ended. */
async function timed(best: { wall: number; cpu: number }, run: () => Promise<void>): Promise<void> {
  const cpu = cpuSeconds()
  const started = performance.now()
  await run()
  best.wall = Math.min(best.wall, (performance.now() - started) / 1000)
  await new Promise((resolve) => setTimeout(resolve, 500))
  best.cpu = Math.min(best.cpu, cpuSeconds() - cpu)
}

function repeated(files: readonly SourceFile[], count: number): SourceFile[] {
  return Array.from({ length: count }, (_, n) => {
    const file = files[n % files.length] as SourceFile
    return { ...file, path: `r${Math.floor(n / files.length)}/${file.path}` }
  })
}
