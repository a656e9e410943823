import assert from 'node:assert/strict'
import { watchEventLoop } from '../../support/event-loop.js'
import { DoctownError } from '../../../src/contracts/errors.js'
import type { Embedder } from '../../../src/ports/embedder/port.js'

const TEXTS = [
  'fn open(path: &str) -> Result<File> { File::open(path) }',
  'Returns the number of values in the queue',
  'struct Lock { value: u8 }',
  'enum Token { Number, Name, End }',
  'x',
]

/** The promises of `ports/embedder/port.ts`, tried on a real adapter. */
export function describeEmbedder(title: string, make: () => Promise<Embedder>): void {
  describe(`embedder: ${title}`, () => {
    let embedder: Embedder
    before(async () => (embedder = await make()))
    after(() => embedder.close())

    const documents = (texts: readonly string[]): Promise<Float32Array> => embedder.embedDocuments(texts.map((text) => ({ text })))
    const row = (vectors: Float32Array, i: number): Float32Array =>
      vectors.subarray(i * embedder.model.dimensions, (i + 1) * embedder.model.dimensions)

    it('says which model it is', () => {
      assert.notEqual(embedder.model.name, '')
      assert.ok(embedder.model.dimensions > 0 && embedder.model.max_tokens > 0)
      assert.ok(['typescript', 'cuda', 'webgpu', 'cpu', 'http'].includes(embedder.executionProvider))
    })

    it('gives a unit vector for each document and each query', async () => {
      for (const vectors of [await documents(TEXTS), await embedder.embedQueries(TEXTS)]) {
        assert.equal(vectors.length, TEXTS.length * embedder.model.dimensions)
        for (const i of TEXTS.keys()) assert.ok(Math.abs(Math.hypot(...row(vectors, i)) - 1) < 1e-4, `length of vector ${i}`)
      }
    })

    it('gives different texts different vectors', async () => {
      const vectors = await documents(TEXTS)
      for (let i = 1; i < TEXTS.length; i++) assert.ok(dot(row(vectors, 0), row(vectors, i)) < 0.999, `texts 0 and ${i}`)
    })

    it('gives the same vector whatever stands beside a text', async () => {
      const together = await documents([...TEXTS, 'word '.repeat(40)])
      const reversed = await documents([...TEXTS].reverse())
      for (const [i, text] of TEXTS.entries()) {
        const alone = await documents([text])
        assert.ok(distance(alone, row(together, i)) <= 1e-5, `text ${i} in a batch`)
        assert.ok(distance(alone, row(reversed, TEXTS.length - 1 - i)) <= 1e-5, `text ${i} in another order`)
      }
    })

    it('answers an empty list with nothing', async () => {
      assert.equal((await documents([])).length, 0)
      assert.equal((await embedder.embedQueries([])).length, 0)
    })

    it('takes any text: empty, longer than the window, not ASCII', async () => {
      const vectors = await documents(['', 'number of files '.repeat(2000), 'Größe 日本語 \u0000 \ud800'])
      assert.ok(vectors.every(Number.isFinite))
    })

    it('counts more tokens in a longer text', () => {
      const [short, long] = [embedder.countTokens('read the file'), embedder.countTokens('read the file and write the file')]
      assert.ok(Number.isInteger(short) && short > 0 && long > short)
    })

    it('rejects with the reason of a signal that is already aborted', async () => {
      const reason = new DoctownError('cancelled', 'stop')
      const signal = AbortSignal.abort(reason)
      await assert.rejects(embedder.embedDocuments([{ text: 'x' }], { signal }), (error) => error === reason)
    })

    it('leaves the event loop free', async () => {
      const loop = watchEventLoop()
      await documents(
        Array.from({ length: 600 }, (_, i) => `${TEXTS[i % TEXTS.length]} ${i} ${'read the value of a token '.repeat(i % 12)}`),
      )
      const longest = loop.stop()
      // 50 ms, doubled for a busy machine.
      assert.ok(longest < 100, `the loop stood still for ${longest.toFixed(0)} ms`)
    })
  })
}

export function dot(a: Float32Array | readonly number[], b: Float32Array | readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

const distance = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))
