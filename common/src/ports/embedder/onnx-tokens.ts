import { Worker } from 'node:worker_threads'
import type { OnnxModelFolder } from './onnx-folder.js'
import type { TokenRow } from './onnx-session.js'
import { loadTokenizer } from './onnx-tokenizer.js'
import type { FromTokenWorker, ToTokenWorker } from './onnx-tokens-worker.js'

/** Texts to token ids, within the model's window. */
export interface Tokens {
  encode(texts: readonly string[]): Promise<TokenRow[]>
  close(): Promise<void>
}

/** On the caller's own thread, when it is asked. */
export function tokensHere(model: OnnxModelFolder): Tokens {
  const tokenizer = loadTokenizer(model.tokenizerFile, model.tokenizerConfigFile)
  return { encode: async (texts) => texts.map((text) => tokenizer.encode(text, model.max_tokens)), close: async () => {} }
}

/** In a thread of its own: a GPU eats tokens about as fast as one thread makes them, so it must not wait for them. */
export function tokensInThread(model: OnnxModelFolder): Tokens {
  const worker = new Worker(new URL('./onnx-tokens-worker.js', import.meta.url), { workerData: model })
  const waiting: { resolve: (rows: TokenRow[]) => void; reject: (error: unknown) => void }[] = []
  let ended: Error | null = null
  const end = (error: Error): void => {
    ended ??= error
    for (const { reject } of waiting.splice(0)) reject(ended)
  }
  // Answers come in the order of the questions.
  worker.on('message', ({ ids, ends }: FromTokenWorker) => {
    waiting.shift()?.resolve(Array.from(ends, (to, i) => ids.subarray(i === 0 ? 0 : ends[i - 1], to)))
  })
  worker.on('error', end)
  worker.once('exit', () => end(new Error('the thread that makes tokens has stopped')))
  return {
    encode: (texts) =>
      new Promise((resolve, reject) => {
        if (ended !== null) return reject(ended)
        waiting.push({ resolve, reject })
        worker.postMessage(texts satisfies ToTokenWorker)
      }),
    close: async () => void (await worker.terminate()),
  }
}
