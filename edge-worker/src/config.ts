import { parseAllowedHosts } from '@doctown/common/contracts/repo-url.js'
import { STAGE_NAMES } from '@doctown/common/contracts/stage-services.js'
import { booleanSetting, integerSetting, secretSetting, urlSetting } from '@doctown/common/runtime/config.js'
import { z } from 'zod'

/** Settings of the build itself, which the command line and the worker share. */
const buildSettings = {
  MODEL_PATH: z.string().optional().describe('Folder of a sentence-embedding model for ONNX Runtime; unset: the built-in model alone.'),
  SKIP_EMBEDDING: booleanSetting.default(false).describe('Embed nothing.'),
  ONNX_USE_GPU: z
    .enum(['auto', 'true', 'false'], 'must be auto, true or false')
    .default('auto')
    .describe('auto: cuda, then webgpu, then cpu; true: refuse to start without a GPU; false: cpu.'),
  GRAPH_TRAIN_STEPS: integerSetting({ min: 0, max: 100_000 })
    .default(400)
    .describe('Steps of training graph vectors; 0: none. In `doctown build` only with --train.'),
  INCLUDE_PRIVATE: booleanSetting.default(false).describe('List private symbols too.'),
  INCLUDE_SOURCE: booleanSetting.default(false).describe('Put a snapshot of the source into the docpack.'),
  GIT_TOKEN: secretSetting().optional().describe('Token for private repositories; handed to git only when the forge asks for one.'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('How much is logged.'),
} as const

/** Everything the edge worker reads from its environment. */
export const WorkerConfigSchema = z
  .object({
    ...buildSettings,
    DOCTOWN_DATA: z.string().default('.doctown').describe('Folder for everything the worker keeps on this machine.'),
    EDGE_WORKER_NAME: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
      .default('RTX-4070-Node')
      .describe('Name shown on the dashboard.'),
    REDIS_URL: urlSetting(['redis:', 'rediss:', 'unix:'])
      .default('redis://127.0.0.1:6379')
      .describe('The queue: redis://, rediss:// (Upstash) or unix:/path/to.sock.'),
    ALLOWED_GIT_HOSTS: z
      .string()
      .default('github.com')
      .transform((list, context) => {
        try {
          return parseAllowedHosts(list)
        } catch (error) {
          context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
          return z.NEVER
        }
      })
      .describe('Comma-separated hosts that may be cloned: host, host:port or http://host:port.'),
    BUCKET_ENDPOINT: urlSetting(['https:', 'http:']).optional().describe('S3 endpoint of the docpack store (R2); unset: a local folder.'),
    BUCKET_NAME: z.string().default('doctown-central').describe('Bucket for docpacks.'),
    BUCKET_ACCESS_KEY_ID: z.string().optional().describe('Access key of the bucket.'),
    BUCKET_SECRET: secretSetting().optional().describe('Secret of the bucket.'),
    QDRANT_URL: urlSetting(['https:', 'http:']).optional().describe('Vector store; unset: a local file.'),
    QDRANT_API_KEY: secretSetting().optional().describe('Key of the vector store.'),
    WORKER_HEARTBEAT_SECONDS: integerSetting({ min: 1, max: 3600 }).default(120).describe('Seconds between signs of life.'),
    QUEUE_LOCK_SECONDS: integerSetting({ min: 1, max: 3600 }).default(120).describe('Seconds a job stays locked without renewal.'),
    QUEUE_STALLED_SECONDS: integerSetting({ min: 1, max: 86400 }).default(600).describe('Seconds between looks for lost jobs.'),
    TASK_TTL_SECONDS: integerSetting({ min: 1, max: 31536000 }).default(86400).describe('Age at which a waiting job is skipped.'),
    KEEP_PER_REPOSITORY: integerSetting({ min: 1, max: 1000 }).default(5).describe('Docpacks kept of each repository.'),
    PARSE_PROCESSES: integerSetting({ min: 1, max: 64 }).optional().describe('Parser processes; unset: one a core, at most 4.'),
    OPENAI_API_KEY: secretSetting()
      .optional()
      .describe('Key of the language model; this version writes extractive documentation either way.'),
    ALLOW_LOCAL_FOLDERS: booleanSetting
      .default(false)
      .describe('Build folders that lie on the queue; set by `doctown up` for its own worker, for nobody else.'),
    DOCTOWN_SEED: integerSetting({ min: 0, max: 2147483647 }).default(1).describe('Seed of clustering and graph vectors.'),
    PRODUCTION: booleanSetting.default(false).describe('Asks for a real docpack store and keeps stacks out of the log.'),
    NODE_ENV: z.string().optional().describe('`test` allows DOCTOWN_TEST_PAUSE_AT.'),
    DOCTOWN_TEST_PAUSE_AT: z.enum(STAGE_NAMES).optional().describe('Only with NODE_ENV=test: the stage at which a job waits for ever.'),
  })
  .superRefine((config, context) => {
    const bucket = [config.BUCKET_ENDPOINT, config.BUCKET_ACCESS_KEY_ID, config.BUCKET_SECRET]
    const set = bucket.filter((value) => value !== undefined).length
    if (set !== 0 && set !== bucket.length) {
      context.addIssue({
        code: 'custom',
        path: ['BUCKET_ENDPOINT'],
        message: 'BUCKET_ENDPOINT, BUCKET_ACCESS_KEY_ID and BUCKET_SECRET belong together: set all three or none',
      })
    }
    if (config.PRODUCTION && set === 0) {
      context.addIssue({ code: 'custom', path: ['BUCKET_ENDPOINT'], message: 'PRODUCTION=true needs the BUCKET_* variables' })
    }
    if (config.DOCTOWN_TEST_PAUSE_AT !== undefined && config.NODE_ENV !== 'test') {
      context.addIssue({ code: 'custom', path: ['DOCTOWN_TEST_PAUSE_AT'], message: 'is for tests only (NODE_ENV=test)' })
    }
  })
export type WorkerConfig = z.infer<typeof WorkerConfigSchema>

/** What `doctown build` reads; it opens no queue and no store. */
export const BuildConfigSchema = z.object({
  ...buildSettings,
  PARSE_PROCESSES: WorkerConfigSchema.shape.PARSE_PROCESSES,
  DOCTOWN_SEED: WorkerConfigSchema.shape.DOCTOWN_SEED,
  LOG_LEVEL: buildSettings.LOG_LEVEL.unwrap().default('warn'),
})
export type BuildConfig = z.infer<typeof BuildConfigSchema>
