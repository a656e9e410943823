import type { Chunk } from '@doctown/common/contracts/chunk.js'
import type { EmbeddedChunk } from '@doctown/common/contracts/embedding.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { ChunkId, SymbolId } from '@doctown/common/contracts/ids.js'
import { createDeterministicEmbedder } from '@doctown/common/ports/embedder/deterministic.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EmbedPorts } from '../../../src/pipeline/stage-io.js'
import type { StageContext } from '../../../src/pipeline/stage.js'
import { BATCH_CHUNKS } from '../../../src/stages/embed/embed-stream.js'
import { embedStage } from '../../../src/stages/embed/stage.js'
import { stageContext } from '../context.js'

function chunk(i: number, facts: Partial<Chunk> = {}): Chunk {
  return {
    // Tests name ids as plain text; the brand only keeps production code from mixing kinds of ids.
    chunk_id: `src/a.rs#f${i}@0` as ChunkId,
    symbol_id: `src/a.rs#f${i}` as SymbolId,
    file: 'src/a.rs',
    start_line: i + 1,
    end_line: i + 2,
    text: `a::f${i}\nfn f${i}() {}`,
    fields: { name: `f${i}`, path: 'a', head: `fn f${i}()`, body: '{}', docs: '', marks: ['kind:function'] },
    tokens: 8,
    ...facts,
  }
}

async function* chunks(count: number, onPull: (i: number) => void = () => {}): AsyncGenerator<Chunk> {
  for (let i = 0; i < count; i++) {
    onPull(i)
    yield chunk(i)
  }
}

async function run(input: AsyncIterable<Chunk>, context: StageContext<EmbedPorts>): Promise<EmbeddedChunk[]> {
  const out: EmbeddedChunk[] = []
  for await (const item of await embedStage.run(input, context)) out.push(item)
  return out
}

const small = createDeterministicEmbedder({ dimensions: 16 })
const text = createDeterministicEmbedder({ dimensions: 24, maxTokens: 12 })

/** `embedDocuments` as `inner` does it, after `before` has resolved. */
const embedderThat = (before: (signal: AbortSignal | undefined) => Promise<unknown>, inner = small): Embedder => ({
  ...inner,
  embedDocuments: async (documents, options) => {
    await before(options?.signal)
    return inner.embedDocuments(documents, options)
  },
})

describe('embed stage', () => {
  it('gives each chunk its own vectors, in the order of the chunks, whatever the size of the stream', async () => {
    for (const count of [0, 1, BATCH_CHUNKS, 3 * BATCH_CHUNKS + 5]) {
      const out = await run(chunks(count), stageContext({ small, text }))
      assert.deepEqual(
        out.map((item) => item.chunk.start_line),
        Array.from({ length: count }, (_, i) => i + 1),
      )
      for (const i of [0, count >> 1, count - 1].filter((at) => at >= 0 && at < count)) {
        const alone = await small.embedDocuments([chunk(i)])
        assert.deepEqual(out[i]?.small, alone)
        assert.equal(out[i]?.text?.length, 24)
      }
    }
  })

  it('keeps what chunks.json lists, and its output passes its own schema', async () => {
    const [first] = await run(chunks(1), stageContext({ small, text: null }))
    assert.deepEqual(Object.keys(first?.chunk ?? {}), ['chunk_id', 'symbol_id', 'file', 'start_line', 'end_line'])
    assert.equal(first?.text, null)
    embedStage.output.parse(first)
  })

  it('hands the fields to the built-in model', async () => {
    const table = await createStaticTableEmbedder({ folder: join(repositoryRoot(), 'common/models/small') })
    const bare = { ...chunk(0), fields: { ...chunk(0).fields, marks: [], docs: 'Opens a connection' } }
    const out = await run(
      (async function* () {
        yield chunk(0)
        yield bare
      })(),
      stageContext({ small: table, text: null }),
    )
    assert.notDeepEqual(out[0]?.small, out[1]?.small)
  })

  it('tells how many tokens of a chunk did not fit the window', async () => {
    const long = chunk(0, { text: 'word '.repeat(20), tokens: 20 })
    const out = await run(
      (async function* () {
        yield long
        yield chunk(1)
      })(),
      stageContext({ small, text }),
    )
    assert.deepEqual(
      out.map((item) => item.truncated_tokens),
      [8, 0],
    )
  })

  it('pulls no more than a few batches ahead of its reader', async () => {
    let pulled = 0
    const stream = await embedStage.run(
      chunks(50 * BATCH_CHUNKS, () => pulled++),
      stageContext({ small, text: null }),
    )
    for await (const item of stream) {
      if (item.chunk.start_line === 1) await sleep(20)
      assert.ok(pulled <= item.chunk.start_line + 5 * BATCH_CHUNKS, `${pulled} pulled at ${item.chunk.start_line}`)
      if (item.chunk.start_line > 2 * BATCH_CHUNKS) break
    }
    assert.ok(pulled < 8 * BATCH_CHUNKS)
  })

  it('gives a GPU batches that grow from small to eight times as large, each chunk once and in its place', async () => {
    const sizes: number[] = []
    const gpu: Embedder = {
      ...small,
      executionProvider: 'webgpu',
      embedDocuments: (documents, options) => (sizes.push(documents.length), small.embedDocuments(documents, options)),
    }
    const out = await run(chunks(3000), stageContext({ small, text: gpu }))
    assert.deepEqual(sizes, [128, 256, 512, 1024, 1024, 56])
    assert.ok(out.every((item, i) => item.chunk.start_line === i + 1))
    assert.deepEqual(out[2999]?.text, out[2999]?.small)
  })

  it('closes its source and stops the batches ahead when the reader walks away', async () => {
    let closed = false
    const aborted: boolean[] = []
    const source = async function* (): AsyncGenerator<Chunk> {
      try {
        yield* chunks(20 * BATCH_CHUNKS)
      } finally {
        closed = true
      }
    }
    let first = true
    const slow = embedderThat(async (signal) => {
      if (first) return void (first = false)
      await sleep(5_000, undefined, { signal }).catch(() => aborted.push(true))
    })
    for await (const _ of await embedStage.run(source(), stageContext({ small: slow, text: null }))) break
    assert.ok(closed)
    assert.ok(aborted.length > 0)
  })

  it("ends with the signal's reason in the middle of a batch", async () => {
    const stop = new AbortController()
    const reason = new DoctownError('cancelled', 'stop')
    const slow = embedderThat(async (signal) => {
      setTimeout(() => stop.abort(reason), 10)
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
    })
    await assert.rejects(run(chunks(500), stageContext({ small: slow, text: null }, { signal: stop.signal })), (error) => error === reason)
  })

  it('fails with the error of the embedder, and refuses vectors that are not numbers', async () => {
    const broken = embedderThat(() => Promise.reject(new DoctownError('embedder_unavailable', 'gone')))
    await assert.rejects(run(chunks(1000), stageContext({ small, text: broken })), { code: 'embedder_unavailable' })
    const nan: Embedder = { ...small, embedDocuments: async (documents) => new Float32Array(documents.length * 16).fill(NaN) }
    await assert.rejects(run(chunks(3), stageContext({ small: nan, text: null })), { code: 'embedder_unavailable' })
  })
})
