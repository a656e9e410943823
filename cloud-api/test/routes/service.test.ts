import assert from 'node:assert/strict'
import { connect } from 'node:net'
import request from 'supertest'
import { HealthSchema } from '@doctown/common/contracts/http/bodies.js'
import { DOCTOWN_VERSION } from '@doctown/common/contracts/version.js'
import { createMemoryObjectStore } from '@doctown/common/ports/object-store/memory.js'
import { completeResult } from '@doctown/common/test/ports/queue/samples.js'
import { publishSample } from '../support/samples.js'
import { ADMIN, appsOfEachTest, type TestApp } from '../support/test-app.js'
import { startWorker } from '../support/worker.js'

describe('GET /health', () => {
  const start = appsOfEachTest()
  const health = async (api: TestApp, status: number): Promise<ReturnType<typeof HealthSchema.parse>> =>
    HealthSchema.parse((await request(api.server).get('/health').expect(status)).body)

  it('is ok with all in place, degraded without a worker, unavailable without Redis', async () => {
    const api = await start()
    const services = { redis: 'ok', object_store: 'ok', vector_store: 'unknown' }
    assert.deepEqual(await health(api, 200), { status: 'degraded', services: { ...services, worker: 'down' } })
    const worker = await startWorker(api.memory, async (job) => completeResult(job))
    assert.deepEqual(await health(api, 200), { status: 'ok', services: { ...services, worker: 'ok' } })
    api.memory.setOutage('connection refused')
    assert.deepEqual(await health(api, 503), { status: 'unavailable', services: { ...services, redis: 'down', worker: 'unknown' } })
    await request(api.server).get('/health/live').expect(200, { status: 'ok' })
    api.memory.setOutage(null)
    assert.equal((await health(api, 200)).status, 'ok')
    await worker.stop({ graceMs: 0 })
  })

  it('answers within two seconds while every store is silent', async () => {
    const silent = (): Promise<never> => new Promise(() => {})
    const api = await start({ store: { ...createMemoryObjectStore(), head: silent }, parts: { vectorStoreProbe: silent } })
    const startedAt = Date.now()
    const { status, services } = await health(api, 200)
    assert.ok(Date.now() - startedAt < 2000)
    assert.deepEqual([status, services.object_store, services.vector_store], ['degraded', 'down', 'down'])
  })
})

