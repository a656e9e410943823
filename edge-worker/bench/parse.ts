/**
 * npm run bench:parse -- --corpus <folder> [--parallel 2] [--files 2000] [--rounds 3] [--json]
 *
 * Files a second of the parse stage beside a bare tree-sitter loop over the same texts with the same number of processes,
 * both with their start-up; the better of the rounds each. Memory is the stage's own and needs /proc.
 */
import { fork } from 'node:child_process'
import { parseArgs } from 'node:util'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'
import { parseStage } from '../src/stages/parse/stage.js'
import { stageContext } from '../test/stages/context.js'
import { readCorpus } from './corpus.js'
import { watchMemory, type MemoryPeak } from './memory.js'

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    parallel: { type: 'string', default: '2' },
    files: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean' },
  },
})
if (values.corpus === undefined) throw new Error('Say where the corpus lies: npm run bench:parse -- --corpus <folder>')
const parallel = Number(values.parallel)
const files = repeated(
  readCorpus(values.corpus).flatMap(({ name, files: own }) => own.map((file) => ({ ...file, path: `${name}/${file.path}` }))),
  Number(values.files),
)

let stage = Infinity
let bare = Infinity
let peak: MemoryPeak = { process: 0, tree: 0 }
// In turns, so that a busy machine slows both.
for (let round = 0; round < Number(values.rounds); round++) {
  const memory = watchMemory()
  stage = Math.min(stage, await timed(runStage))
  const seen = memory.stop()
  peak = { process: Math.max(peak.process, seen.process), tree: Math.max(peak.tree, seen.tree) }
  bare = Math.min(bare, await timed(runBare))
}
/** What the issue of symbols asks for; here it is measured and not yet asked. */
const figures: Figure[] = [
  ['files', files.length, 'files'],
  ['stage_files_per_second', files.length / stage, 'files/s'],
  ['bare_files_per_second', files.length / bare, 'files/s'],
  ['ratio_to_bare_parse', bare / stage, 'x'],
  ['peak_process', peak.process, 'MiB'],
  ['peak_tree', peak.tree, 'MiB'],
].map(([id, value, unit]) => ({ id: String(id), value: Number(value), unit: String(unit), floor: null, ok: true }))
printReport({ bench: 'parse', figures, json: values.json === true })

async function runStage(): Promise<void> {
  let seen = 0
  for await (const _item of await parseStage.run({ files, manifests: [] }, stageContext({ parallel }))) seen++
  if (seen !== files.length) throw new Error(`${files.length - seen} files lost`)
}

async function runBare(): Promise<void> {
  const shares = Array.from({ length: parallel }, (_, n) => files.filter((_file, at) => at % parallel === n).map(({ text }) => text))
  await Promise.all(
    shares.map(
      (texts) =>
        new Promise<void>((resolve, reject) => {
          const child = fork(new URL('./bare-parse-child.js', import.meta.url), [], { serialization: 'advanced' })
          child.once('error', reject)
          child.once('message', () => {
            child.disconnect()
            resolve()
          })
          child.send(texts)
        }),
    ),
  )
}

async function timed(run: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await run()
  return (performance.now() - started) / 1000
}

function repeated(own: readonly SourceFile[], count: number): SourceFile[] {
  return Array.from({ length: count }, (_, n) => {
    const file = own[n % own.length] as SourceFile
    return { ...file, path: `r${Math.floor(n / own.length)}/${file.path}` }
  })
}
