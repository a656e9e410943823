import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { openDocpack } from '@doctown/common/docpack/read.js'
import { verifyDocpack } from '@doctown/common/docpack/verify.js'
import { packageStage } from '../../../src/stages/package/stage.js'
import { stageContext } from '../context.js'
import { packageInput } from './package-fixture.js'

const run = async (input = packageInput()): Promise<Awaited<ReturnType<typeof packageStage.run>>> =>
  packageStage.run(input, stageContext({}))

describe('the package stage', () => {
  it('writes a docpack that our own reader takes, with everything the stages before found', async () => {
    const input = packageInput()
    assert.equal(packageStage.input.safeParse(input).success, true)
    const output = await run(input)
    assert.equal(packageStage.output.safeParse(output).success, true)
    assert.deepEqual((await verifyDocpack(output.bytes)).problems, [])
    const docpack = await openDocpack(output.bytes)
    assert.deepEqual(docpack.manifest, output.manifest)
    assert.deepEqual(await docpack.symbols(), input.symbols)
    assert.deepEqual(await docpack.graph(), input.graph)
    assert.deepEqual(await docpack.contexts(), input.contexts)
    assert.deepEqual(
      await docpack.chunks(),
      input.embedded.map(({ chunk }) => chunk),
    )
    for (const document of input.documents) assert.deepEqual(await docpack.document(document.symbol), document)
    docpack.close()
  })

  it('lays the vectors out as the manifest says: a row a chunk, then a row a graph node', async () => {
    const input = packageInput({ symbols: 7 })
    const { bytes, manifest } = await run(input)
    assert.deepEqual(manifest.embeddings, {
      blocks: [
        { name: 'small', rows: 14, dimensions: 8, offset: 0 },
        { name: 'structure', rows: 7, dimensions: 4, offset: 14 * 8 * 4 },
      ],
      left_out: null,
    })
    const docpack = await openDocpack(bytes)
    assert.deepEqual((await docpack.vectors('small'))?.values.subarray(8, 16), input.embedded[1]?.small)
    assert.deepEqual((await docpack.vectors('structure'))?.values, input.structure?.values)
    docpack.close()
  })

  it('gives the same bytes for the same input in another order of documents and of keys, and does not change its input', async () => {
    const input = packageInput()
    const before = structuredClone(input)
    const first = await run(input)
    assert.deepEqual(input, before)
    const other = {
      ...input,
      documents: [...input.documents].reverse(),
      graphModel: { ...input.graphModel, scores: { ap: 0.8, auc: 0.9 } },
    }
    assert.equal((await run(other)).sha256, first.sha256)
  })

  it('says so when no vector was computed', async () => {
    const { manifest, bytes } = await run(packageInput({ withVectors: false }))
    assert.deepEqual(manifest.embeddings, { blocks: [], left_out: 'not computed' })
    assert.ok(!('embeddings.bin' in manifest.entries))
    assert.deepEqual((await verifyDocpack(bytes)).problems, [])
  })

  it('says how much of the chunks no model saw, and which provider died while they were embedded', async () => {
    const input = packageInput()
    const cut = input.embedded.map((each, i) => ({ ...each, truncated_tokens: i < 2 ? 30 : 0 }))
    const fallbacks = [{ provider: 'webgpu' as const, reason: 'it died at work: device lost' }]
    const { manifest, bytes } = await run({ ...input, embedded: cut, fallbacks })
    assert.deepEqual(manifest.embeddings.truncated, { chunks: 2, tokens: 60 })
    assert.deepEqual(manifest.embeddings.fell_back, fallbacks)
    assert.deepEqual((await verifyDocpack(bytes)).problems, [])
    const plain = await run(input)
    assert.deepEqual(Object.keys(plain.manifest.embeddings), ['blocks', 'left_out'])
  })

  it('gives the 9,000 files to the most central symbols', async () => {
    const input = packageInput({ symbols: 9_100, withVectors: false })
    const { bytes, manifest } = await run(input)
    assert.equal(manifest.documents_in_rest, 100)
    const docpack = await openDocpack(bytes)
    const least = new Set(input.contexts.filter(({ centrality }) => centrality <= 0.01).map(({ symbol_id }) => symbol_id))
    for (const { symbol } of await docpack.documentsInRest()) assert.ok(least.has(symbol), symbol)
    docpack.close()
  })

  it('keeps the event loop turning while a large repository is packed', async () => {
    const input = packageInput({ symbols: 12_000, smallDimensions: 256 })
    const delay = monitorEventLoopDelay({ resolution: 10 })
    delay.enable()
    const { bytes } = await run(input)
    delay.disable()
    assert.ok(bytes.byteLength > 10_000_000)
    // The lock of a job is renewed every few seconds; twice the half second that we aim at.
    assert.ok(delay.max / 1e6 < 1_000, `${Math.round(delay.max / 1e6)} ms`)
  })

  it('stops when it is cancelled, with the reason of whoever cancelled', async () => {
    const stop = new AbortController()
    const reason = new DoctownError('cancelled', 'The job was cancelled.')
    const running = Promise.resolve(packageStage.run(packageInput({ symbols: 3_000 }), stageContext({}, { signal: stop.signal })))
    setTimeout(() => stop.abort(reason), 50)
    assert.equal(await running.catch((error: unknown) => error), reason)
  })

  it('passes on why a docpack cannot be written', async () => {
    const input = packageInput()
    const [document] = input.documents
    assert.ok(document !== undefined)
    const thrown = await run({ ...input, documents: [document, document] }).catch((error: unknown) => error)
    assert.ok(thrown instanceof DoctownError && thrown.code === 'unsafe_entry')
  })
})
