/**
 * How well the embed stage keeps a model busy:
 *
 *     npm run bench:embed -- --model <sentence-transformers folder> [--repo DIR] [--threads N] [--json]
 *
 * A repository's chunks go through the embed stage with the model of --model, then the same token rows through a bare loop over a
 * session of the same kind, at each batch size, rows sorted by length, as good as it gets; the best size is the peer. Beside it the
 * built-in model alone, on one core. Without --repo: the walkdir fixture; without --model: the fixture model of the tests.
 */
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import type { Chunk } from '@doctown/common/contracts/chunk.js'
import { silentLog } from '@doctown/common/runtime/log.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { batchesByLength, BATCH_SHAPES } from '@doctown/common/ports/embedder/onnx-batches.js'
import { readOnnxFolder } from '@doctown/common/ports/embedder/onnx-folder.js'
import { openSession, type OpenedSession } from '@doctown/common/ports/embedder/onnx-session.js'
import { loadTokenizer } from '@doctown/common/ports/embedder/onnx-tokenizer.js'
import { createOnnxEmbedder } from '@doctown/common/ports/embedder/onnx.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { printReport } from '@doctown/common/test/support/bench-report.js'
import { BATCH_CHUNKS } from '../src/stages/embed/embed-stream.js'
import { embedStage } from '../src/stages/embed/stage.js'
import { readChunks } from './read-chunks.js'

const { values: options } = parseArgs({
  options: { model: { type: 'string' }, repo: { type: 'string' }, threads: { type: 'string', default: '1' }, json: { type: 'boolean' } },
})
const root = repositoryRoot()
const folder = options.model ?? join(root, 'common/test/fixtures/tiny-onnx')
const threads = Number(options.threads)
const ROUNDS = 3
/** The built-in model is quick; fewer items would time its first calls. */
const SMALL_ITEMS = 5_000
const SIZES = [1, 4, 8, 16, 32]

const embedder = await createOnnxEmbedder({ folder, gpu: 'false', threads })
const small = await createStaticTableEmbedder({ folder: join(root, 'common/models/small') })
const chunks = await readChunks(options.repo ?? join(root, 'edge-worker/test/fixtures/walkdir'), [small, embedder])

const model = readOnnxFolder(folder)
const tokenizer = loadTokenizer(model.tokenizerFile, model.tokenizerConfigFile)
const rows = chunks.map(({ text }) => tokenizer.encode(model.documentPrefix + text, model.max_tokens))
const tokens = rows.reduce((sum, row) => sum + row.length, 0)
const padded = paddedTokens(rows.map(({ length }) => length))

const session = await openSession(model, { gpu: 'false', threads })
const seconds = { stage: Infinity, bare: Infinity }
let [lag, bestSize] = [0, 0]
for (let round = 0; round < ROUNDS; round++) {
  // In turn, so that a busy minute of the machine meets both.
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  seconds.stage = Math.min(seconds.stage, await timed(() => throughStage(chunks)))
  delay.disable()
  lag = Math.max(lag, delay.percentile(99) / 1e6)
  for (const size of round === 0 ? SIZES : [bestSize]) {
    const took = await timed(() => bareLoop(session, size))
    if (took < seconds.bare) [seconds.bare, bestSize] = [took, size]
  }
}
let builtIn = Infinity
for (let round = 0; round < ROUNDS; round++) builtIn = Math.min(builtIn, await timed(embedSmall))
await Promise.all([session.close(), embedder.close(), small.close()])

const ratio = seconds.bare / seconds.stage
const waste = 1 - tokens / padded
printReport({
  bench: 'embed',
  figures: [
    { id: 'ratio_to_bare_loop', value: ratio, unit: 'x', floor: 0.95, ok: ratio >= 0.95 },
    { id: 'tokens_per_second', value: tokens / seconds.stage, unit: 'tokens/s', floor: null, ok: true },
    { id: 'bare_loop_tokens_per_second', value: tokens / seconds.bare, unit: 'tokens/s', floor: null, ok: true },
    { id: 'bare_loop_batch', value: bestSize, unit: 'texts', floor: null, ok: true },
    { id: 'padding_waste_at_most', value: waste, unit: 'share', floor: 0.05, ok: waste <= 0.05 },
    { id: 'loop_lag_p99_at_most', value: lag, unit: 'ms', floor: 50, ok: lag <= 50 },
    { id: 'built_in_items_per_second', value: SMALL_ITEMS / builtIn, unit: 'items/s', floor: 5000, ok: SMALL_ITEMS / builtIn >= 5000 },
    { id: 'chunks', value: chunks.length, unit: 'chunks', floor: null, ok: true },
  ],
  json: options.json === true,
})

async function throughStage(all: readonly Chunk[]): Promise<void> {
  const context = {
    ports: { small, text: embedder },
    log: silentLog,
    signal: new AbortController().signal,
    progress: () => {},
    seed: 1,
    tempDir: '',
  }
  const stream = (async function* () {
    yield* all
  })()
  let count = 0
  for await (const _ of await embedStage.run(stream, context)) count++
  if (count !== all.length) throw new Error(`${count} of ${all.length} chunks came back`)
}

/** Tokens that the model is given when each of the stage's batches is cut by length. */
function paddedTokens(lengths: readonly number[]): number {
  let padded = 0
  for (let at = 0; at < lengths.length; at += BATCH_CHUNKS) {
    const part = lengths.slice(at, at + BATCH_CHUNKS)
    for (const batch of batchesByLength(part, BATCH_SHAPES.cpu)) padded += batch.length * Math.max(...batch.map((i) => part[i]!))
  }
  return padded
}

/** Tokens in, vectors out, nothing else: no thread, no tokenizer. */
async function bareLoop({ run }: OpenedSession, size: number): Promise<void> {
  const sorted = [...rows].sort((a, b) => b.length - a.length)
  for (let at = 0; at < sorted.length; at += size) await run(sorted.slice(at, at + size))
}

async function embedSmall(): Promise<void> {
  for (let at = 0; at < SMALL_ITEMS; at += BATCH_CHUNKS) {
    const batch = Array.from({ length: Math.min(BATCH_CHUNKS, SMALL_ITEMS - at) }, (_, i) => chunks[(at + i) % chunks.length]!)
    await small.embedDocuments(batch.map(({ text, fields }) => ({ text, fields })))
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now()
  await work()
  return (performance.now() - begin) / 1000
}
