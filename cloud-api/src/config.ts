import { z } from 'zod'
import { parseAllowedHosts } from '@doctown/common/contracts/repo-url.js'
import { Secret } from '@doctown/common/contracts/secret.js'
import { booleanSetting, integerSetting, portSetting, secretSetting, urlSetting } from '@doctown/common/runtime/config.js'

/** Shorter ones can be guessed; `openssl rand -hex 32` gives 64. */
const ADMIN_TOKEN_CHARACTERS = 32

const list = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

const adminTokens = z
  .string({ error: `is needed: a secret of at least ${ADMIN_TOKEN_CHARACTERS} characters, for example from "openssl rand -hex 32"` })
  .refine((text) => {
    const tokens = list(text)
    return (
      tokens.length >= 1 &&
      tokens.length <= 2 &&
      tokens.every((token) => /^[\x21-\x7e]+$/.test(token) && token.length >= ADMIN_TOKEN_CHARACTERS)
    )
  }, `must be one secret of at least ${ADMIN_TOKEN_CHARACTERS} characters without spaces, or two with a comma between them while rotating`)
  .transform((text) => list(text).map((token) => new Secret(token)))

const basePath = z
  .string()
  .regex(/^(?:\/[A-Za-z0-9._~-]+)*\/?$/, 'must be a path such as /doctown')
  .transform((path) => path.replace(/\/$/, ''))

const origins = z
  .string()
  .refine(
    (text) => list(text).every((origin) => origin === '*' || isOrigin(origin)),
    'must be origins such as https://example.org, with commas between them',
  )
  .transform(list)

const gitHosts = z.string().transform((text, context) => {
  try {
    return parseAllowedHosts(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message.replace(/^ALLOWED_GIT_HOSTS /, '') : String(error) })
    return z.NEVER
  }
})

const redisUrl = z
  .string()
  .refine((url) => /^unix:\/[^\0]+$/.test(url) || /^rediss?:\/\/[^\s/]+/.test(url), 'must begin with redis://, rediss:// or unix:/')
  .transform((url) => new Secret(url))

const BUCKET_NAMES = ['BUCKET_ENDPOINT', 'BUCKET_ACCESS_KEY_ID', 'BUCKET_SECRET'] as const

const settings = z.object({
  PHAROS_ADMIN_TOKEN: adminTokens.describe('Secret of the admin bearer; two with a comma between them while rotating.'),
  PORT: portSetting.default(8080).describe('Port to serve on; 0 takes any free one.'),
  PUBLIC_URL: urlSetting(['http:', 'https:'])
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe('Where clients reach this service.'),
  BASE_PATH: basePath.default('').describe('Prefix of every route, for a host that shares its name.'),
  CORS_ORIGINS: origins.default([]).describe('Origins whose pages may call this service.'),
  ALLOWED_GIT_HOSTS: gitHosts.prefault('github.com').describe('Hosts that repositories may come from.'),
  REDIS_URL: redisUrl.prefault('redis://127.0.0.1:6379').describe('The queue: redis://, rediss:// (TLS) or unix:/path of a socket.'),
  BUCKET_ENDPOINT: urlSetting(['http:', 'https:']).optional().describe('R2 or any S3; without it docpacks lie in DOCTOWN_DATA.'),
  BUCKET_ACCESS_KEY_ID: z.string().optional().describe('Access key of the bucket.'),
  BUCKET_SECRET: secretSetting().optional().describe('Secret key of the bucket.'),
  BUCKET_NAME: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .default('doctown-central')
    .describe('Name of the bucket.'),
  DOCTOWN_DATA: z.string().default('.doctown').describe('Folder for everything kept on this machine.'),
  QDRANT_URL: urlSetting(['http:', 'https:']).optional().describe('The vector store, when it is a Qdrant.'),
  QDRANT_API_KEY: secretSetting().optional().describe('Its key.'),
  EMBEDDER_URL: urlSetting(['http:', 'https:'])
    .optional()
    .describe(
      "Embedding service that runs the worker's MODEL_PATH, for queries; without it they are compared by the built-in model alone.",
    ),
  STAGE_TOKEN: secretSetting().optional().describe('Bearer that the embedding service asks for, if it does.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'must be trace, debug, info, warn, error, fatal or silent')
    .default('info')
    .describe('Least severe log line.'),
  MAX_QUEUE_SIZE: integerSetting({ min: 1, max: 10_000 }).default(10).describe('Jobs that may wait.'),
  TASK_TTL_SECONDS: integerSetting({ min: 1, max: 31_536_000 }).default(86_400).describe('A job that waited longer is skipped.'),
  EDGE_WORKER_NAME: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits or "._-"')
    .default('RTX-4070-Node')
    .describe('Name of the edge worker, told to clients as `target`.'),
  RATE_LIMIT_READS: integerSetting({ min: 0, max: 1_000_000 }).default(600).describe('Reads a minute an address; 0 is no limit.'),
  MAX_EVENT_STREAMS: integerSetting({ min: 1, max: 100_000 }).default(100).describe('Event streams open at once.'),
  MAX_EVENT_STREAMS_PER_ADDRESS: integerSetting({ min: 1, max: 100_000 })
    .default(5)
    .describe('The same, of one address; this machine is exempt.'),
  WORKER_HEARTBEAT_SECONDS: integerSetting({ min: 1, max: 3600 }).default(120).describe('How often a worker says that it lives.'),
  PRODUCTION: booleanSetting.default(false).describe('Asks for PUBLIC_URL with https and for BUCKET_*; logs carry no stacks.'),
})

/** Every setting of cloud-api. Those that two processes share have the same meaning in both (docs/configuration.md). */
export const ApiConfigSchema = settings
  // `when`: also beside other mistakes, so that one start tells them all.
  .superRefine(bucketIsWhole, { when: () => true })
  .superRefine(productionIsSafe, { when: () => true })

export type ApiConfig = z.output<typeof ApiConfigSchema>

type Checked = Partial<z.output<typeof settings>>
type Context = { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void }

function bucketIsWhole(config: Checked, context: Context): void {
  const set = BUCKET_NAMES.filter((name) => config[name] !== undefined)
  if (set.length === 0 || set.length === BUCKET_NAMES.length) return
  for (const name of BUCKET_NAMES.filter((name) => config[name] === undefined)) {
    context.addIssue({ code: 'custom', path: [name], message: `is needed because ${set.join(' and ')} is set` })
  }
}

/** A host that forgets its disk must not hold the only copy. */
function productionIsSafe(config: Checked, context: Context): void {
  if (config.PRODUCTION !== true) return
  if (config.PUBLIC_URL?.startsWith('https://') !== true) {
    context.addIssue({ code: 'custom', path: ['PUBLIC_URL'], message: 'must be set and begin with https:// when PRODUCTION is true' })
  }
  if (BUCKET_NAMES.every((name) => config[name] === undefined)) {
    for (const name of BUCKET_NAMES) context.addIssue({ code: 'custom', path: [name], message: 'is needed when PRODUCTION is true' })
  }
}

function isOrigin(text: string): boolean {
  try {
    const url = new URL(text)
    return ['http:', 'https:'].includes(url.protocol) && url.origin === text
  } catch {
    return false
  }
}