describe('GET /metrics', () => {
  const start = appsOfEachTest()

  it('counts jobs, failures of authentication, bytes and workers under one prefix', async () => {
    const api = await start()
    const worker = await startWorker(api.memory, async (job) => completeResult(job))
    await publishSample(api.store, { jobId: '1', bytes: new Uint8Array(1234) })
    await request(api.server).post('/api/v1/ingestion/ingest/github.com/a/b').set(ADMIN).expect(200)
    await request(api.server).post('/api/v1/ingestion/ingest/github.com/a/b').expect(401)
    await request(api.server).get('/api/docpacks').expect(200)
    await request(api.server).get('/api/v1/ingestion/jobs/history').expect(200)
    const { text, headers } = await request(api.server).get('/metrics').expect(200)
    assert.match(String(headers['content-type']), /^text\/plain/)
    const value = (name: string): number => Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (.*)$`, 'm').exec(text)?.[1])
    assert.equal(value('doctown_jobs_total{status="complete"}'), 1)
    assert.equal(value('doctown_job_duration_seconds_count'), 1)
    assert.equal(value('doctown_auth_failures_total'), 1)
    assert.equal(value('doctown_stored_bytes'), 1234)
    assert.equal(value('doctown_queue_waiting'), 0)
    assert.ok(value('doctown_worker_last_seen_seconds{worker="RTX-4070-Node-1"}') < 5)
    assert.deepEqual(
      text.split('\n').filter((line) => line !== '' && !/^(# (HELP|TYPE) )?doctown_/.test(line)),
      [],
    )
    await worker.stop({ graceMs: 0 })
  })
})

describe('every answer', () => {
  const start = appsOfEachTest()

  it('carries the version and an id of the request, the caller’s own when it gives one', async () => {
    const api = await start()
    for (const path of ['/', '/health', '/nothing', '/api/jobs/1/status', '/openapi.json', '/assets/dashboard.css']) {
      const { headers } = await request(api.server).get(path)
      assert.equal(headers['x-doctown-version'], DOCTOWN_VERSION, path)
      assert.match(String(headers['x-request-id']), /^[0-9a-f-]{36}$/, path)
    }
    const own = await request(api.server).get('/health/live').set('x-request-id', 'trace-0123456789')
    assert.equal(own.headers['x-request-id'], 'trace-0123456789')
    const odd = await request(api.server).get('/health/live').set('x-request-id', 'a b"<script>')
    assert.match(String(odd.headers['x-request-id']), /^[0-9a-f-]{36}$/)
  })

  it('is JSON for what is not here, also for the parts that come later', async () => {
    const api = await start()
    const paths = [
      '/nothing',
      '/api',
      '/api/webhook',
      '/mcp',
      '/commons',
      '/.env',
      '/assets/../config.js',
      '/%E0%A4%A',
      '/Health',
      '//health',
      '/api/jobs/1',
    ]
    for (const path of paths) {
      const response = await request(api.server).get(path)
      assert.deepEqual([response.status, response.body.error], [404, 'not_found'], path)
      assert.ok(typeof response.body.detail === 'string')
    }
    await request(api.server).post('/api/webhook').send('{}').expect(404)
    await request(api.server).put('/api/docpacks').send('{}').expect(404)
    await request(api.server).get('/api/v1/ingestion/ingest/github.com/a/b').expect(404)
    await request(api.server).post('/api/docpack/upload').send('{}').expect(404)
  })

  it('forbids a browser everything that is not ours', async () => {
    const api = await start()
    const { headers } = await request(api.server).get('/').expect(200)
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /script-src 'self'(;|$)/)
    assert.match(policy, /style-src 'self'(;|$)/)
    assert.ok(!/unsafe|https?:|\*/.test(policy), policy)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['x-powered-by'], undefined)
    assert.equal(headers['strict-transport-security'], undefined)
    const https = await start({ environment: { PUBLIC_URL: 'https://doctown.example' } })
    assert.match(String((await request(https.server).get('/').expect(200)).headers['strict-transport-security']), /max-age=\d+/)
  })

  it('refuses what is too long, in JSON', async () => {
    const api = await start()
    const long = await request(api.server).get(`/health?x=${'a'.repeat(9000)}`)
    assert.deepEqual([long.status, long.body.error], [414, 'uri_too_long'])
    const headers = await request(api.server).get('/health').set('x-long', 'a'.repeat(17_000))
    assert.deepEqual([headers.status, headers.body.error], [431, 'headers_too_large'])
    const answers = {
      [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`]: /^HTTP\/1\.1 431 .*"error":"headers_too_large"/s,
      'NONSENSE\r\n\r\n': /^HTTP\/1\.1 400 .*"error":"invalid_request"/s,
      'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n': /^HTTP\/1\.1 400 .*"error":"invalid_request"/s,
      'GET http://elsewhere/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n': /^HTTP\/1\.1 400 .*"error":"invalid_request"/s,
      'GET /health/live HTTP/1.1\r\nhost: x\r\nexpect: tea\r\nconnection: close\r\n\r\n': /^HTTP\/1\.1 200 /s,
    }
    for (const [sent, expected] of Object.entries(answers)) assert.match(await raw(api, sent), expected)
  })

  it('is no tunnel, takes one host, and answers no request with the refusal of the next', async () => {
    const api = await start()
    assert.match(
      await raw(api, 'CONNECT elsewhere:443 HTTP/1.1\r\nhost: elsewhere\r\n\r\n'),
      /^HTTP\/1\.1 400 .*"error":"invalid_request"/s,
    )
    const twoHosts = 'GET /health/live HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n'
    assert.match(await raw(api, twoHosts), /^HTTP\/1\.1 400 .*"error":"invalid_request"/s)
    // The first is still being answered when the second turns out to be nothing.
    assert.ok(!(await raw(api, 'GET /health HTTP/1.1\r\nhost: x\r\n\r\nNONSENSE\r\n\r\n')).startsWith('HTTP/1.1 400'))
  })

  it('never tells a stranger of our own troubles', async () => {
    const api = await start()
    api.memory.queue.workers = async () => {
      throw new TypeError('Cannot read /srv/doctown/secret of undefined')
    }
    const { body, text } = await request(api.server).get('/api/v1/ingestion/worker/status').expect(500)
    assert.equal(body.error, 'internal')
    assert.ok(!/srv|TypeError|at .*:\d+/.test(text))
    assert.ok(api.log.some(({ level, message }) => level === 'error' && message === 'request failed'))
  })
})

