import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withFallback } from '../../../src/ports/embedder/onnx-fallback.js'
import { readOnnxFolder } from '../../../src/ports/embedder/onnx-folder.js'
import { openSession } from '../../../src/ports/embedder/onnx-session.js'
import { loadTokenizer } from '../../../src/ports/embedder/onnx-tokenizer.js'
import { createOnnxEmbedder, type OnnxEmbedder } from '../../../src/ports/embedder/onnx.js'
import { repositoryRoot } from '../../../src/runtime/repository-root.js'
import { WORD_WITHOUT_NUMBERS, writeTableModel } from '../../support/table-model.js'
import { dot } from './conformance.js'

const FIXTURE = join(repositoryRoot(), 'common/test/fixtures/tiny-onnx')

describe('onnx embedder, bad models and bad texts', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctown-bad-model-'))
    await cp(FIXTURE, folder, { recursive: true })
  })
  afterEach(() => rm(folder, { recursive: true }))

  const open = (): Promise<OnnxEmbedder> => createOnnxEmbedder({ folder, gpu: 'false', threads: 1 })
  const refused = (about: RegExp): Promise<void> => assert.rejects(open(), { code: 'model_invalid', message: about })

  for (const file of ['model.onnx', 'tokenizer.json']) {
    it(`refuses a folder without ${file}, by the name of the file`, async () => {
      await rm(join(folder, file))
      await refused(new RegExp(file))
    })
  }

  for (const share of [0, 0.01, 0.5, 0.999]) {
    it(`refuses a model.onnx of which ${share * 100} % are there, and says that it is cut`, async () => {
      const path = join(folder, 'model.onnx')
      await truncate(path, Math.floor((await readFile(path)).length * share))
      await refused(/model\.onnx in MODEL_PATH cannot be run.*(is cut|no graph)/)
    })
  }

  it('refuses a tokenizer.json that is cut', async () => {
    await truncate(join(folder, 'tokenizer.json'), 1000)
    await refused(/tokenizer\.json/)
  })

  it('refuses a model whose vectors are of another length than model.json says, with both numbers', async () => {
    const description = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as object
    await writeFile(join(folder, 'model.json'), JSON.stringify({ ...description, dimensions: 64 }))
    await refused(/32 dimensions.*64/)
  })

  it('refuses a tokenizer that knows more words than the model, before any text has one of them', async () => {
    const tokenizer = JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8')) as { model: { vocab: Record<string, number> } }
    tokenizer.model.vocab['mutex'] = 143
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
    await refused(/does not belong.*143.*143 tokens/)
  })

  it('runs a model that pools by itself', async () => {
    await writeTableModel(folder, { pools: true })
    const embedder = await open()
    const [one, two] = [await embedder.embedQueries(['read the file']), await embedder.embedQueries(['of'])]
    assert.equal(one.length, 8)
    assert.ok(Math.abs(dot(one, one) - 1) < 1e-5 && dot(one, two) < 0.999)
    await embedder.close()
  })

  it('gives no numbers for a text with a word that the model has none for, and good ones for the texts beside it', async () => {
    await writeTableModel(folder, { pools: false })
    const embedder = await open()
    const vectors = await embedder.embedQueries(['read the file', `the ${WORD_WITHOUT_NUMBERS} of a file`, 'open the path'])
    const isGood = [0, 1, 2].map((i) => vectors.subarray(i * 8, (i + 1) * 8).every(Number.isFinite))
    assert.deepEqual(isGood, [true, false, true])
    await embedder.close()
  })

  it('takes a text of a megabyte without holding the loop: it is its beginning, and counts as too long for the window', async () => {
    const embedder = await open()
    const texts = ['read the file of tokens ', 'x', '{}();', '日本語'].map((piece) => piece.repeat(2 ** 20 / piece.length))
    const begin = performance.now()
    for (const text of texts) assert.ok(embedder.countTokens(text) > embedder.model.max_tokens)
    assert.ok(performance.now() - begin < 200, `${(performance.now() - begin).toFixed(0)} ms`)
    const whole = await embedder.embedDocuments(texts.map((text) => ({ text })))
    const heads = await embedder.embedDocuments(texts.map((text) => ({ text: text.slice(0, text.startsWith('x') ? undefined : 2000) })))
    whole.forEach((value, i) => assert.ok(Math.abs(value - heads[i]!) < 1e-5))
    await embedder.close()
  })

  it('counts a text exactly as long as a few windows fit into it', () => {
    const tokenizer = loadTokenizer(join(folder, 'tokenizer.json'), null)
    for (const times of [1, 10, 150]) assert.equal(tokenizer.count('the file '.repeat(times), 48), 2 + 2 * times)
  })

  it('gives empty texts one vector, also where a tokenizer puts nothing around them', async () => {
    const path = join(folder, 'tokenizer.json')
    await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), post_processor: null }))
    const embedder = await open()
    const vectors = await embedder.embedDocuments([{ text: '' }, { text: 'a file' }, { text: '' }])
    assert.ok(vectors.every(Number.isFinite))
    assert.deepEqual(vectors.subarray(0, 32), vectors.subarray(64, 96))
    await embedder.close()
  })

  it('goes on with the CPU when a session is gone in the middle of the work, or gives no numbers, and its vectors are the same', async () => {
    const model = readOnnxFolder(FIXTURE)
    const cpu = await openSession(model, { gpu: 'false', threads: 1 })
    const expected = await cpu.run([[5, 6, 7], [8]])
    // No GPU is at hand: a session that ONNX Runtime really ended stands for one whose device was lost, a model without numbers for a broken one.
    const lost = await openSession(model, { gpu: 'false', threads: 1 })
    await writeTableModel(folder, { pools: false })
    const broken = await openSession(readOnnxFolder(folder), { gpu: 'false', threads: 1 })
    const told: string[] = []
    for (const [session, batch] of [
      [lost, [[5, 6, 7], [8]]],
      [broken, [[19], [19]]],
    ] as const) {
      const steady = withFallback(
        { ...session, provider: 'webgpu' },
        {
          openOnCpu: () => openSession(model, { gpu: 'false', threads: 1 }),
          told: ({ provider, refused: reasons }) => told.push(`${provider}: ${reasons.at(-1)?.reason}`),
        },
      )
      if (session === lost) {
        assert.deepEqual(await steady.run(batch), expected)
        await session.close()
      }
      const again = await steady.run(batch)
      if (session === lost) assert.deepEqual(again, expected)
      assert.ok(again.every(Number.isFinite))
      assert.equal(steady.provider, 'cpu')
      await steady.close()
    }
    assert.equal(told.length, 2)
    assert.match(told[0]!, /^cpu: it died at work: .*(disposed|released|session)/i)
    assert.match(told[1]!, /^cpu: it died at work: its vectors were not finite/)
    await cpu.close()
  })
})
