/**
 * A transformer folder against its own golden vectors, and its speed:
 *
 *     npm run bench:onnx -- --model <dir with golden.jsonl> [--gpu auto|true|false] [--threads N] [--json]
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createOnnxEmbedder } from '@doctown/common/ports/embedder/onnx.js'
import { benchOptions, refuseBench } from '@doctown/common/test/support/bench-options.js'
import { printReport } from '@doctown/common/test/support/bench-report.js'

interface Golden {
  readonly text: string
  readonly vector: readonly number[]
}

const options = benchOptions({
  bench: import.meta.url,
  required: ['model'],
  options: { model: { type: 'string' }, gpu: { type: 'string', default: 'auto' }, threads: { type: 'string' }, json: { type: 'boolean' } },
})
const gpu = options.gpu
if (gpu !== 'auto' && gpu !== 'true' && gpu !== 'false') refuseBench(import.meta.url, '--gpu is auto, true or false.')

const golden = readFileSync(join(options.model, 'golden.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden) // the shape that the model's README tells
const opening = performance.now()
const embedder = await createOnnxEmbedder({
  folder: options.model,
  gpu,
  threads: options.threads === undefined ? undefined : Number(options.threads),
})
const openMs = performance.now() - opening

const { dimensions } = embedder.model
const vectors = await embedder.embedDocuments(golden)
const cosines = golden.map(({ vector }, i) => cosine(vector, vectors.subarray(i * dimensions, (i + 1) * dimensions)))
// Each text alone, and all of them in the other order, longer ones beside them.
const others = await embedder.embedDocuments([...golden, { text: 'word '.repeat(400) }].reverse())
let apart = 0
for (const [i, text] of golden.entries()) {
  const here = vectors.subarray(i * dimensions, (i + 1) * dimensions)
  const there = golden.length - i
  const alone = await embedder.embedDocuments([text])
  for (const other of [alone, others.subarray(there * dimensions, (there + 1) * dimensions)]) {
    apart = Math.max(apart, ...other.map((value, k) => Math.abs(value - here[k]!)))
  }
}
const texts = Array.from({ length: 8 }, () => golden).flat()
const begin = performance.now()
await embedder.embedDocuments(texts)
const seconds = (performance.now() - begin) / 1000
const tokens = texts.reduce((sum, { text }) => sum + Math.min(embedder.countTokens(text), embedder.model.max_tokens), 0)
await embedder.close()

const least = Math.min(...cosines)
printReport({
  bench: `onnx-${embedder.executionProvider}`,
  figures: [
    { id: 'golden_cosine_least', value: least, unit: 'cosine', floor: 0.9999, ok: least >= 0.9999 },
    { id: 'apart_by_batch_at_most', value: apart, unit: 'absolute', floor: 1e-5, ok: apart <= 1e-5 },
    { id: 'golden_texts', value: golden.length, unit: 'texts', floor: null, ok: true },
    { id: 'open_ms', value: openMs, unit: 'ms', floor: null, ok: true },
    { id: 'texts_per_second', value: texts.length / seconds, unit: 'texts/s', floor: null, ok: true },
    { id: 'tokens_per_second', value: tokens / seconds, unit: 'tokens/s', floor: null, ok: true },
  ],
  json: options.json === true,
})

function cosine(a: readonly number[], b: Float32Array): number {
  let [product, left, right] = [0, 0, 0]
  for (let i = 0; i < b.length; i++) {
    product += a[i]! * b[i]!
    left += a[i]! ** 2
    right += b[i]! ** 2
  }
  return product / Math.sqrt(left * right)
}
