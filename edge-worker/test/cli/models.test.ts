import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ModelListSchema, type KnownModel } from '@doctown/common/contracts/model-list.js'
import { createOnnxEmbedder } from '@doctown/common/ports/embedder/onnx.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import type { Console } from '../../src/cli/console.js'
import { gpuInstallCommand, type GpuMachine } from '../../src/cli/gpu-install.js'
import { checkModels, listModels, pullModel, type ModelsContext } from '../../src/cli/models.js'

const FIXTURE = join(repositoryRoot(), 'common/test/fixtures/tiny-onnx')
const FILES = ['model.onnx', 'tokenizer.json', 'model.json']

interface Row {
  readonly name: string
  readonly dimensions: number
  readonly ok: boolean
  readonly detail: string
}

/** Keeps the answers; says nothing. */
function quietConsole(): Console & { readonly answers: { models: Row[] }[] } {
  const answers: { models: Row[] }[] = []
  return {
    json: true,
    quiet: true,
    colour: false,
    live: false,
    answers,
    answer: (value) => void answers.push(value as unknown as { models: Row[] }),
    note: () => {},
    fail: () => 1,
    overwrite: () => {},
  }
}

describe('doctown models', () => {
  let server: Server
  let address: string
  let folder: string
  before(async () => {
    server = createServer((request, response) => {
      const name = FILES.find((file) => request.url === `/tiny/${file}`)
      if (name === undefined) response.writeHead(404).end()
      else response.end(readFileSync(join(FIXTURE, name)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => new Promise((resolve) => server.close(resolve)))
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'doctown-models-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const tiny: KnownModel = {
    name: 'tiny',
    dimensions: 32,
    license: 'MIT',
    files: FILES.map((name) => {
      const bytes = readFileSync(join(FIXTURE, name))
      return { name, url: `tiny/${name}`, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
    }),
  }
  const context = (facts: Partial<ModelsContext> = {}): ModelsContext => ({
    known: [tiny],
    folder,
    modelsUrl: address,
    builtIn: {
      name: 'small',
      dimensions: 256,
      folder: join(repositoryRoot(), 'common/models/small'),
      file: 'LICENSE',
      sha256: createHash('sha256')
        .update(readFileSync(join(repositoryRoot(), 'common/models/small/LICENSE')))
        .digest('hex'),
    },
    tryModel: async (path) => {
      const embedder = await createOnnxEmbedder({ folder: path, gpu: 'false', threads: 1 })
      await embedder.embedQueries(['read']).finally(() => embedder.close())
      return embedder.model
    },
    signal: new AbortController().signal,
    ...facts,
  })

  it('refuses a MODELS_URL that is no http address, and a folder that is not there', async () => {
    for (const modelsUrl of ['nonsense', 'ftp://127.0.0.1/', 'http://'])
      await assert.rejects(pullModel('tiny', context({ modelsUrl }), quietConsole()), { code: 'usage', message: /MODELS_URL/ })
    await assert.rejects(checkModels(join(folder, 'nowhere'), context(), quietConsole()), { code: 'folder_not_found' })
  })

  it('pulls a model over HTTP that then embeds, and finds it whole', async () => {
    const console = quietConsole()
    assert.equal(await listModels(context(), console), 0)
    assert.deepEqual(
      console.answers[0]!.models.map(({ name, ok }) => [name, ok]),
      [
        ['small', true],
        ['tiny', false],
      ],
    )
    assert.equal(await pullModel('tiny', context(), console), 0)
    assert.equal(await checkModels(null, context(), console), 0)
    assert.deepEqual(
      console.answers.at(-1)!.models.map(({ name, dimensions, detail }) => [name, dimensions, detail]),
      [
        ['small', 256, 'built in'],
        ['tiny', 32, 'embeds a text'],
      ],
    )
  })

  it('repairs what was cut, and check says so before', async () => {
    cpSync(FIXTURE, join(folder, 'tiny'), { recursive: true })
    writeFileSync(join(folder, 'tiny/model.onnx'), 'cut')
    const console = quietConsole()
    assert.equal(await checkModels(null, context(), console), 1)
    assert.match(console.answers[0]!.models[1]!.detail, /model\.onnx missing or damaged/)
    await pullModel('tiny', context(), console)
    assert.equal(await checkModels(null, context(), console), 0)
  })

  it('refuses a name that it does not know, an address that nobody named, a machine that is offline', async () => {
    await assert.rejects(pullModel('nope', context(), quietConsole()), { code: 'model_unknown' })
    await assert.rejects(pullModel('tiny', context({ modelsUrl: null }), quietConsole()), { code: 'download_failed' })
    await assert.rejects(pullModel('tiny', context({ modelsUrl: 'http://127.0.0.1:9' }), quietConsole()), { code: 'download_failed' })
  })

  it('checks a folder of anybody: sound, without a tokenizer, with one that does not belong', async () => {
    const console = quietConsole()
    assert.equal(await checkModels(FIXTURE, context(), console), 0)
    const other = join(folder, 'other')
    mkdirSync(other)
    cpSync(FIXTURE, other, { recursive: true })
    rmSync(join(other, 'tokenizer.json'))
    assert.equal(await checkModels(other, context(), console), 1)
    // Ids beyond the model's vocabulary: the model cannot look them up.
    writeFileSync(join(other, 'tokenizer.json'), JSON.stringify(strangeTokenizer))
    assert.equal(await checkModels(other, context(), console), 1)
    assert.deepEqual(
      console.answers.map(({ models }) => models[0]!.ok),
      [true, false, false],
    )
  })

  it('as a command answers in JSON, and models.json pins every file', async () => {
    const { models } = ModelListSchema.parse(JSON.parse(readFileSync(join(repositoryRoot(), 'models.json'), 'utf8')))
    assert.ok(models.length > 0)
    const run = async (...args: string[]): Promise<{ code: number | null; answer: Record<string, unknown> }> => {
      const child = spawn(process.execPath, [
        join(repositoryRoot(), 'edge-worker/bin/doctown.mjs'),
        'models',
        ...args,
        '--data',
        folder,
        '--json',
      ])
      let out = ''
      child.stdout.on('data', (piece: Buffer) => (out += piece.toString()))
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
      return { code, answer: JSON.parse(out) as Record<string, unknown> }
    }
    const [list, unknown] = await Promise.all([run('list'), run('pull', 'nope')])
    assert.equal(list.code, 0)
    assert.deepEqual(
      (list.answer['models'] as Row[]).map(({ name }) => name),
      ['doctown-small', ...models.map(({ name }) => name)],
    )
    assert.equal(unknown.code, 2)
    assert.equal(unknown.answer['error'], 'model_unknown')
  })
})

describe('doctown gpu install', () => {
  const machine = (facts: Partial<GpuMachine> & { missing?: string[] } = {}): GpuMachine => {
    const missing = facts.missing ?? ['cuda.so']
    return {
      platform: 'linux/x64',
      hasNvidiaCard: () => true,
      runtimeVersion: '1.30.0',
      missingFiles: () => [...missing],
      fetchFiles: () => Promise.resolve(void missing.splice(0)),
      warmUp: () => Promise.resolve(null),
      ...facts,
    }
  }

  it('fetches what is missing once, warms up, and says which provider computes', async () => {
    const console = quietConsole()
    assert.equal(await gpuInstallCommand(machine(), console), 0)
    assert.equal(await gpuInstallCommand(machine({ missing: [], fetchFiles: () => Promise.reject(new Error('not asked')) }), console), 0)
    assert.deepEqual(console.answers, [
      { installed: true, version: '1.30.0', provider: 'cuda' },
      { installed: false, version: '1.30.0', provider: 'cuda' },
    ])
  })

  it('fetches nothing where it cannot help, and tells a failed fetch from files that do not work', async () => {
    const never = () => Promise.reject(new Error('not asked'))
    await assert.rejects(gpuInstallCommand(machine({ hasNvidiaCard: () => false, fetchFiles: never }), quietConsole()), {
      code: 'gpu_unavailable',
    })
    await assert.rejects(gpuInstallCommand(machine({ platform: 'darwin/arm64', fetchFiles: never }), quietConsole()), {
      code: 'gpu_unavailable',
    })
    await assert.rejects(gpuInstallCommand(machine({ fetchFiles: never }), quietConsole()), { code: 'download_failed' })
    await assert.rejects(gpuInstallCommand(machine({ fetchFiles: () => Promise.resolve() }), quietConsole()), { code: 'download_failed' })
    await assert.rejects(gpuInstallCommand(machine({ warmUp: () => Promise.resolve('libcudnn.so.9 is not there') }), quietConsole()), {
      code: 'gpu_unavailable',
      message: /libcudnn/,
    })
  })
})

/** A tokenizer of another model: one word, whose id the fixture's table does not have. */
const strangeTokenizer = {
  version: '1.0',
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: null,
  decoder: null,
  model: { type: 'WordLevel', vocab: { read: 999_999, '[UNK]': 999_998 }, unk_token: '[UNK]' },
}
