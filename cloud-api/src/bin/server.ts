/** cloud-api: the queue's door and the shelf's window. */
import { join, resolve } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { Manifest } from '@doctown/common/contracts/manifest.js'
import { openDocpack } from '@doctown/common/docpack/read.js'
import { createRemoteModel, type RemoteModel } from '@doctown/common/ports/embedder/http-model.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { createFilesystemObjectStore } from '@doctown/common/ports/object-store/filesystem.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import { createS3ObjectStore } from '@doctown/common/ports/object-store/s3.js'
import { createBullmqJobQueue } from '@doctown/common/ports/queue/bullmq-job-queue.js'
import type { JobQueue } from '@doctown/common/ports/queue/port.js'
import type { VectorStore } from '@doctown/common/ports/vector-store/port.js'
import { createLocalVectorStore } from '@doctown/common/ports/vector-store/local.js'
import { createQdrantVectorStore } from '@doctown/common/ports/vector-store/qdrant.js'
import { loadConfig } from '@doctown/common/runtime/config.js'
import { Lifecycle } from '@doctown/common/runtime/lifecycle.js'
import { createLog } from '@doctown/common/runtime/log.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { createApp } from '../app.js'
import { ApiConfigSchema, type ApiConfig } from '../config.js'
import { createHttpServer } from '../http-server.js'
import { listen, stopServing } from '../serve.js'
import { runProcess } from '@doctown/common/bin/run-process.js'

/** Keeps `/health`, `/metrics` and what is private right when no dashboard asks; those that do share the same read. */
const LOOK_AROUND_MS = 60_000
const FIRST_LOOK_MS = 2_000
/** A query waits 300 ms; a model that loads may take this long to say what it is. */
const EMBEDDER_MS = 5_000
const SMALL_MODEL = join(repositoryRoot(), 'common', 'models', 'small')

await runProcess('cloud-api', async ({ untilStopped, announce }) => {
  // Config
  const config = loadConfig(ApiConfigSchema, process.env)

  // Log
  const log = createLog({ level: config.LOG_LEVEL, process: 'cloud-api', destination: 1, stacks: !config.PRODUCTION })
  const lifecycle = new Lifecycle(log)
  // One request's forgotten promise must not end the service for all others.
  process.on('unhandledRejection', (error) => log.error('unhandled rejection', { error }))

  // Adapters
  const store = lifecycle.register('object store', await openObjectStore(config), (open) => open.close())
  const queue = lifecycle.register(
    'queue',
    createBullmqJobQueue({ redisUrl: config.REDIS_URL.reveal(), maxQueueSize: config.MAX_QUEUE_SIZE, log }),
    (open) => open.close(),
  )

  const vectors = lifecycle.register('vector store', openVectorStore(config), (open) => open?.close())
  const small = lifecycle.register('built-in model', await createStaticTableEmbedder({ folder: SMALL_MODEL }), (open) => open.close())

  const text = lifecycle.register('embedding service', openEmbedder(config), (open) => open?.close())

  // App
  const search = { store: vectors ?? openLocalVectors(config), models: { small, text: text?.open ?? null } }
  const app = createApp({ config, log, queue, store, vectors, search, vectorStoreProbe: vectorStoreProbe(config), readManifest })
  const server = createHttpServer(app.express)
  // Which repositories are private stands on the shelf.
  const lookAtShelf = (): Promise<unknown> => app.shelf.list({ includePrivate: true }).catch(() => {})
  await Promise.all([firstLook(queue), lookAtShelf()])
  const port = await listen(server, config.PORT)
  lifecycle.register('server', server, () => stopServing(server, app.streams))
  lifecycle.register(
    'look around',
    setInterval(() => void Promise.all([queue.workers().catch(() => {}), lookAtShelf()]), LOOK_AROUND_MS),
    clearInterval,
  )

  // Run until told to stop
  log.info('listening', { port })
  announce({ port })
  await untilStopped
  log.info('stopping', {})
  await lifecycle.close()
})

/**
 * The connection to Redis opens in the background. Who is told that we serve may submit at once and must not be sent away for that;
 * when Redis is not there, we serve without it all the same.
 */
async function firstLook(queue: JobQueue): Promise<void> {
  const endMs = performance.now() + FIRST_LOOK_MS
  while (performance.now() < endMs) {
    const isThere = await queue.workers().then(
      () => true,
      () => false,
    )
    if (isThere) return
    await sleep(50)
  }
}

/** R2 or any S3 when BUCKET_* is set, else a folder. */
async function openObjectStore(config: ApiConfig): Promise<ObjectStore> {
  const { BUCKET_ENDPOINT: endpoint, BUCKET_NAME: bucket, BUCKET_ACCESS_KEY_ID: accessKeyId, BUCKET_SECRET: secretAccessKey } = config
  // The schema takes all three or none.
  if (endpoint !== undefined && accessKeyId !== undefined && secretAccessKey !== undefined) {
    return createS3ObjectStore({ endpoint, bucket, accessKeyId, secretAccessKey })
  }
  try {
    return await createFilesystemObjectStore({ folder: join(resolve(config.DOCTOWN_DATA), 'objects') })
  } catch (cause) {
    throw new DoctownError(
      'data_folder_unwritable',
      `The data folder ${config.DOCTOWN_DATA} cannot be written. Set DOCTOWN_DATA to another, or change its owner.`,
      { cause },
    )
  }
}

/** Without a Qdrant the vectors are a file of the worker's, which no other process writes. */
function openVectorStore({ QDRANT_URL: url, QDRANT_API_KEY: apiKey }: ApiConfig): VectorStore | null {
  return url === undefined ? null : createQdrantVectorStore({ url, apiKey })
}

/** The worker's second model, for queries. */
function openEmbedder({ EMBEDDER_URL: url, STAGE_TOKEN: token }: ApiConfig): RemoteModel | null {
  return url === undefined ? null : createRemoteModel({ url, token, timeoutMs: EMBEDDER_MS })
}

/** The worker's file on this machine, read when somebody searches: any number of processes may (`doctown up`). On a machine without a worker it is empty. */
function openLocalVectors(config: ApiConfig): Pick<VectorStore, 'candidates'> {
  let open: Promise<VectorStore> | null = null
  const folder = join(resolve(config.DOCTOWN_DATA), 'vectors')
  return {
    candidates: async (query) => {
      open ??= createLocalVectorStore({ folder })
      open.catch(() => (open = null))
      return (await open).candidates(query)
    },
  }
}

/** Qdrant says of itself that it is ready; without one the API does not know of any vector store. */
function vectorStoreProbe(config: ApiConfig): (() => Promise<void>) | null {
  const { QDRANT_URL: url, QDRANT_API_KEY: key } = config
  if (url === undefined) return null
  return async () => {
    const headers: Record<string, string> = key === undefined ? {} : { 'api-key': key.reveal() }
    const response = await fetch(new URL('readyz', url.endsWith('/') ? url : `${url}/`), { headers, signal: AbortSignal.timeout(1_000) })
    if (!response.ok) throw new DoctownError('vector_store_unavailable', `Qdrant answered ${response.status}.`)
  }
}

async function readManifest(bytes: Uint8Array): Promise<Manifest> {
  const docpack = await openDocpack(bytes)
  try {
    return docpack.manifest
  } finally {
    docpack.close()
  }
}
