import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProviderFallback } from '@doctown/common/contracts/embedding.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { openDocpack } from '@doctown/common/docpack/read.js'
import { createDeterministicEmbedder } from '@doctown/common/ports/embedder/deterministic.js'
import { createOnnxEmbedder } from '@doctown/common/ports/embedder/onnx.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import { silentLog } from '@doctown/common/runtime/log.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { WORD_WITHOUT_NUMBERS, writeTableModel } from '@doctown/common/test/support/table-model.js'
import { languagesByEnding, manifestNames, packageFactsByLanguage } from '../../src/languages/languages.js'
import type { BuildResult } from '../../src/pipeline/build-result.js'
import { localStages } from '../../src/pipeline/local-stages.js'
import { runBuild } from '../../src/pipeline/run.js'
import type { Stages } from '../../src/pipeline/stages.js'
import { BATCH_CHUNKS } from '../../src/stages/embed/embed-stream.js'

const FILES = 60
const FUNCTIONS = 25

describe('embedding in a build', () => {
  const small = createDeterministicEmbedder({ dimensions: 16 })
  let scratch: string
  let repository: string
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'doctown-embedding-'))
    repository = join(scratch, 'many')
    await mkdir(join(repository, 'src'), { recursive: true })
    for (let file = 0; file < FILES; file++) {
      const source = Array.from(
        { length: FUNCTIONS },
        (_, i) => `pub fn f${i}(x: u64) -> u64 {\n    x + ${file * FUNCTIONS + i}\n}\n`,
      ).join('\n')
      await writeFile(join(repository, `src/m${String(file).padStart(2, '0')}.rs`), source)
    }
  })
  after(() => rm(scratch, { recursive: true }))

  interface Wanted {
    readonly path?: string
    readonly text?: Embedder | null
    readonly stages?: Partial<Stages>
    readonly signal?: AbortSignal
  }
  const build = ({ path = repository, text = null, stages = {}, signal = new AbortController().signal }: Wanted): Promise<BuildResult> =>
    runBuild(
      { ...localStages, ...stages },
      {
        target: { kind: 'folder', path, repo_url: 'local/many', ref: null },
        includePrivate: false,
        includeSource: false,
        withDocs: false,
        trainSteps: 0,
        languages: languagesByEnding(),
        manifests: manifestNames(),
        packageFacts: packageFactsByLanguage,
        grammars: {},
      },
      {
        fetch: { token: null, trustedOrigins: [] },
        embedders: { small, text },
        parseProcesses: 1,
        train: { providers: ['cpu'], threads: 1 },
        publish: null,
      },
      {
        log: silentLog,
        signal,
        seed: 1,
        tempDir: scratch,
        monotonicMs: () => performance.now(),
        onProgress: () => {},
        onStageEnd: () => {},
        pauseAt: null,
        emit: () => {},
        onSource: () => {},
      },
    )

  it('starts before the last file is parsed, and lets few chunks wait for a slow model', async () => {
    let [parsed, chunked, embedded, parsedAtFirst, mostWaiting] = [0, 0, 0, 0, 0]
    const parse: Stages['parse'] = {
      ...localStages.parse,
      run: async function* (input, context) {
        for await (const item of await localStages.parse.run(input, context)) {
          parsed++
          yield item
        }
      },
    }
    const chunk: Stages['chunk'] = {
      ...localStages.chunk,
      run: async function* (input, context) {
        for await (const item of await localStages.chunk.run(input, context)) {
          mostWaiting = Math.max(mostWaiting, ++chunked - embedded)
          yield item
        }
      },
    }
    const slow: Embedder = {
      ...small,
      async embedDocuments(documents, options) {
        if (parsedAtFirst === 0) parsedAtFirst = parsed
        await sleep(30)
        embedded += documents.length
        return small.embedDocuments(documents, options)
      },
    }
    const { embeddings } = await build({ text: slow, stages: { parse, chunk } })
    assert.equal(embeddings, embedded)
    assert.ok(embeddings >= FILES * FUNCTIONS)
    assert.ok(parsedAtFirst < FILES / 2, `${parsedAtFirst} of ${FILES} files were parsed`)
    assert.ok(mostWaiting <= 4 * BATCH_CHUNKS, `${mostWaiting} chunks waited`)
  })

  it('is recorded in the manifest when its provider dies on the way, and not in the next build on the same model', async () => {
    const fallbacks: ProviderFallback[] = []
    let batches = 0
    const dying: Embedder = {
      ...small,
      get executionProvider() {
        return fallbacks.length === 0 ? 'cuda' : 'cpu'
      },
      fallbacks,
      embedDocuments(documents, options) {
        if (++batches === 2) fallbacks.push({ provider: 'cuda', reason: 'it died at work: device lost' })
        return small.embedDocuments(documents, options)
      },
    }
    const first = await build({ text: dying })
    assert.equal(first.executionProvider, 'cpu')
    const docpack = await openDocpack(first.docpack.bytes)
    assert.deepEqual(docpack.manifest.embeddings.fell_back, fallbacks)
    assert.equal(docpack.manifest.embeddings.blocks.find(({ name }) => name === 'text')?.rows, first.embeddings)
    docpack.close()
    const second = await build({ text: dying })
    assert.equal(second.docpack.manifest.embeddings.fell_back, undefined)
  })

  it('ends with the model and the place when the model gives no numbers for a chunk', async () => {
    const folder = join(scratch, 'model')
    await cp(join(repositoryRoot(), 'common/test/fixtures/tiny-onnx'), folder, { recursive: true })
    await writeTableModel(folder, { pools: false })
    const path = join(scratch, 'one')
    await mkdir(path)
    await writeFile(join(path, 'a.rs'), `pub fn open() {}\n\npub fn ${WORD_WITHOUT_NUMBERS}() {}\n`)
    const text = await createOnnxEmbedder({ folder, gpu: 'false', threads: 1 })
    await assert.rejects(build({ path, text }), { code: 'embedder_unavailable', message: /model table .* a\.rs:3/ })
    await text.close()
  })

  it("ends with the signal's reason while a real model is in the middle of a batch, which is free again for the next build", async () => {
    const text = await createOnnxEmbedder({ folder: join(repositoryRoot(), 'common/test/fixtures/tiny-onnx'), gpu: 'false', threads: 1 })
    const reason = new DoctownError('cancelled', 'stop')
    const stop = new AbortController()
    const stopping: Embedder = {
      ...text,
      executionProvider: text.executionProvider,
      embedDocuments(documents, options) {
        const work = text.embedDocuments(documents, options)
        stop.abort(reason)
        return work
      },
    }
    await assert.rejects(build({ text: stopping, signal: stop.signal }), (error) => error === reason)
    assert.equal((await text.embedQueries(['a file'])).length, 32)
    await text.close()
  })
})
