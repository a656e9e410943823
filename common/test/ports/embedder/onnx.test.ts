import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DoctownError } from '../../../src/contracts/errors.js'
import { createOnnxEmbedder } from '../../../src/ports/embedder/onnx.js'
import { pool } from '../../../src/ports/embedder/onnx-session.js'
import { loadTokenizer } from '../../../src/ports/embedder/onnx-tokenizer.js'
import { repositoryRoot } from '../../../src/runtime/repository-root.js'
import { describeEmbedder, dot } from './conformance.js'

/** A transformer of random weights, 38 KB, made by make_model.py beside it. */
const folder = join(repositoryRoot(), 'common/test/fixtures/tiny-onnx')
const open = (path = folder) => createOnnxEmbedder({ folder: path, gpu: 'false', threads: 1 })

describeEmbedder('onnx (the fixture model, on the CPU)', () => open())

interface Golden {
  readonly text: string
  readonly token_ids: readonly number[]
  readonly mean: readonly number[]
  readonly cls: readonly number[]
  readonly last: readonly number[]
}

describe('onnx embedder', () => {
  let golden: readonly Golden[]
  let copy: string
  before(async () => {
    const text = await readFile(join(folder, 'golden.jsonl'), 'utf8')
    golden = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Golden)
  })
  beforeEach(async () => {
    copy = await mkdtemp(join(tmpdir(), 'doctown-onnx-'))
    await cp(folder, copy, { recursive: true })
  })
  afterEach(() => rm(copy, { recursive: true }))

  const change = async (facts: Record<string, unknown>): Promise<void> => {
    const path = join(copy, 'model.json')
    await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), ...facts }))
  }

  it("gives the reference tokenizer's ids, whatever truncation tokenizer.json carries", () => {
    const tokenizer = loadTokenizer(join(folder, 'tokenizer.json'), null)
    for (const { text, token_ids } of golden) assert.deepEqual(tokenizer.encode(text, 48), token_ids)
    assert.ok(
      golden.some(({ token_ids }) => token_ids.length === 48),
      'one text is cut',
    )
  })

  for (const pooling of ['mean', 'cls', 'last'] as const) {
    it(`reproduces the golden vectors of ${pooling} pooling`, async () => {
      await change({ pooling })
      const embedder = await open(copy)
      const vectors = await embedder.embedDocuments(golden)
      golden.forEach((item, i) => assert.ok(dot(vectors.subarray(i * 32, (i + 1) * 32), item[pooling]) >= 0.9999, item.text))
      await embedder.close()
    })
  }

  it('puts each prefix before its own kind of text', async () => {
    await change({ query_prefix: 'the queue ', document_prefix: 'a file ' })
    const [plain, prefixed] = [await open(), await open(copy)]
    assert.deepEqual(await prefixed.embedQueries(['of tokens']), await plain.embedQueries(['the queue of tokens']))
    assert.deepEqual(await prefixed.embedDocuments([{ text: 'of tokens' }]), await plain.embedQueries(['a file of tokens']))
    await Promise.all([plain.close(), prefixed.close()])
  })

  it('opens a folder that has config files in place of model.json', async () => {
    await rm(join(copy, 'model.json'))
    await writeFile(
      join(copy, 'config.json'),
      JSON.stringify({ _name_or_path: 'someone/tiny', hidden_size: 32, max_position_embeddings: 48 }),
    )
    await mkdir(join(copy, '1_Pooling'))
    await writeFile(join(copy, '1_Pooling/config.json'), JSON.stringify({ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }))
    await writeFile(join(copy, 'sentence_bert_config.json'), JSON.stringify({ max_seq_length: 48 }))
    const embedder = await open(copy)
    assert.deepEqual(embedder.model, { name: 'tiny', revision: 'unknown', dimensions: 32, max_tokens: 48 })
    const first = golden[0]!
    assert.ok(dot(await embedder.embedDocuments([first]), first.cls) >= 0.9999)
    await embedder.close()
  })

  it('says which providers it tried before the one that works', async () => {
    const told: unknown[] = []
    const log = { info: (_message: string, facts?: Readonly<Record<string, unknown>>) => void told.push(facts?.['provider']) }
    const embedder = await createOnnxEmbedder({ folder, gpu: 'auto', threads: 1, log })
    const order = ['cuda', 'webgpu', 'cpu']
    assert.deepEqual(
      embedder.refused.map(({ provider }) => provider),
      order.slice(0, order.indexOf(embedder.executionProvider)),
    )
    assert.deepEqual(told, order.slice(0, order.indexOf(embedder.executionProvider)))
    await embedder.close()
  })

  it('refuses folders that it cannot run, each with a code', async () => {
    await change({ dimensions: 64 })
    await assert.rejects(open(copy), { code: 'model_invalid' })
    await writeFile(join(copy, 'model.json'), '{}')
    await assert.rejects(open(copy), { code: 'model_invalid' })
    await cp(join(folder, 'model.json'), join(copy, 'model.json'))
    await writeFile(join(copy, 'model.onnx'), 'not a model')
    await assert.rejects(open(copy), { code: 'model_invalid' })
    await rm(join(copy, 'tokenizer.json'))
    await assert.rejects(open(copy), { code: 'model_invalid' })
  })

  it('stops in the middle of its work when the signal aborts', async () => {
    const embedder = await open()
    const reason = new DoctownError('cancelled', 'stop')
    const stop = new AbortController()
    const work = embedder.embedDocuments(
      Array.from({ length: 20_000 }, (_, i) => ({ text: `number of file ${i} ${'read '.repeat(i % 40)}` })),
      { signal: stop.signal },
    )
    setTimeout(() => stop.abort(reason), 50)
    await assert.rejects(work, (error) => error === reason)
    // The thread is free again soon.
    assert.equal((await embedder.embedQueries(['a'])).length, 32)
    await embedder.close()
  })

  it('rejects what waits when it is closed', async () => {
    const embedder = await open()
    const work = embedder.embedDocuments(Array.from({ length: 5_000 }, () => ({ text: 'read the file' })))
    await Promise.all([embedder.close(), assert.rejects(work, { code: 'cancelled' })])
    await assert.rejects(embedder.embedQueries(['a']), { code: 'cancelled' })
  })

  it('counts no padding in any way of pooling', () => {
    const tokens = Float32Array.from([1, 2, 3, 4, 9, 9, 5, 6, 7, 8, 1, 1])
    const shape = { lengths: [2, 3], length: 3, width: 2 }
    const mean = pool(tokens, { ...shape, pooling: 'mean' })
    ;[2, 3, 13 / 3, 5].forEach((value, i) => assert.ok(Math.abs(mean[i]! - value) < 1e-6, `${mean[i]} is ${value}`))
    assert.deepEqual([...pool(tokens, { ...shape, pooling: 'cls' })], [1, 2, 5, 6])
    assert.deepEqual([...pool(tokens, { ...shape, pooling: 'last' })], [3, 4, 1, 1])
  })
})
