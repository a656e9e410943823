/**
 * How well the embed stage keeps a model busy:
 *
 *     npm run bench:embed -- --model <sentence-transformers folder> [--repo DIR] [--threads N] [--rounds N] [--json]
 *
 * A repository's chunks go through the embed stage with the model of --model (tokenizer, batches, thread, pooling, unit length and all), then
 * the same token rows through a bare loop over ONNX Runtime: inputs made beforehand, rows sorted by length, token vectors thrown away. The batch
 * size at which that loop is quickest is the peer. The two take turns of about two seconds and the figure is the median of each turn's ratio, so
 * that other work on the machine meets both; with one thread the ratio of processor times, which other work hardly changes, stands beside it.
 * Beside that the built-in model alone, on one core. Without --repo: the walkdir fixture; without --model: one of
 * MiniLM's shape with random weights, and 256 chunks.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Chunk } from '@doctown/common/contracts/chunk.js'
import { silentLog } from '@doctown/common/runtime/log.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { batchesByLength, BATCH_SHAPES } from '@doctown/common/ports/embedder/onnx-batches.js'
import { readOnnxFolder } from '@doctown/common/ports/embedder/onnx-folder.js'
import { loadTokenizer } from '@doctown/common/ports/embedder/onnx-tokenizer.js'
import { createOnnxEmbedder } from '@doctown/common/ports/embedder/onnx.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { printReport } from '@doctown/common/test/support/bench-report.js'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { BATCH_CHUNKS } from '../src/stages/embed/embed-stream.js'
import { embedStage } from '../src/stages/embed/stage.js'
import { writeFixtureModel } from './gpu/fixture-model.js'
import { readChunks } from './read-chunks.js'

const options = benchOptions({
  bench: import.meta.url,
  options: {
    model: { type: 'string' },
    repo: { type: 'string' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'boolean' },
  },
})
const root = repositoryRoot()
const scratch = await mkdtemp(join(tmpdir(), 'doctown-embed-'))
const folder = options.model ?? scratch
if (options.model === undefined) await writeFixtureModel(scratch, join(root, 'common/test/fixtures/tiny-onnx'))
const threads = Number(options.threads)
const rounds = Number(options.rounds)
/** The built-in model is quick; fewer items would time its first calls. */
const SMALL_ITEMS = 5_000
const SIZES = [1, 2, 4, 8, 16, 32]

const embedder = await createOnnxEmbedder({ folder, gpu: 'false', threads })
const small = await createStaticTableEmbedder({ folder: join(root, 'common/models/small') })
const all = await readChunks(options.repo ?? join(root, 'edge-worker/test/fixtures/walkdir'), [small, embedder])
// The fixture's tokenizer knows few words: its chunks are many and short of text.
const chunks = options.model === undefined ? all.slice(0, 256) : all

const model = readOnnxFolder(folder)
const tokenizer = loadTokenizer(model.tokenizerFile, model.tokenizerConfigFile)
const rows = chunks.map(({ text }) => tokenizer.encode(model.documentPrefix + text, model.max_tokens))
const tokens = rows.reduce((sum, row) => sum + row.length, 0)
const padded = paddedTokens(rows.map(({ length }) => length))

const session = await InferenceSession.create(model.onnxFile, {
  executionProviders: ['cpu'],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
})
const bestSize = await quickestSize()
const parts = partsOf(chunks.length).map(([from, to]) => ({
  chunks: chunks.slice(from, to),
  batches: batchesOf(rows.slice(from, to), bestSize),
}))
const ratios: number[] = []
const whole: Record<'stage' | 'bare', Cost> = { stage: { seconds: 0, processor: 0 }, bare: { seconds: 0, processor: 0 } }
const delay = monitorEventLoopDelay({ resolution: 5 })
for (let round = 0; round < rounds; round++) {
  for (const part of parts) {
    const turns = {
      stage: async () => {
        delay.enable()
        const cost = await measured(() => throughStage(part.chunks))
        delay.disable()
        return cost
      },
      bare: () => measured(() => bareLoop(part.batches)),
    }
    const took: Partial<Record<keyof typeof turns, number>> = {}
    for (const turn of round % 2 === 0 ? (['stage', 'bare'] as const) : (['bare', 'stage'] as const)) {
      const { seconds, processor } = await turns[turn]()
      took[turn] = seconds
      whole[turn] = { seconds: whole[turn].seconds + seconds, processor: whole[turn].processor + processor }
    }
    ratios.push(took.bare! / took.stage!)
  }
}
const lag = delay.percentile(99) / 1e6
let builtIn = Infinity
for (let round = 0; round < 3; round++) builtIn = Math.min(builtIn, (await measured(embedSmall)).seconds)
await Promise.all([session.release(), embedder.close(), small.close(), rm(scratch, { recursive: true })])

