/** The edge worker: takes jobs one at a time, builds docpacks, puts them on the shelf. */
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { Secret } from '@doctown/common/contracts/secret.js'
import { createBullmqJobSource } from '@doctown/common/ports/queue/bullmq-job-source.js'
import { claimWorkerName } from '@doctown/common/ports/queue/worker-name.js'
import { loadConfig } from '@doctown/common/runtime/config.js'
import { Lifecycle } from '@doctown/common/runtime/lifecycle.js'
import { createLog } from '@doctown/common/runtime/log.js'
import { WorkerConfigSchema, type WorkerConfig } from '../config.js'
import { localStages } from '../pipeline/local-stages.js'
import { healPendingIndexes } from '../stages/publish/heal-pending-indexes.js'
import { sweepObjects } from '../stages/publish/sweep-objects.js'
import { openDataFolder, openTempFolder } from '../worker/data-folder.js'
import { createJobHandler } from '../worker/handle-job.js'
import { startHealing } from '../worker/healing.js'
import { repeat } from '../worker/repeat.js'
import { createEmbedders, languageTable, parseProcesses, trainPorts } from './models.js'
import { createObjectStore, createVectorStore } from './stores.js'
import { runProcess } from '@doctown/common/bin/run-process.js'

await runProcess('edge-worker', async ({ untilStopped, announce }) => {
  // Config
  const config = loadConfig(WorkerConfigSchema, process.env)

  // Log
  const log = createLog({ level: config.LOG_LEVEL, process: 'edge-worker', destination: 2, stacks: !config.PRODUCTION })
  const lifecycle = new Lifecycle(log)

  // Adapters
  const folder = await openDataFolder(config.DOCTOWN_DATA)
  const claim = lifecycle.register(
    'worker name',
    await claimWorkerName({ dataFolder: folder.path, base: config.EDGE_WORKER_NAME }),
    (held) => held.release(),
  )
  const temp = await openTempFolder(folder, claim.name)
  if (temp.leftovers > 0) log.info('leftovers of dead jobs removed', { leftovers: temp.leftovers })
  const embedders = await createEmbedders(config, lifecycle, log)
  const objectStore = lifecycle.register('object store', await createObjectStore(config, folder), (store) => store.close())
  const vectorStore = lifecycle.register('vector store', await createVectorStore(config, folder), (store) => store.close())
  const source = createBullmqJobSource({
    redisUrl: config.REDIS_URL,
    workerName: claim.name,
    heartbeatSeconds: config.WORKER_HEARTBEAT_SECONDS,
    lockSeconds: config.QUEUE_LOCK_SECONDS,
    stalledSeconds: config.QUEUE_STALLED_SECONDS,
    log,
  })

  // App
  const publish = { objectStore, vectorStore, keepPerRepository: config.KEEP_PER_REPOSITORY }
  const healing = lifecycle.register(
    'healing',
    startHealing({ heal: (signal) => healPendingIndexes(publish, { log, signal }), log, everyMs: 15_000 }),
    (running) => running.stop(),
  )
  const sweep = async (signal: AbortSignal): Promise<void> => {
    const keys = await sweepObjects(objectStore, { now: Date.now(), signal })
    if (keys.length > 0) log.info('docpacks of dead jobs removed', { docpacks: keys.length })
  }
  lifecycle.register('sweep', repeat({ name: 'sweep', everyMs: 3_600_000, run: sweep, log }), (chore) => chore.stop())
  const handler = createJobHandler({
    stages: localStages,
    source,
    build: {
      includePrivate: config.INCLUDE_PRIVATE,
      includeSource: config.INCLUDE_SOURCE,
      withDocs: true,
      trainSteps: config.GRAPH_TRAIN_STEPS,
      ...languageTable,
    },
    ports: (job) => ({
      fetch: { token: tokenOf(config.GIT_TOKEN), trustedOrigins: trustedOrigins(config) },
      embedders,
      parseProcesses: parseProcesses(config),
      train: trainPorts(config),
      publish: { ...publish, job_id: job.job_id, now: () => new Date() },
    }),
    executionProvider: (embedders?.text ?? embedders?.small)?.executionProvider ?? 'none',
    log,
    allowedHosts: config.ALLOWED_GIT_HOSTS,
    allowFolders: config.ALLOW_LOCAL_FOLDERS,
    tempRoot: temp.path,
    seed: config.DOCTOWN_SEED,
    mayBePrivate: config.GIT_TOKEN !== undefined,
    onIndexPending: healing.wake,
    pauseAt: config.DOCTOWN_TEST_PAUSE_AT ?? null,
    now: () => new Date(),
    monotonicMs: () => performance.now(),
  })

  // Run until told to stop
  await source.start(handler)
  log.info('worker started', { worker: source.workerName })
  announce({ worker: source.workerName })
  await untilStopped
  await source.stop({ graceMs: 24_000 })
  await lifecycle.close()
})

function tokenOf(secret: Secret | undefined): (() => Promise<string | null>) | null {
  return secret === undefined ? null : () => Promise.resolve(secret.reveal())
}

function trustedOrigins(config: WorkerConfig): string[] {
  const origins = config.ALLOWED_GIT_HOSTS.map((entry) => entry.origin).filter((origin) => origin !== null)
  if (config.ALLOWED_GIT_HOSTS.length === 0) throw new DoctownError('config_invalid', 'ALLOWED_GIT_HOSTS names no host.')
  return origins
}