describe('a guest', () => {
  const start = appsOfEachTest()

  it('may read so much a minute, is told when to come back, and never keeps a good token out', async () => {
    const api = await start({ environment: { RATE_LIMIT_READS: '5' } })
    const read = (address: string): request.Test => request(api.server).get('/api/docpacks').set('x-forwarded-for', address)
    for (let i = 0; i < 5; i += 1) await read('203.0.113.1').expect(200)
    const refused = await read('203.0.113.1').expect(429)
    assert.equal(refused.body.error, 'rate_limited')
    assert.deepEqual(Object.keys(refused.body).sort(), ['detail', 'error'])
    assert.match(String(refused.headers['retry-after']), /^[1-9]\d?$/)
    await read('203.0.113.2').expect(200)
    await request(api.server).get('/health').set('x-forwarded-for', '203.0.113.1').expect(200)
    await request(api.server).post('/api/v1/ingestion/ingest/github.com/a/b').set('x-forwarded-for', '203.0.113.1').set(ADMIN).expect(200)
  })

  it('may guess twenty tokens a minute; each guess is logged without the token and counted', async () => {
    const api = await start()
    const guess = (address: string): request.Test =>
      request(api.server)
        .post('/api/v1/ingestion/ingest/github.com/a/b')
        .set('x-forwarded-for', address)
        .set('authorization', 'Bearer guessed-secret-value')
    for (let i = 0; i < 20; i += 1) await guess('203.0.113.1').expect(401)
    const refused = await guess('203.0.113.1').expect(429)
    assert.equal(refused.body.error, 'rate_limited')
    assert.ok(refused.headers['retry-after'])
    await guess('203.0.113.2').expect(401)
    await request(api.server).post('/api/v1/ingestion/ingest/github.com/a/b').set('x-forwarded-for', '203.0.113.1').set(ADMIN).expect(200)
    const lines = api.log.filter(({ message }) => message === 'authentication failed')
    assert.equal(lines.length, 22)
    assert.equal(lines[0]?.facts['address'], '203.0.113.1')
    assert.ok(!JSON.stringify(api.log).includes('guessed-secret-value'))
  })

  it('cannot try tokens at a public address instead', async () => {
    const api = await start()
    const guess = (): request.Test => request(api.server).get('/api/docpacks').set('authorization', 'Bearer wrong')
    for (let i = 0; i < 20; i += 1) await guess().expect(200)
    await guess().expect(429)
  })
})

describe('settings of the service', () => {
  const start = appsOfEachTest()

  it('BASE_PATH moves everything under one prefix', async () => {
    const api = await start({ environment: { BASE_PATH: '/doctown/' } })
    await request(api.server).get('/doctown/health/live').expect(200)
    await request(api.server).get('/doctown/').expect(200).expect('content-type', /html/)
    await request(api.server).get('/doctown/assets/dashboard.css').expect(200)
    assert.equal((await request(api.server).get('/doctown').expect(308)).headers['location'], '/doctown/')
    const { body } = await request(api.server).post('/doctown/api/v1/ingestion/ingest/https://github.com/a/b').set(ADMIN).expect(200)
    assert.equal(body.job_id, 1)
    for (const path of ['/health/live', '/', '/doctownx/health', '/api/docpacks']) await request(api.server).get(path).expect(404)
  })

  it('CORS_ORIGINS lets the pages of those origins in, and nobody by default', async () => {
    const closed = await start()
    const plain = await request(closed.server).get('/health/live').set('origin', 'https://a.example')
    assert.equal(plain.headers['access-control-allow-origin'], undefined)
    const api = await start({ environment: { CORS_ORIGINS: 'https://a.example,https://b.example' } })
    const allowed = await request(api.server).get('/health/live').set('origin', 'https://b.example')
    assert.equal(allowed.headers['access-control-allow-origin'], 'https://b.example')
    const other = await request(api.server).get('/health/live').set('origin', 'https://c.example')
    assert.equal(other.headers['access-control-allow-origin'], undefined)
    const preflight = await request(api.server)
      .options('/api/jobs')
      .set('origin', 'https://a.example')
      .set('access-control-request-method', 'POST')
      .expect(204)
    assert.match(String(preflight.headers['access-control-allow-headers']), /authorization/)
  })
})

/** Sends bytes as they stand and reads until the server closes. */
function raw(api: TestApp, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk) => (answer += String(chunk)))
    socket.on('close', () => resolve(answer))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(answer) : reject(error),
    )
  })
}
