/** Measures one provider: a training step and its gradient, vectors, embedding. Alone in a process, because a provider may crash it. Run by `gpu.ts` only. */
import { batchesByLength, BATCH_SHAPES, type BatchShape } from '@doctown/common/ports/embedder/onnx-batches.js'
import { readOnnxFolder } from '@doctown/common/ports/embedder/onnx-folder.js'
import { GPU_BATCH_TOKENS, openProvider, type TokenRow } from '@doctown/common/ports/embedder/onnx-session.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { probeStep } from '../../src/stages/train/network/probe-step.js'
import type { TrainingProvider } from '../../src/stages/train/structure-model.js'

export interface ProviderTask {
  readonly provider: TrainingProvider
  readonly folder: string
  readonly threads: number
  /** How long to embed; one batch at least. */
  readonly seconds: number
  readonly isSoftware: boolean
}
export interface ProviderReport {
  readonly openMs: number
  /** Of the first batch of the timed ones, run once before the clock: shaders are made, memory is taken. */
  readonly firstBatchMs: number
  /** The median batch. */
  readonly batchMs: number
  readonly batchTokens: number
  readonly tokensPerSecond: number
  /** Share of the time that was spent in the model; the rest is our own work between two batches. */
  readonly modelShare: number
  readonly vectors: readonly number[]
  readonly gradient: readonly number[]
  readonly stepMs: number
}
export type FromProviderChild = { readonly report: ProviderReport } | { readonly reason: string }

/** Texts of one round; as many tokens as a few of a GPU's batches. */
const TEXTS = 1024
/** A software adapter takes seconds for what a GPU does in a millisecond. */
const SOFTWARE: { shape: BatchShape; texts: number } = { shape: { mostTokens: 256, callTokens: 16 }, texts: 4 }
const PROBES = 3

// `as`: gpu.ts starts this file, with exactly this.
const { provider, folder, threads, seconds, isSoftware } = JSON.parse(process.argv[2] ?? '') as ProviderTask

try {
  const report: ProviderReport = { ...(await train()), ...(await embedInLargeBatches()) }
  send({ report })
} catch (error) {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  // ONNX Runtime begins with where in its sources it happened.
  send({ reason: message.replace(/^\/\S+ .* was false\. /, '').slice(0, 400) })
}

function send(message: FromProviderChild): void {
  process.send?.(message)
}

async function train(): Promise<Pick<ProviderReport, 'gradient' | 'stepMs'>> {
  let stepMs = Infinity
  let gradient: ArrayLike<number> = []
  for (let i = 0; i < (isSoftware ? 1 : PROBES); i++) {
    const probe = await probeStep({ provider, threads, random: createRandom(1) })
    stepMs = Math.min(stepMs, probe.milliseconds)
    gradient = probe.gradient
  }
  return { gradient: Array.from(gradient), stepMs }
}

/** Smaller ones where the memory does not suffice, as the embedder does. */
async function embedInLargeBatches(): Promise<Omit<ProviderReport, 'gradient' | 'stepMs'>> {
  if (isSoftware) return embed(SOFTWARE.shape)
  if (provider === 'cpu') return embed(BATCH_SHAPES.cpu)
  let failure: unknown
  for (const mostTokens of GPU_BATCH_TOKENS) {
    try {
      return await embed({ ...BATCH_SHAPES.gpu, mostTokens })
    } catch (error) {
      failure ??= error
    }
  }
  throw failure
}

async function embed(shape: BatchShape): Promise<Omit<ProviderReport, 'gradient' | 'stepMs'>> {
  const model = readOnnxFolder(folder)
  const opening = performance.now()
  const session = await openProvider(model, provider, { threads, shape })
  const openMs = performance.now() - opening

  const random = createRandom(2)
  const row = (length: number): TokenRow => Int32Array.from({ length }, () => 1 + Math.floor(random() * 90))
  // The same texts whatever the provider.
  const vectors = await session.run([3, 17, 40, 64].map((length) => row(Math.min(length, model.max_tokens))))
  const texts = Array.from({ length: isSoftware ? SOFTWARE.texts : TEXTS }, () => row(8 + Math.floor(random() * (model.max_tokens - 8))))
  const batches = batchesByLength(
    texts.map(({ length }) => length),
    shape,
  ).map((places) => places.map((i) => texts[i]!))
  const first = performance.now()
  await session.run(batches[0]!)
  const firstBatchMs = performance.now() - first
  // Every shape once, so that no shader is made on the clock; a CPU has none to make.
  if (provider !== 'cpu' && !isSoftware) for (const batch of batches) await session.run(batch)

  const times: number[] = []
  let [tokens, padded] = [0, 0]
  const begin = performance.now()
  for (let i = 0; times.length === 0 || performance.now() - begin < seconds * 1000; i = (i + 1) % batches.length) {
    const batch = batches[i]!
    const from = performance.now()
    await session.run(batch)
    times.push(performance.now() - from)
    tokens += batch.reduce((sum, { length }) => sum + length, 0)
    padded += batch.length * batch[0]!.length
  }
  const wall = performance.now() - begin
  await session.close()
  const inModel = times.reduce((sum, ms) => sum + ms, 0)
  return {
    openMs,
    firstBatchMs,
    batchMs: times.sort((a, b) => a - b)[times.length >> 1]!,
    batchTokens: padded / times.length,
    tokensPerSecond: (tokens / wall) * 1000,
    modelShare: inModel / wall,
    vectors: [...vectors],
  }
}
