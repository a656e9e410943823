import { Worker } from 'node:worker_threads'
import { DoctownError, ERROR_TABLE, type ErrorCode } from '../../contracts/errors.js'
import type { StructuredLog } from '../../runtime/log.js'
import { readOnnxFolder } from './onnx-folder.js'
import type { GpuChoice, OnnxProvider, OpenedSession } from './onnx-session.js'
import { loadTokenizer } from './onnx-tokenizer.js'
import type { FromOnnxWorker, OnnxWorkerData, ToOnnxWorker } from './onnx-worker.js'
import type { EmbedOptions, Embedder } from './port.js'

export interface OnnxEmbedderOptions {
  /** A sentence-transformers folder: model.onnx, tokenizer.json, and model.json or the library's config files. */
  readonly folder: string
  /** `ONNX_USE_GPU`: `auto` tries cuda, webgpu, cpu; `true` refuses to start without a GPU; `false` is the CPU. */
  readonly gpu: GpuChoice
  /** Threads of one operation on the CPU; by default as many as there are cores. */
  readonly threads?: number
  /** Told of each provider that does not work here. */
  readonly log?: Pick<StructuredLog, 'info'>
}

export interface OnnxEmbedder extends Embedder {
  /** Providers that did not work on this machine, and why. */
  readonly refused: readonly { readonly provider: OnnxProvider; readonly reason: string }[]
}

/** A transformer in a worker thread of its own. Throws `model_invalid` and `gpu_unavailable`; later `embedder_unavailable`. */
export async function createOnnxEmbedder({ folder, gpu, threads, log }: OnnxEmbedderOptions): Promise<OnnxEmbedder> {
  const model = readOnnxFolder(folder)
  const tokenizer = loadTokenizer(model.tokenizerFile, model.tokenizerConfigFile)
  const workerData: OnnxWorkerData = { model, gpu, threads: threads ?? null }
  let [provider, refused]: [OnnxProvider, OpenedSession['refused']] = ['cpu', []]
  const thread = new OnnxThread(new Worker(new URL('./onnx-worker.js', import.meta.url), { workerData }), (now) => {
    for (const facts of now.refused.slice(refused.length)) log?.info('execution provider not used', facts)
    ;({ provider, refused } = now)
  })
  await thread.ready
  const refusedAtStart = refused.length
  const { name, revision, dimensions, max_tokens } = model

  return {
    model: { name, revision, dimensions, max_tokens },
    get executionProvider() {
      return provider
    },
    get fallbacks() {
      return refused.slice(refusedAtStart)
    },
    get refused() {
      return refused
    },
    // With the prefix it will be embedded with: a chunk that fits here fits the window.
    countTokens: (text) => tokenizer.count(model.documentPrefix + text, max_tokens),
    embedDocuments: (documents, options) =>
      thread.embed(
        documents.map(({ text }) => model.documentPrefix + text),
        options,
      ),
    embedQueries: (queries, options) =>
      thread.embed(
        queries.map((query) => model.queryPrefix + query),
        options,
      ),
    close: () => thread.close(),
  }
}

interface Waiting {
  readonly resolve: (vectors: Float32Array) => void
  readonly reject: (error: unknown) => void
}

/** Messages to the thread and back; when it dies, whoever waits is told. */
class OnnxThread {
  readonly ready: Promise<Extract<FromOnnxWorker, { type: 'ready' }>>
  readonly #waiting = new Map<number, Waiting>()
  readonly #exited: Promise<void>
  #nextId = 0
  #ended: DoctownError | null = null

  constructor(
    private readonly worker: Worker,
    onProvider: (now: Pick<Extract<FromOnnxWorker, { type: 'ready' }>, 'provider' | 'refused'>) => void,
  ) {
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()))
    this.ready = new Promise((resolve, reject) => {
      worker.on('message', (message: FromOnnxWorker) => {
        if (message.type === 'provider') onProvider(message)
        else if (message.type === 'ready') {
          onProvider(message)
          resolve(message)
        } else if (message.type === 'done') this.#take(message.id)?.resolve(message.vectors)
        else if (message.id === null) reject(failure(message))
        else this.#take(message.id)?.reject(failure(message))
      })
      worker.on('error', (error) => this.#end(stopped(error)))
      worker.once('exit', () => {
        this.#end(stopped())
        reject(stopped())
      })
    })
    // A thread that could not start has nothing more to do.
    this.ready.catch(() => worker.terminate())
  }

  async embed(texts: readonly string[], { signal }: EmbedOptions = {}): Promise<Float32Array> {
    signal?.throwIfAborted()
    if (this.#ended !== null) throw this.#ended
    if (texts.length === 0) return new Float32Array(0)
    const id = this.#nextId++
    const cancel = (): void => {
      this.#take(id)?.reject(signal?.reason)
      this.#post({ type: 'cancel', id })
    }
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      return await new Promise<Float32Array>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        this.#post({ type: 'embed', id, texts })
      })
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** Waits for the batch that runs: a thread ended inside native code takes the process with it. */
  async close(): Promise<void> {
    for (const id of this.#waiting.keys()) this.#post({ type: 'cancel', id })
    this.#end(new DoctownError('cancelled', 'The embedder was closed.'))
    this.#post({ type: 'close' })
    await this.#exited
  }

  #post(message: ToOnnxWorker): void {
    this.worker.postMessage(message)
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  #end(error: DoctownError): void {
    this.#ended ??= error
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(this.#ended)
  }
}

const stopped = (cause?: unknown): DoctownError =>
  new DoctownError('embedder_unavailable', 'The thread that runs the model has stopped; the job is tried again.', { cause })

function failure({ code, message }: { code: string; message: string }): DoctownError {
  const known: ErrorCode = code in ERROR_TABLE ? (code as ErrorCode) : 'embedder_unavailable' // checked in the same line
  return new DoctownError(known, message)
}
