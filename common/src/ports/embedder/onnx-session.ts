import { env, InferenceSession, Tensor } from 'onnxruntime-node'
import type { ExecutionProvider } from '../../contracts/embedding.js'
import { DoctownError } from '../../contracts/errors.js'
import { normaliseRows } from '../../runtime/normalise-rows.js'
import type { OnnxModelFolder, Pooling } from './onnx-folder.js'

export type GpuChoice = 'auto' | 'true' | 'false'
export type OnnxProvider = Extract<ExecutionProvider, 'cuda' | 'webgpu' | 'cpu'>

export interface OpenedSession {
  readonly provider: OnnxProvider
  /** Providers that were tried and did not work, in order, with the reason. */
  readonly refused: readonly { readonly provider: OnnxProvider; readonly reason: string }[]
  /** Unit vectors of one batch, row-major. */
  run(batch: readonly (readonly number[])[]): Promise<Float32Array>
  close(): Promise<void>
}

/** A session of two providers at once throws instead of falling back (dependencies.md, section 6), so each is tried alone. */
const ORDER: Readonly<Record<GpuChoice, readonly OnnxProvider[]>> = {
  auto: ['cuda', 'webgpu', 'cpu'],
  true: ['cuda', 'webgpu'],
  false: ['cpu'],
}
/** Two texts of unequal length, so that padding is met too. */
const warmUp = (maxTokens: number): number[][] => [Array.from({ length: Math.min(64, maxTokens) }, (_, i) => (i % 7) + 1), [1, 2, 3]]

/** Opens the first provider whose warm-up works. Throws `gpu_unavailable` or `model_invalid`. */
export async function openSession(model: OnnxModelFolder, options: { gpu: GpuChoice; threads: number | null }): Promise<OpenedSession> {
  env.logLevel = 'fatal' // a provider that is not there is no error, and is told in `refused`
  const refused: { provider: OnnxProvider; reason: string }[] = []
  for (const provider of ORDER[options.gpu]) {
    try {
      const session = await open(model, provider, options.threads)
      if (provider === 'webgpu') await refuseSoftwareAdapter(model, session, options.threads)
      return { provider, refused, run: (batch) => run(session, model, batch), close: () => session.release() }
    } catch (error) {
      refused.push({ provider, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  const reasons = refused.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ')
  if (options.gpu === 'true') {
    throw new DoctownError('gpu_unavailable', 'ONNX_USE_GPU=true, and no GPU works; install its driver, or set ONNX_USE_GPU=auto.', {
      cause: reasons,
    })
  }
  throw new DoctownError(
    'model_invalid',
    'The model.onnx in MODEL_PATH cannot be run; name a sentence-transformers export that fits its model.json.',
    {
      cause: reasons,
    },
  )
}

async function open(model: OnnxModelFolder, provider: OnnxProvider, threads: number | null): Promise<InferenceSession> {
  const session = await InferenceSession.create(model.onnxFile, {
    executionProviders: [provider],
    logSeverityLevel: 4,
    ...(threads === null ? {} : { intraOpNumThreads: threads, interOpNumThreads: 1 }),
  })
  // A session that opens may still fail when it runs.
  const vectors = await run(session, model, warmUp(model.max_tokens))
  if (!vectors.every(Number.isFinite)) throw new Error('the warm-up gave numbers that are not finite')
  return session
}

/** A software adapter counts as WebGPU and is many times slower than the CPU (graph-training.md, section 8). */
async function refuseSoftwareAdapter(model: OnnxModelFolder, session: InferenceSession, threads: number | null): Promise<void> {
  const cpu = await open(model, 'cpu', threads)
  const [ours, theirs] = [
    await timed(() => run(session, model, warmUp(model.max_tokens))),
    await timed(() => run(cpu, model, warmUp(model.max_tokens))),
  ]
  await cpu.release()
  const worst = Math.max(...ours.value.map((value, i) => Math.abs(value - theirs.value[i]!)))
  if (ours.ms <= 2 * theirs.ms && worst < 1e-3) return
  await session.release()
  throw new Error(
    `slower than the CPU or not equal to it (${ours.ms.toFixed(0)} ms against ${theirs.ms.toFixed(0)}, difference ${worst.toExponential(1)})`,
  )
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const begin = performance.now()
  const value = await work()
  return { value, ms: performance.now() - begin }
}

async function run(session: InferenceSession, model: OnnxModelFolder, batch: readonly (readonly number[])[]): Promise<Float32Array> {
  const length = Math.max(...batch.map((ids) => ids.length))
  const ids = new BigInt64Array(batch.length * length)
  const mask = new BigInt64Array(batch.length * length)
  batch.forEach((row, at) => {
    row.forEach((id, i) => (ids[at * length + i] = BigInt(id)))
    mask.fill(1n, at * length, at * length + row.length)
  })
  const shape = [batch.length, length]
  const inputs: Record<string, Tensor> = {
    input_ids: new Tensor('int64', ids, shape),
    attention_mask: new Tensor('int64', mask, shape),
    token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), shape),
  }
  const feeds = Object.fromEntries(session.inputNames.map((name) => [name, inputs[name] ?? unknownInput(name)]))
  const outputs = await session.run(feeds)
  const output = outputs[model.output ?? session.outputNames[0] ?? '']
  if (output === undefined || !(output.data instanceof Float32Array)) throw new Error(`the model has no float output ${model.output ?? ''}`)
  const width = output.dims.at(-1)
  if (width !== model.dimensions) throw new Error(`vectors have ${width} dimensions, the description says ${model.dimensions}`)
  const lengths = batch.map((row) => row.length)
  const pooled =
    output.dims.length === 2 ? Float32Array.from(output.data) : pool(output.data, { lengths, length, width, pooling: model.pooling })
  if (model.normalize) normaliseRows(pooled, width)
  return pooled
}

const unknownInput = (name: string): never => {
  throw new Error(`the model asks for an input "${name}" that a text does not have`)
}

interface TokenShape {
  readonly lengths: readonly number[]
  /** Of the longest row; the others are padded on the right. */
  readonly length: number
  readonly width: number
  readonly pooling: Pooling
}

/** One vector a row out of its tokens' vectors; padding counts in none of the three ways. */
export function pool(tokens: Float32Array, { lengths, length, width, pooling }: TokenShape): Float32Array {
  const out = new Float32Array(lengths.length * width)
  lengths.forEach((count, row) => {
    const [from, to] = pooling === 'mean' ? [0, count] : pooling === 'cls' ? [0, 1] : [count - 1, count]
    for (let token = from; token < to; token++) {
      const start = (row * length + token) * width
      for (let i = 0; i < width; i++) out[row * width + i]! += tokens[start + i]! / (to - from)
    }
  })
  return out
}
