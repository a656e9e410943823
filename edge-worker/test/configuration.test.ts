import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApiConfigSchema } from '@doctown/cloud-api/config.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { loadConfig } from '@doctown/common/runtime/config.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { parse } from 'yaml'
import { WorkerConfigSchema } from '../src/config.js'
import { configurationPage } from './support/configuration-page.js'

const read = (file: string): string => readFileSync(join(repositoryRoot(), file), 'utf8')
const apiNames = new Set(Object.keys(ApiConfigSchema.shape))
const workerNames = new Set(Object.keys(WorkerConfigSchema.shape))
const unknown = (names: readonly string[], known: ReadonlySet<string>): string[] => names.filter((name) => !known.has(name))

describe('the settings', () => {
  it('of .env.example are all read by the API or the worker, and the values it shows are accepted', () => {
    const lines = read('.env.example')
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
    const entries = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]))
    assert.ok(lines.length > 15)
    assert.deepEqual(unknown(Object.keys(entries), new Set([...apiNames, ...workerNames])), [])
    loadConfig(WorkerConfigSchema, entries)
    loadConfig(ApiConfigSchema, { ...entries, PHAROS_ADMIN_TOKEN: 'x'.repeat(43) })
  })

  it('of render.yaml are read by the API, and with its secrets filled in the API would start', () => {
    const { services } = parse(read('render.yaml')) as {
      services: { envVars: { key: string; value?: string; sync?: boolean }[]; healthCheckPath: string; startCommand: string }[]
    }
    const [service] = services
    assert.ok(service)
    assert.deepEqual(
      unknown(
        service.envVars.map(({ key }) => key),
        new Set([...apiNames, 'NODE_ENV']),
      ),
      [],
    )
    const secrets: Record<string, string> = {
      PHAROS_ADMIN_TOKEN: 'x'.repeat(43),
      PUBLIC_URL: 'https://doctown.example',
      REDIS_URL: 'rediss://default:x@redis.example:6379',
      BUCKET_ENDPOINT: 'https://account.r2.example',
      BUCKET_ACCESS_KEY_ID: 'id',
      BUCKET_SECRET: 'secret',
      QDRANT_URL: 'https://qdrant.example:6333',
      QDRANT_API_KEY: 'key',
    }
    const environment = Object.fromEntries(service.envVars.map(({ key, value }) => [key, value ?? secrets[key]]))
    assert.equal(loadConfig(ApiConfigSchema, environment).PRODUCTION, true)
    assert.equal(service.healthCheckPath, '/health/live')
    assert.match(service.startCommand, /cloud-api\/dist\/src\/bin\/server\.js$/)
  })

  it('of docker-compose.yml are read by the process they are given to', () => {
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
      services: Record<string, { environment?: Record<string, string> }>
    }
    const own = new Set(['PHAROS_ADMIN_TOKEN'])
    assert.deepEqual(unknown(Object.keys(services['cloud-api']?.environment ?? {}), apiNames), [])
    assert.deepEqual(
      unknown(
        Object.keys(services['edge-worker']?.environment ?? {}).filter((name) => !own.has(name)),
        workerNames,
      ),
      [],
    )
    assert.ok(Object.keys(services['edge-worker']?.environment ?? {}).length > 5)
  })

  it('are all listed in docs/configuration.md', () => {
    assert.equal(read('docs/configuration.md'), configurationPage())
  })

  it('that are wrong are all named at once', () => {
    assert.throws(
      () =>
        loadConfig(WorkerConfigSchema, {
          REDIS_URL: 'http://x',
          ONNX_USE_GPU: 'maybe',
          WORKER_HEARTBEAT_SECONDS: '0',
          ALLOWED_GIT_HOSTS: 'a b',
        }),
      (error: unknown) =>
        error instanceof DoctownError &&
        error.code === 'config_invalid' &&
        ['REDIS_URL', 'ONNX_USE_GPU', 'WORKER_HEARTBEAT_SECONDS', 'ALLOWED_GIT_HOSTS'].every((name) => error.message.includes(name)),
    )
  })

  it('let no release pause a job: DOCTOWN_TEST_PAUSE_AT is refused outside tests', () => {
    assert.throws(() => loadConfig(WorkerConfigSchema, { DOCTOWN_TEST_PAUSE_AT: 'parse' }), DoctownError)
    loadConfig(WorkerConfigSchema, { DOCTOWN_TEST_PAUSE_AT: 'parse', NODE_ENV: 'test' })
  })
})
