/** The thread that makes tokens for a GPU. */
import { parentPort, workerData } from 'node:worker_threads'
import type { OnnxModelFolder } from './onnx-folder.js'
import { loadTokenizer } from './onnx-tokenizer.js'

export type ToTokenWorker = readonly string[]
export interface FromTokenWorker {
  /** Of all texts, end to end. */
  readonly ids: Int32Array
  /** Where each text's ids end. */
  readonly ends: Int32Array
}

if (parentPort !== null) {
  const port = parentPort
  // workerData is what onnx-tokens.ts puts there, this file's only user.
  const { tokenizerFile, tokenizerConfigFile, max_tokens } = workerData as OnnxModelFolder
  const tokenizer = loadTokenizer(tokenizerFile, tokenizerConfigFile)
  port.on('message', (texts: ToTokenWorker) => {
    const rows = texts.map((text) => tokenizer.encode(text, max_tokens))
    const ends = new Int32Array(rows.length)
    rows.forEach((row, i) => (ends[i] = (ends[i - 1] ?? 0) + row.length))
    const ids = new Int32Array(ends.at(-1) ?? 0)
    rows.forEach((row, i) => ids.set(row, ends[i]! - row.length))
    port.postMessage({ ids, ends } satisfies FromTokenWorker, [ids.buffer, ends.buffer])
  })
}
