import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { createBullmqJobQueue } from '@doctown/common/ports/queue/bullmq-job-queue.js'
import { loadConfig } from '@doctown/common/runtime/config.js'
import { silentLog } from '@doctown/common/runtime/log.js'
import { findRedisServer } from '@doctown/common/runtime/private-redis.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { readOnnxFolder } from '@doctown/common/ports/embedder/onnx-folder.js'
import type { Probe } from '../cli/doctor.js'
import { WorkerConfigSchema, type WorkerConfig } from '../config.js'
import { LANGUAGES } from '../languages/languages.js'
import { openDataFolder } from '../worker/data-folder.js'
import { hasNvidiaCard, missingCudaFiles } from './command-gpu.js'
import { builtInModelFolder } from './built-in-model.js'
import { createObjectStore, createVectorStore } from './stores.js'

const run = promisify(execFile)

/** Everything `doctown doctor` looks at, in the order in which a person would need it. */
export function doctorProbes(options: { readonly environment: NodeJS.ProcessEnv; readonly dataFolder: string | null }): Probe[] {
  const { environment } = options
  const settings = { ...environment, ...(options.dataFolder === null ? {} : { DOCTOWN_DATA: options.dataFolder }) }
  const config = (): WorkerConfig => loadConfig(WorkerConfigSchema, settings)
  const searchPath = environment['PATH'] ?? ''
  return [
    { name: 'node', fix: 'Install Node 20.19 or newer.', run: checkNode },
    {
      name: 'settings',
      fix: 'Correct the variables named here; docs/configuration.md explains each.',
      run: () => (config(), 'all accepted'),
    },
    {
      name: 'redis-server',
      fix: 'Install the package redis-server (Debian, Ubuntu: sudo apt-get install redis-server; macOS: brew install redis), or set REDIS_URL.',
      run: () => {
        if (environment['REDIS_URL']) return 'not needed: REDIS_URL is set'
        const binary = findRedisServer(searchPath)
        if (binary === undefined) throw new Error('neither redis-server nor valkey-server is on the PATH')
        return binary
      },
    },
    { name: 'queue', fix: 'Start Redis, or correct REDIS_URL.', run: () => checkQueue(environment['REDIS_URL']) },
    {
      name: 'git',
      optional: true,
      fix: 'Only the tests and benches need git; install the package git.',
      run: async () => (await run('git', ['--version'])).stdout.trim(),
    },
    { name: 'data folder', fix: 'Choose another with --data or DOCTOWN_DATA, or change its owner.', run: () => checkDataFolder(config()) },
    { name: 'object store', fix: 'Correct the BUCKET_* variables.', run: () => checkObjectStore(config()) },
    { name: 'vector store', fix: 'Correct QDRANT_URL and QDRANT_API_KEY.', run: () => checkVectorStore(config()) },
    { name: 'built-in model', fix: 'Restore common/models/small from the repository.', run: checkBuiltInModel },
    { name: 'grammars', fix: 'Run npm ci again.', run: checkGrammars },
    {
      name: 'MODEL_PATH',
      fix: 'Point MODEL_PATH at a sentence-transformers folder with an ONNX file.',
      run: () => checkModelPath(config()),
    },
    ...(['cuda', 'webgpu'] as const).map((provider): Probe => ({
      name: provider,
      optional: true,
      fix: gpuAdvice(provider),
      run: () => checkProvider(provider),
    })),
    { name: 'cpu', fix: 'Run npm ci again; ONNX Runtime does not load.', run: () => checkProvider('cpu') },
  ]
}

function checkNode(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`Node ${process.versions.node} is too old`)
  return process.versions.node
}

async function checkQueue(redisUrl: string | undefined): Promise<string> {
  if (redisUrl === undefined || redisUrl === '') return 'a private redis-server, started by doctown up'
  const queue = createBullmqJobQueue({ redisUrl, log: silentLog })
  try {
    for (let tries = 0; tries < 30 && queue.health().redis !== 'ok'; tries++) await sleep(100)
    const { redis, cause } = queue.health()
    if (redis !== 'ok') throw new Error(`Redis does not answer: ${cause ?? 'no connection'}`)
    return 'Redis answers'
  } finally {
    await queue.close()
  }
}

async function checkDataFolder(config: WorkerConfig): Promise<string> {
  const folder = await openDataFolder(config.DOCTOWN_DATA)
  await access(folder.path, constants.W_OK)
  return folder.path
}

async function checkObjectStore(config: WorkerConfig): Promise<string> {
  const store = await createObjectStore(config, await openDataFolder(config.DOCTOWN_DATA))
  try {
    await store.head('records/none.json')
    return config.BUCKET_ENDPOINT === undefined ? 'a folder on this machine' : `bucket ${config.BUCKET_NAME}`
  } finally {
    await store.close()
  }
}

async function checkVectorStore(config: WorkerConfig): Promise<string> {
  const store = await createVectorStore(config, await openDataFolder(config.DOCTOWN_DATA))
  try {
    await store.count({ repo_url: 'none' })
    return config.QDRANT_URL === undefined ? 'a file on this machine' : 'Qdrant answers'
  } finally {
    await store.close()
  }
}

async function checkBuiltInModel(): Promise<string> {
  const embedder = await createStaticTableEmbedder({ folder: builtInModelFolder() })
  const vector = await embedder.embedQueries(['read a directory recursively'])
  await embedder.close()
  if (!vector.some((value) => value !== 0)) throw new DoctownError('model_invalid', 'the built-in model gives an empty vector')
  return `${embedder.model.name} ${embedder.model.revision}, ${embedder.model.dimensions} dimensions`
}

function checkGrammars(): string {
  for (const language of LANGUAGES) for (const ending of language.endings) language.load?.(`probe${ending}`)
  return LANGUAGES.map(({ grammar }) => `${grammar.name} ${grammar.version}`).join(', ')
}

function checkModelPath(config: WorkerConfig): string {
  if (config.MODEL_PATH === undefined) return 'not set: the built-in model alone'
  const { name, dimensions } = readOnnxFolder(config.MODEL_PATH)
  return `${name}, ${dimensions} dimensions`
}

async function checkProvider(provider: string): Promise<string> {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'gpu-probe.js'), provider], { timeout: 30_000 })
  const { ok, reason } = JSON.parse(stdout) as { ok: boolean; reason?: string }
  if (!ok) throw new Error(reason ?? 'wrong result')
  return 'computes'
}

/** A card that is there without its provider files is worth a different word than no card. */
function gpuAdvice(provider: 'cuda' | 'webgpu'): string {
  if (provider === 'webgpu') return 'WebGPU needs a graphics driver with Vulkan; without one the CPU is used.'
  if (!hasNvidiaCard()) return 'No NVIDIA card is here; the CPU is used.'
  return missingCudaFiles().length > 0
    ? "An NVIDIA card is here but ONNX Runtime's CUDA provider files are not: doctown gpu install fetches and tries them."
    : 'An NVIDIA card and the CUDA provider files are here, but they do not work together: they are builds for CUDA 12 with cuDNN 9.'
}
