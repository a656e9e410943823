/** Measures one provider: embedding, a training step's gradient, training. Alone in a process, because a provider may crash it. Run by `gpu.ts` only. */
import { readOnnxFolder } from '@doctown/common/ports/embedder/onnx-folder.js'
import { batchesByLength, BATCH_SHAPES } from '@doctown/common/ports/embedder/onnx-batches.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { probeStep } from '../../src/stages/train/network/probe-step.js'
import type { TrainingProvider } from '../../src/stages/train/structure-model.js'

export interface ProviderReport {
  readonly tokensPerSecond: number
  /** Share of the embedding's time that was spent in the model; the rest is our own work between two batches. */
  readonly modelShare: number
  /** Milliseconds since the epoch, for those who watch the card meanwhile. */
  readonly embeddingFrom: number
  readonly embeddingTo: number
  readonly vectors: readonly number[]
  readonly gradient: readonly number[]
  readonly stepMilliseconds: number
}

// `as`: gpu.ts starts this file, with exactly these.
const [provider, folder, count] = process.argv.slice(2) as [TrainingProvider, string, string]
const THREADS = 1

try {
  const { gradient, milliseconds } = await probeStep({ provider, threads: THREADS, random: createRandom(1) })
  const embedded = await embed()
  const report: ProviderReport = { ...embedded, gradient: [...gradient], stepMilliseconds: milliseconds }
  process.send?.({ report })
} catch (error) {
  process.send?.({ reason: error instanceof Error ? error.message.split('\n')[0]?.slice(0, 300) : String(error) })
}

async function embed(): Promise<Omit<ProviderReport, 'gradient' | 'stepMilliseconds'>> {
  const model = readOnnxFolder(folder)
  const session = await InferenceSession.create(model.onnxFile, {
    executionProviders: [provider],
    logSeverityLevel: 4,
    intraOpNumThreads: THREADS,
  })
  const random = createRandom(2)
  const rows = Array.from({ length: Number(count) }, () =>
    Array.from({ length: 8 + Math.floor(random() * (model.max_tokens - 8)) }, () => 1 + Math.floor(random() * 90)),
  )
  const shape = provider === 'cpu' ? BATCH_SHAPES.cpu : BATCH_SHAPES.gpu
  const batches = batchesByLength(
    rows.map(({ length }) => length),
    shape,
  )
  const run = async (batch: readonly number[]): Promise<Float32Array> => {
    const length = Math.max(...batch.map((i) => rows[i]!.length))
    const ids = new BigInt64Array(batch.length * length)
    const mask = new BigInt64Array(batch.length * length)
    batch.forEach((i, at) => {
      rows[i]!.forEach((id, k) => (ids[at * length + k] = BigInt(id)))
      mask.fill(1n, at * length, at * length + rows[i]!.length)
    })
    const of = (data: BigInt64Array): Tensor => new Tensor('int64', data, [batch.length, length])
    const feeds: Record<string, Tensor> = {
      input_ids: of(ids),
      attention_mask: of(mask),
      token_type_ids: of(new BigInt64Array(ids.length)),
    }
    const known = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]))
    const outputs = await session.run(known)
    // `as`: token vectors are floats in every model that readOnnxFolder accepts.
    return (await outputs[model.output ?? session.outputNames[0]!]!.getData()) as Float32Array
  }
  // The same rows whatever the provider; also the warm-up.
  const first = await run([0, 1, 2, 3])
  const embeddingFrom = Date.now()
  const begin = performance.now()
  let inModel = 0
  for (const batch of batches) {
    const from = performance.now()
    await run(batch)
    inModel += performance.now() - from
  }
  const wall = performance.now() - begin
  await session.release()
  const tokens = rows.reduce((sum, row) => sum + row.length, 0)
  return {
    tokensPerSecond: (tokens / wall) * 1000,
    modelShare: inModel / wall,
    embeddingFrom,
    embeddingTo: Date.now(),
    vectors: [...first.slice(0, 4096)],
  }
}
