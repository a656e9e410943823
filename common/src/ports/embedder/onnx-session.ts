import { env, InferenceSession, Tensor } from 'onnxruntime-node'
import type { ExecutionProvider } from '../../contracts/embedding.js'
import { DoctownError } from '../../contracts/errors.js'
import { normaliseRows } from '../../runtime/normalise-rows.js'
import { readModelBytes } from './onnx-file.js'
import type { OnnxModelFolder, Pooling } from './onnx-folder.js'
import { BATCH_SHAPES, type BatchShape } from './onnx-batches.js'
import { POOL_INPUT, POOL_OUTPUT, poolShares, withPooling } from './onnx-pooling.js'

export type GpuChoice = 'auto' | 'true' | 'false'
export type OnnxProvider = Extract<ExecutionProvider, 'cuda' | 'webgpu' | 'cpu'>

export type TokenRow = ArrayLike<number>

export interface OpenedSession {
  readonly provider: OnnxProvider
  /** Providers that were tried and did not work, in order, with the reason. */
  readonly refused: readonly { readonly provider: OnnxProvider; readonly reason: string }[]
  /** What its batches should be like. */
  readonly shape: BatchShape
  /** Unit vectors of one batch, row-major. */
  run(batch: readonly TokenRow[]): Promise<Float32Array>
  close(): Promise<void>
}

/** A session of two providers at once throws instead of falling back (dependencies.md, section 6), so each is tried alone. */
const ORDER: Readonly<Record<GpuChoice, readonly OnnxProvider[]>> = {
  auto: ['cuda', 'webgpu', 'cpu'],
  true: ['cuda', 'webgpu'],
  false: ['cpu'],
}
/** Of a GPU's batches, the first that it has memory for. 32,768 tokens of MiniLM take about a gigabyte. */
export const GPU_BATCH_TOKENS = [BATCH_SHAPES.gpu.mostTokens, 8192, 2048]
/** Tokens of the batches that a WebGPU adapter is held against the CPU with: a real GPU may lose on the first and wins on the last. */
const TRIALS = [128, 1024, 8192]
/** Times the CPU's; then the adapter is software, and a larger batch would only take longer. */
const HOPELESS = 30
/** Lengths on a GPU are multiples of this: fewer shapes, each with its own shaders, and rows that it reads four numbers at a time. */
const GPU_LENGTH_STEP = 8

/** Two texts of unequal length, so that padding is met too. */
const warmUp = (maxTokens: number): number[][] => [Array.from({ length: Math.min(64, maxTokens) }, (_, i) => (i % 7) + 1), [1, 2, 3]]