const ratio = median(ratios)
const waste = 1 - tokens / padded
printReport({
  bench: 'embed',
  figures: [
    { id: 'ratio_to_bare_loop', value: ratio, unit: 'x', floor: 0.95, ok: ratio >= 0.95 },
    { id: 'ratio_worst_turn', value: Math.min(...ratios), unit: 'x', floor: null, ok: true },
    ...(threads === 1
      ? [{ id: 'ratio_of_processor_time', value: whole.bare.processor / whole.stage.processor, unit: 'x', floor: null, ok: true }]
      : []),
    { id: 'tokens_per_second', value: (tokens * rounds) / whole.stage.seconds, unit: 'tokens/s', floor: null, ok: true },
    { id: 'bare_loop_tokens_per_second', value: (tokens * rounds) / whole.bare.seconds, unit: 'tokens/s', floor: null, ok: true },
    { id: 'bare_loop_batch', value: bestSize, unit: 'texts', floor: null, ok: true },
    { id: 'padding_waste_at_most', value: waste, unit: 'share', floor: 0.05, ok: waste <= 0.05 },
    { id: 'loop_lag_p99_at_most', value: lag, unit: 'ms', floor: 50, ok: lag <= 50 },
    { id: 'built_in_items_per_second', value: SMALL_ITEMS / builtIn, unit: 'items/s', floor: 5000, ok: SMALL_ITEMS / builtIn >= 5000 },
    { id: 'chunks', value: chunks.length, unit: 'chunks', floor: null, ok: true },
  ],
  json: options.json === true,
})

async function throughStage(part: readonly Chunk[]): Promise<void> {
  const context = {
    ports: { small, text: embedder },
    log: silentLog,
    signal: new AbortController().signal,
    progress: () => {},
    seed: 1,
    tempDir: '',
  }
  const stream = (async function* () {
    yield* part
  })()
  let count = 0
  for await (const _ of await embedStage.run(stream, context)) count++
  if (count !== part.length) throw new Error(`${count} of ${part.length} chunks came back`)
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

type Feeds = Readonly<Record<string, Tensor>>

/** Inputs of a plain loop's batches: neighbours in length, so many at a time. */
function batchesOf(all: readonly (readonly number[])[], size: number): Feeds[] {
  const sorted = [...all].sort((a, b) => b.length - a.length)
  return Array.from({ length: Math.ceil(sorted.length / size) }, (_, i) => {
    const batch = sorted.slice(i * size, (i + 1) * size)
    const length = batch[0]!.length
    const whole = (at: (row: readonly number[], i: number) => number): Tensor =>
      new Tensor(
        'int64',
        BigInt64Array.from({ length: batch.length * length }, (_, k) => BigInt(at(batch[Math.floor(k / length)]!, k % length))),
        [batch.length, length],
      )
    const inputs: Feeds = {
      input_ids: whole((row, k) => row[k] ?? 0),
      attention_mask: whole((row, k) => Number(k < row.length)),
      token_type_ids: whole(() => 0),
    }
    return Object.fromEntries(session.inputNames.map((name) => [name, inputs[name]!]))
  })
}

async function bareLoop(batches: readonly Feeds[]): Promise<void> {
  for (const feeds of batches) await session.run(feeds)
}

/** On a third of the rows, each size twice. */
async function quickestSize(): Promise<number> {
  const part = rows.filter((_, i) => i % 3 === 0)
  const best = new Map<number, number>()
  for (let pass = 0; pass < 2; pass++) {
    for (const size of SIZES) {
      const batches = batchesOf(part, size)
      const { seconds, processor } = await measured(() => bareLoop(batches))
      best.set(size, Math.min(best.get(size) ?? Infinity, threads === 1 ? processor : seconds))
    }
  }
  return SIZES.reduce((quickest, size) => (best.get(size)! < best.get(quickest)! ? size : quickest))
}

/** Groups of whole windows of the stage, the rest with the last. */
function partsOf(count: number): [number, number][] {
  const parts = Math.max(1, Math.floor(count / BATCH_CHUNKS))
  return Array.from({ length: parts }, (_, i) => [i * BATCH_CHUNKS, i === parts - 1 ? count : (i + 1) * BATCH_CHUNKS])
}

async function embedSmall(): Promise<void> {
  for (let at = 0; at < SMALL_ITEMS; at += BATCH_CHUNKS) {
    const batch = Array.from({ length: Math.min(BATCH_CHUNKS, SMALL_ITEMS - at) }, (_, i) => chunks[(at + i) % chunks.length]!)
    await small.embedDocuments(batch.map(({ text, fields }) => ({ text, fields })))
  }
}

interface Cost {
  readonly seconds: number
  /** Seconds that the processor gave to this process, all threads together. */
  readonly processor: number
}

async function measured(work: () => Promise<void>): Promise<Cost> {
  const before = process.cpuUsage()
  const begin = performance.now()
  await work()
  const seconds = (performance.now() - begin) / 1000
  const { user, system } = process.cpuUsage(before)
  return { seconds, processor: (user + system) / 1e6 }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}
