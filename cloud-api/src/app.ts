import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { fileURLToPath } from 'node:url'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import type { JobQueue } from '@doctown/common/ports/queue/port.js'
import type { VectorStore } from '@doctown/common/ports/vector-store/port.js'
import type { Manifest } from '@doctown/common/contracts/manifest.js'
import type { StructuredLog } from '@doctown/common/runtime/log.js'
import type { ApiConfig } from './config.js'
import { createAuthenticator } from './middleware/authenticate.js'
import { cors } from './middleware/cors.js'
import { answerErrors } from './middleware/errors.js'
import { perMinute } from './middleware/rate-limit.js'
import { requestContext } from './middleware/request-context.js'
import { requestSize } from './middleware/request-size.js'
import { securityHeaders } from './middleware/security-headers.js'
import { docpacksRoutes } from './routes/docpacks.js'
import { ingestionRoutes } from './routes/ingestion.js'
import { jobsRoutes } from './routes/jobs.js'
import { mountRoutes } from './routes/mount.js'
import { createPage } from './routes/page.js'
import { searchRoutes } from './routes/search.js'
import { serviceRoutes } from './routes/service.js'
import { EVENT_STREAM_LIMITS, type EventStreamLimits } from './sse/send-events.js'
import { createStreamSlots, type StreamSlots } from './sse/stream-slots.js'
import { createCancelJob } from './use-cases/cancel-job.js'
import { createCommons } from './use-cases/commons.js'
import { createDocpackFiles } from './use-cases/docpack-files.js'
import { createDocpackView } from './use-cases/docpack-view.js'
import { createFindJob } from './use-cases/find-job.js'
import { createHealth, type Probe } from './use-cases/health.js'
import { createJobHistory } from './use-cases/job-history.js'
import { createMetrics } from './use-cases/metrics.js'
import { createPrivacy } from './use-cases/privacy.js'
import { createRemoveDocpack } from './use-cases/remove-docpack.js'
import { createSearchSymbols, type SearchParts } from './use-cases/search-symbols.js'
import { createShelf, type Shelf } from './use-cases/shelf.js'
import { createSubmitJob } from './use-cases/submit-job.js'
import { createWorkerStatus } from './use-cases/worker-status.js'

/** Guesses at a token, an address and a minute. */
const BAD_TOKENS_PER_MINUTE = 20
const WEB_FOLDER = fileURLToPath(new URL('../../web/', import.meta.url))

export type AppConfig = Pick<
  ApiConfig,
  | 'PHAROS_ADMIN_TOKEN'
  | 'PUBLIC_URL'
  | 'BASE_PATH'
  | 'CORS_ORIGINS'
  | 'ALLOWED_GIT_HOSTS'
  | 'TASK_TTL_SECONDS'
  | 'EDGE_WORKER_NAME'
  | 'RATE_LIMIT_READS'
  | 'MAX_EVENT_STREAMS'
  | 'MAX_EVENT_STREAMS_PER_ADDRESS'
>

export interface AppParts {
  readonly config: AppConfig
  readonly log: StructuredLog
  readonly queue: JobQueue
  readonly store: ObjectStore
  /** `null` when the vectors are a file of the worker's. */
  readonly vectors: Pick<VectorStore, 'remove'> | null
  /** Where symbols are found and the model that queries are embedded with; `null` when there is no vector store to ask. */
  readonly search: SearchParts | null
  /** Rejects when the vector store is away; `null` when the API has none. */
  readonly vectorStoreProbe: Probe | null
  readonly readManifest: (docpack: Uint8Array) => Promise<Manifest>
  readonly now?: () => number
  readonly streamLimits?: Partial<EventStreamLimits>
}

export interface App {
  readonly express: Express
  readonly streams: StreamSlots
  readonly shelf: Shelf
}