/** Opens the first provider whose warm-up works. Throws `gpu_unavailable` or `model_invalid`. */
export async function openSession(model: OnnxModelFolder, options: { gpu: GpuChoice; threads: number | null }): Promise<OpenedSession> {
  env.logLevel = 'fatal' // a provider that is not there is no error, and is told in `refused`
  const refused: { provider: OnnxProvider; reason: string }[] = []
  for (const provider of ORDER[options.gpu]) {
    try {
      return { refused, ...(await (provider === 'cpu' ? onCpu : onGpu)(model, provider, options.threads)) }
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

type Session = Omit<OpenedSession, 'refused'>

async function onCpu(model: OnnxModelFolder, provider: OnnxProvider, threads: number | null): Promise<Session> {
  return asSession(await open(model, provider, threads), BATCH_SHAPES.cpu)
}

/** With the largest batches that it has the memory for. */
async function onGpu(model: OnnxModelFolder, provider: OnnxProvider, threads: number | null): Promise<Session> {
  let isProven = provider !== 'webgpu'
  let failure: unknown
  for (const mostTokens of GPU_BATCH_TOKENS) {
    const opened = await open(model, provider, threads)
    if (!isProven) await refuseSoftwareAdapter(opened, await open(model, 'cpu', threads))
    isProven = true
    try {
      await run(opened, batchOf(mostTokens, model))
      return asSession(opened, { ...BATCH_SHAPES.gpu, mostTokens })
    } catch (error) {
      failure = error
      // After memory ran out a session may be of no more use.
      await opened.session.release().catch(() => {})
    }
  }
  throw failure
}

/** A provider as it is, unproven: for a bench. Throws what ONNX Runtime throws. */
export async function openProvider(model: OnnxModelFolder, provider: OnnxProvider, options: { threads: number | null; shape: BatchShape }) {
  env.logLevel = 'fatal'
  return asSession(await open(model, provider, options.threads), options.shape)
}

interface Opened {
  readonly session: InferenceSession
  readonly provider: OnnxProvider
  readonly model: OnnxModelFolder
  /** Vectors of texts come out, not of tokens. */
  readonly poolsItself: boolean
}

const asSession = (opened: Opened, shape: BatchShape): Session => ({
  provider: opened.provider,
  shape,
  run: (batch) => run(opened, batch),
  close: () => opened.session.release(),
})

async function open(model: OnnxModelFolder, provider: OnnxProvider, threads: number | null): Promise<Opened> {
  const bytes = await readModelBytes(model.onnxFile)
  const pooling = bytes === null ? null : withPooling(bytes, model.output)
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    logSeverityLevel: 4,
    ...(threads === null ? {} : { intraOpNumThreads: threads, interOpNumThreads: 1 }),
  }
  const session = await (pooling === null ? InferenceSession.create(model.onnxFile, options) : InferenceSession.create(pooling, options))
  const opened = { session, provider, model, poolsItself: pooling !== null }
  // A session that opens may still fail when it runs.
  const vectors = await run(opened, warmUp(model.max_tokens))
  if (!vectors.every(Number.isFinite)) throw new Error('the warm-up gave numbers that are not finite')
  return opened
}

function batchOf(tokens: number, { max_tokens }: OnnxModelFolder): TokenRow[] {
  const [row] = warmUp(max_tokens)
  return Array.from({ length: Math.ceil(tokens / row!.length) }, () => row!)
}

/** A software adapter counts as WebGPU and is many times slower than the CPU (graph-training.md, section 8). Ends both sessions if it is one. */
async function refuseSoftwareAdapter(opened: Opened, cpu: Opened): Promise<void> {
  let seen = ''
  try {
    for (const tokens of TRIALS) {
      const batch = batchOf(tokens, opened.model)
      // The first run of a shape makes its shaders.
      await run(opened, batch)
      const ours = await timed(() => run(opened, batch))
      const theirs = await timed(() => run(cpu, batch))
      const worst = Math.max(...ours.value.map((value, i) => Math.abs(value - theirs.value[i]!)))
      if (!(worst < 1e-3)) throw new Error(`its vectors are not the CPU's: ${worst.toExponential(1)} apart`)
      if (ours.ms <= theirs.ms) return
      seen = `${ours.ms.toFixed(0)} ms for ${tokens} tokens, the CPU ${theirs.ms.toFixed(0)} ms`
      if (ours.ms > HOPELESS * theirs.ms) break
    }
    throw new Error(`slower than the CPU: ${seen}`)
  } catch (error) {
    await opened.session.release()
    throw error
  } finally {
    await cpu.session.release()
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const begin = performance.now()
  const value = await work()
  return { value, ms: performance.now() - begin }
}

async function run({ session, provider, model, poolsItself }: Opened, batch: readonly TokenRow[]): Promise<Float32Array> {
  const lengths = batch.map((row) => row.length)
  const step = provider === 'cpu' ? 1 : GPU_LENGTH_STEP
  const length = Math.min(model.max_tokens, Math.ceil(Math.max(...lengths) / step) * step)
  const wanted = poolsItself ? POOL_OUTPUT : (model.output ?? session.outputNames[0] ?? '')
  const outputs = await session.run(feeds(session, model, { batch, lengths, length }), [wanted])
  const output = outputs[wanted]
  // On a GPU the numbers may still be there.
  const data = await output?.getData()
  if (output === undefined || !(data instanceof Float32Array)) throw new Error(`the model has no float output ${wanted}`)
  const width = output.dims.at(-1)
  if (width !== model.dimensions) throw new Error(`vectors have ${width} dimensions, the description says ${model.dimensions}`)
  const pooled =
    output.dims.length === 2 || poolsItself ? Float32Array.from(data) : pool(data, { lengths, length, width, pooling: model.pooling })
  if (model.normalize) normaliseRows(pooled, width)
  return pooled
}

interface Padded {
  readonly batch: readonly TokenRow[]
  readonly lengths: readonly number[]
  /** Of the longest row; the others are padded on the right. */
  readonly length: number
}

/** The inputs that the model asks for. */
function feeds(session: InferenceSession, model: OnnxModelFolder, { batch, lengths, length }: Padded): Record<string, Tensor> {
  const shape = [batch.length, length]
  const whole = (fill: (half: Int32Array) => void): Tensor => {
    // Ids are small: the low halves of 64-bit numbers, which are many times slower to write one by one as BigInt.
    const numbers = new BigInt64Array(batch.length * length)
    fill(new Int32Array(numbers.buffer))
    return new Tensor('int64', numbers, shape)
  }
  const inputs: Record<string, () => Tensor> = {
    input_ids: () =>
      whole((half) => {
        for (const [at, row] of batch.entries()) for (let i = 0; i < row.length; i++) half[2 * (at * length + i)] = row[i]!
      }),
    attention_mask: () =>
      whole((half) => {
        for (const [at, count] of lengths.entries()) for (let i = 0; i < count; i++) half[2 * (at * length + i)] = 1
      }),
    token_type_ids: () => whole(() => {}),
    [POOL_INPUT]: () => new Tensor('float32', poolShares(lengths, length, model.pooling), [batch.length, 1, length]),
  }
  return Object.fromEntries(session.inputNames.map((name) => [name, (inputs[name] ?? unknownInput(name))()]))
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

/** One vector a row out of its tokens' vectors, for a model that `withPooling` could not add to; padding counts in none of the three ways. */
export function pool(tokens: Float32Array, { lengths, length, width, pooling }: TokenShape): Float32Array {
  const shares = poolShares(lengths, length, pooling)
  const out = new Float32Array(lengths.length * width)
  for (let row = 0; row < lengths.length; row++) {
    for (let token = row * length; token < (row + 1) * length; token++) {
      const share = shares[token]!
      if (share !== 0) for (let i = 0; i < width; i++) out[row * width + i]! += share * tokens[token * width + i]!
    }
  }
  return out
}
