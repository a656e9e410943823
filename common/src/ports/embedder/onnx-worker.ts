/** The thread in which a model runs: `session.run` is synchronous native code and would stop the event loop of its caller. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { asDoctownError, DoctownError } from '../../contracts/errors.js'
import { batchesByLength, type BatchShape } from './onnx-batches.js'
import { readModelBytes, readOnnxFile } from './onnx-file.js'
import type { OnnxModelFolder } from './onnx-folder.js'
import { withFallback } from './onnx-fallback.js'
import { openSession, type GpuChoice, type OnnxProvider, type OpenedSession, type TokenRow } from './onnx-session.js'
import { loadTokenizer } from './onnx-tokenizer.js'
import { tokensHere, tokensInThread } from './onnx-tokens.js'

export interface OnnxWorkerData {
  readonly model: OnnxModelFolder
  readonly gpu: GpuChoice
  readonly threads: number | null
}
export type ToOnnxWorker =
  | { readonly type: 'embed'; readonly id: number; readonly texts: readonly string[] }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'close' }
export type FromOnnxWorker =
  | { readonly type: 'provider'; readonly provider: OnnxProvider; readonly refused: OpenedSession['refused'] }
  | { readonly type: 'ready'; readonly provider: OnnxProvider; readonly refused: OpenedSession['refused'] }
  | { readonly type: 'done'; readonly id: number; readonly vectors: Float32Array }
  | { readonly type: 'failed'; readonly id: number | null; readonly code: string; readonly message: string }

if (parentPort !== null) void main(parentPort)

async function main(port: NonNullable<typeof parentPort>): Promise<void> {
  // workerData is what onnx.ts puts there, this file's only user.
  const { model, gpu, threads } = workerData as OnnxWorkerData
  const post = (message: FromOnnxWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)
  const fail = (id: number | null, error: unknown): void => {
    const { code, message, cause } = asDoctownError(error, 'embedder_unavailable')
    post({ type: 'failed', id, code, message: cause === undefined ? message : `${message} (${String(cause)})` })
  }
  try {
    await refuseForeignTokenizer(model)
    const session = withFallback(await openSession(model, { gpu, threads }), {
      openOnCpu: gpu === 'auto' ? () => openSession(model, { gpu: 'false', threads }) : null,
      told: ({ provider, refused }) => post({ type: 'provider', provider, refused }),
    })
    const tokens = session.provider === 'cpu' ? tokensHere(model) : tokensInThread(model)
    const cancelled = new Set<number>()
    let turn = Promise.resolve()
    port.on('message', (message: ToOnnxWorker) => {
      if (message.type === 'cancel') return void cancelled.add(message.id)
      // A GPU's next texts are made tokens of while it computes.
      const early = message.type === 'embed' && session.provider !== 'cpu' ? tokens.encode(message.texts) : null
      early?.catch(() => {}) // told when its turn comes
      turn = turn.then(async () => {
        if (message.type === 'close') {
          await Promise.all([session.close(), tokens.close()])
          port.close()
          return
        }
        try {
          const vectors = await embedRows(await (early ?? tokens.encode(message.texts)), {
            width: model.dimensions,
            shape: session.shape,
            run: session.run,
            isCancelled: () => cancelled.has(message.id),
          })
          // `vectors` owns its whole buffer.
          post({ type: 'done', id: message.id, vectors }, [vectors.buffer as ArrayBuffer])
        } catch (error) {
          fail(message.id, error)
        } finally {
          cancelled.delete(message.id)
        }
      })
    })
    post({ type: 'ready', provider: session.provider, refused: session.refused })
  } catch (error) {
    fail(null, error)
  }
}

/**
 * A tokenizer with more words than the model has rows is another model's. Found before the first text that has such a word: a CPU then throws
 * in the middle of a job, a GPU reads what lies behind the table. Throws `model_invalid`.
 */
async function refuseForeignTokenizer(model: OnnxModelFolder): Promise<void> {
  const { largestId } = loadTokenizer(model.tokenizerFile, model.tokenizerConfigFile)
  const bytes = await readModelBytes(model.onnxFile)
  let vocabulary: number | null = null
  try {
    if (bytes !== null) vocabulary = readOnnxFile(bytes).vocabulary
  } catch {
    // A file that cannot be read is told by those who open it.
  }
  if (vocabulary === null || largestId === null || largestId < vocabulary) return
  throw new DoctownError(
    'model_invalid',
    `The tokenizer.json in MODEL_PATH does not belong to its model.onnx: it gives ids up to ${largestId}, and the model knows ${vocabulary} tokens. Take both files from one model.`,
  )
}

interface RowsWork {
  readonly width: number
  readonly shape: BatchShape
  readonly run: (batch: readonly TokenRow[]) => Promise<Float32Array>
  readonly isCancelled: () => boolean
}

/** Each row back in its place; between two batches a cancel message may come in. */
async function embedRows(rows: readonly TokenRow[], { width, shape, run, isCancelled }: RowsWork): Promise<Float32Array> {
  const out = new Float32Array(rows.length * width)
  for (const batch of batchesByLength(
    rows.map(({ length }) => length),
    shape,
  )) {
    const vectors = await run(batch.map((i) => rows[i]!))
    batch.forEach((i, row) => out.set(vectors.subarray(row * width, (row + 1) * width), i * width))
    await nextTurn()
    if (isCancelled()) throw new Error('cancelled')
  }
  return out
}