/** The whole service without a port: every use case made once, every route hung to one. */
export function createApp(parts: AppParts): App {
  const { config, log, queue, store } = parts
  const now = parts.now ?? Date.now
  const queueHealth = (): ReturnType<JobQueue['health']> => queue.health()

  const shelf = createShelf({ store, log, now })
  const streams = createStreamSlots({ total: config.MAX_EVENT_STREAMS, perAddress: config.MAX_EVENT_STREAMS_PER_ADDRESS })
  const metrics = createMetrics({ queueHealth, storedBytes: () => shelf.storedBytes(), openStreams: () => streams.open, now })
  const privacy = createPrivacy({ shelf, workers: () => queueHealth().workers })
  const jobHistory = createJobHistory({
    queue,
    isPrivateRepository: (repoUrl) => shelf.isPrivateRepository(repoUrl),
    onFinished: (entry) => {
      metrics.jobFinished(entry)
      if (typeof entry['docpack_id'] === 'string') shelf.expect(entry['docpack_id'])
    },
  })
  const submitJob = createSubmitJob({
    queue,
    allowedHosts: config.ALLOWED_GIT_HOSTS,
    ttlSeconds: config.TASK_TTL_SECONDS,
    target: config.EDGE_WORKER_NAME,
    now,
  })
  const files = createDocpackFiles({ store })
  const page = createPage({ folder: WEB_FOLDER, basePath: config.BASE_PATH })

  const app = express()
  app.disable('x-powered-by')
  app.enable('case sensitive routing')
  // One proxy stands in front (Render, or a reverse proxy of one's own): the address it saw is the client's.
  app.set('trust proxy', 1)
  app.use(requestContext({ basePath: config.BASE_PATH, log, now, onFinish: (facts) => metrics.requestFinished(facts) }))
  app.use(securityHeaders({ isHttps: config.PUBLIC_URL?.startsWith('https://') === true }))
  app.use(cors(config.CORS_ORIGINS))

  const router = express.Router({ caseSensitive: true })
  router.use(requestSize)
  page.mountAssets(router)
  mountRoutes(router, {
    handlers: {
      ...ingestionRoutes({ submitJob, jobHistory, workerStatus: createWorkerStatus({ queue, privacy }) }),
      ...jobsRoutes({
        submitJob,
        findJob: createFindJob({ queue, privacy, onDocpack: (id) => shelf.expect(id) }),
        cancelJob: createCancelJob(queue),
        events: (jobId, options) => queue.events(jobId, options),
        linkBase: linkBase(config),
        streamSlots: streams,
        streamLimits: { ...EVENT_STREAM_LIMITS, ...parts.streamLimits },
      }),
      ...docpacksRoutes({
        shelf,
        commons: createCommons(shelf),
        docpackView: createDocpackView({ files, readManifest: parts.readManifest }),
        files,
        removeDocpack: createRemoveDocpack({ store, vectors: parts.vectors, shelf }),
      }),
      ...searchRoutes(
        createSearchSymbols({
          parts: parts.search,
          isPrivateRepository: (repoUrl) => shelf.isPrivateRepository(repoUrl),
          records: (options) => shelf.list(options),
          now,
        }),
      ),
      ...serviceRoutes({
        health: createHealth({
          queueHealth,
          objectStore: () => store.head('records/probe.json'),
          vectorStore: parts.vectorStoreProbe,
          now,
        }),
        metrics,
        jobHistory,
      }),
      ...page.handlers,
    },
    authenticate: createAuthenticator({
      tokens: config.PHAROS_ADMIN_TOKEN,
      limitBadTokens: perMinute(BAD_TOKENS_PER_MINUTE),
      onFailure: () => metrics.authFailed(),
    }),
    limitReads: perMinute(config.RATE_LIMIT_READS),
  })
  app.use(config.BASE_PATH === '' ? '/' : config.BASE_PATH, router)
  app.use((_request: Request, _response: Response, next: NextFunction) => next(new DoctownError('not_found', 'There is nothing here.')))
  app.use(answerErrors)
  return { express: app, streams, shelf }
}

/** Relative addresses would be read against whatever page shows them; with PUBLIC_URL they are whole. */
function linkBase({ PUBLIC_URL: url = '', BASE_PATH: basePath }: Pick<AppConfig, 'PUBLIC_URL' | 'BASE_PATH'>): string {
  return url.endsWith(basePath) ? url : url + basePath
}
