import assert from 'node:assert/strict'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { loadConfig } from '@doctown/common/runtime/config.js'
import { ApiConfigSchema } from '../src/config.js'

const TOKEN = 't'.repeat(32)
const problems = (environment: Record<string, string>): string[] => {
  try {
    loadConfig(ApiConfigSchema, environment)
    return []
  } catch (error) {
    assert.ok(error instanceof DoctownError && error.code === 'config_invalid')
    return (error.details['problems'] as string[]).map((problem) => problem.split(':')[0] ?? '')
  }
}

describe('the settings of cloud-api', () => {
  it('need only a token', () => {
    const config = loadConfig(ApiConfigSchema, { PHAROS_ADMIN_TOKEN: TOKEN, PORT: '', BASE_PATH: '' })
    assert.equal(config.PORT, 8080)
    assert.equal(config.REDIS_URL.reveal(), 'redis://127.0.0.1:6379')
    assert.deepEqual(config.ALLOWED_GIT_HOSTS, [{ host: 'github.com', origin: null }])
    assert.equal(config.MAX_QUEUE_SIZE, 10)
    assert.equal(config.TASK_TTL_SECONDS, 86_400)
    assert.equal(config.EDGE_WORKER_NAME, 'RTX-4070-Node')
    assert.equal(config.BUCKET_NAME, 'doctown-central')
    assert.deepEqual(
      config.PHAROS_ADMIN_TOKEN.map((token) => token.reveal()),
      [TOKEN],
    )
  })

  it('that are wrong are all named at once', () => {
    const wrong = {
      PHAROS_ADMIN_TOKEN: 'short',
      PORT: 'abc',
      PUBLIC_URL: 'doctown.example',
      BASE_PATH: 'doctown',
      CORS_ORIGINS: 'https://a.example/path',
      ALLOWED_GIT_HOSTS: 'git hub.com',
      REDIS_URL: 'http://127.0.0.1',
      BUCKET_ENDPOINT: 'https://store.example',
      LOG_LEVEL: 'loud',
      MAX_QUEUE_SIZE: '0',
      TASK_TTL_SECONDS: '-1',
      EDGE_WORKER_NAME: 'a b',
      RATE_LIMIT_READS: '1.5',
      MAX_EVENT_STREAMS: 'many',
      WORKER_HEARTBEAT_SECONDS: '0',
      PRODUCTION: 'yes',
    }
    assert.deepEqual(
      new Set(problems(wrong)),
      new Set([...Object.keys(wrong).filter((name) => name !== 'BUCKET_ENDPOINT'), 'BUCKET_ACCESS_KEY_ID', 'BUCKET_SECRET']),
    )
  })

  it('name the token when it is missing, too short in either half, or three', () => {
    for (const token of [
      undefined,
      'x'.repeat(31),
      `${TOKEN},short`,
      `${TOKEN},${TOKEN},${TOKEN}`,
      `${'x'.repeat(20)} ${'x'.repeat(20)}`,
    ]) {
      assert.deepEqual(problems(token === undefined ? {} : { PHAROS_ADMIN_TOKEN: token }), ['PHAROS_ADMIN_TOKEN'], String(token))
    }
    assert.deepEqual(problems({ PHAROS_ADMIN_TOKEN: `${TOKEN},${'u'.repeat(32)}` }), [])
  })

  it('in production ask for https and a bucket, also beside other mistakes', () => {
    assert.deepEqual(problems({ PRODUCTION: 'true', PORT: 'x' }), [
      'PHAROS_ADMIN_TOKEN',
      'PORT',
      'PUBLIC_URL',
      'BUCKET_ENDPOINT',
      'BUCKET_ACCESS_KEY_ID',
      'BUCKET_SECRET',
    ])
    const bucket = { BUCKET_ENDPOINT: 'https://store.example', BUCKET_ACCESS_KEY_ID: 'a', BUCKET_SECRET: 'b' }
    assert.deepEqual(problems({ PHAROS_ADMIN_TOKEN: TOKEN, PRODUCTION: 'true', PUBLIC_URL: 'https://doctown.example', ...bucket }), [])
    assert.deepEqual(problems({ PHAROS_ADMIN_TOKEN: TOKEN, PRODUCTION: 'true', PUBLIC_URL: 'http://doctown.example', ...bucket }), [
      'PUBLIC_URL',
    ])
  })

  it('take Redis over TCP, TLS or a socket, and never show it', () => {
    for (const url of ['redis://127.0.0.1:6379', 'rediss://default:password@host:6380', 'unix:/tmp/redis.sock']) {
      const { REDIS_URL } = loadConfig(ApiConfigSchema, { PHAROS_ADMIN_TOKEN: TOKEN, REDIS_URL: url })
      assert.equal(REDIS_URL.reveal(), url)
      assert.equal(JSON.stringify({ REDIS_URL }), '{"REDIS_URL":"[redacted]"}')
    }
    for (const url of ['redis://', '127.0.0.1:6379', 'unix:relative', 'file:///x'])
      assert.deepEqual(problems({ PHAROS_ADMIN_TOKEN: TOKEN, REDIS_URL: url }), ['REDIS_URL'], url)
  })
})
