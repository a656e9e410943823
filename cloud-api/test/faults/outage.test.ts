import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { OUTAGES, prepareOutage } from '@doctown/common/test/faults/queue-outage-check.js'
import { startTestRedis, type TestRedis } from '@doctown/common/test/support/redis-server.js'
import { waitUntil } from '@doctown/common/test/support/wait-until.js'
import { startServer } from '../support/server-process.js'
import { ADMIN } from '../support/test-app.js'

/** What http-api.md promises: every answer within this, and service again within that. */
const ANSWER_MS = 2_000
const BACK_MS = 3_000
const LASTS_MS = 5_000

interface Answer {
  readonly what: string
  readonly status: number
  readonly text: string
  readonly headers: Headers
  readonly ms: number
}

describe('the API while Redis is away', function () {
  this.timeout(120_000)
  let folder: string
  let redis: TestRedis

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctown-outage-'))
    redis = await startTestRedis()
  })
  after(async () => {
    await redis.close()
    await rm(folder, { recursive: true, force: true })
  })

  for (const outage of OUTAGES) {
    it(`(${outage}) refuses every submission within 2 s in the contract's words, answers all else, and serves within 3 s of its return`, async () => {
      const fault = await prepareOutage(redis, outage)
      if (fault.isBefore) await fault.begin()
      // A command that hangs is refused and may be carried out later all the same: it must not fill the ten places of what comes after.
      const server = await startServer({ REDIS_URL: fault.redisUrl, DOCTOWN_DATA: folder, MAX_QUEUE_SIZE: '1000' })
      try {
        if (!fault.isBefore) {
          const before = await ask(server.url, 'POST', ingest('before'))
          assert.equal(before.status, 200, before.text)
          assert.equal((await ask(server.url, 'GET', '/api/v1/ingestion/jobs/history')).status, 200)
          await fault.begin()
        }
        const answers = await askWhileAway(server.url)
        for (const answer of answers) {
          // Reads of a process that has only just begun share its first, slow second; the promise is about submissions and health.
          const limitMs = /^POST|\/health$/.test(answer.what) ? ANSWER_MS : 2 * ANSWER_MS
          assert.ok(answer.ms < limitMs, `${answer.what}: ${answer.ms} ms`)
          checkAnswer(answer, folder)
        }
        assert.equal((await ask(server.url, 'GET', '/health')).status, 503)

        await fault.end()
        const endMs = performance.now()
        const back = async (method: string, path: () => string, body?: () => object): Promise<number> => {
          await waitUntil(
            async () => (await ask(server.url, method, path(), body?.())).status < 300,
            `${method} ${path()} served again (${outage})`,
            { timeoutMs: 15_000, everyMs: 50 },
          )
          return performance.now() - endMs
        }
        let n = 0
        const backMs = await Promise.all([
          back('GET', () => '/health'),
          back('POST', () => ingest(`after-${n++}`)),
          back(
            'POST',
            () => '/api/jobs',
            () => ({ repo_url: `github.com/user/json-${n++}` }),
          ),
          back('GET', () => '/api/v1/ingestion/worker/status'),
          back('GET', () => '/api/v1/ingestion/jobs/history'),
        ])
        for (const ms of backMs) assert.ok(ms < BACK_MS, `back after ${backMs.map(Math.round).join(', ')} ms`)
        const worstMs = Math.round(Math.max(...answers.map(({ ms }) => ms)))
        console.log(JSON.stringify({ outage, answers: answers.length, worstMs, backMs: backMs.map(Math.round) }))
      } finally {
        await server.stop()
        await fault.close()
      }
    })
  }
})

const ingest = (name: string): string => `/api/v1/ingestion/ingest/github.com/user/${name}`

async function askWhileAway(url: string): Promise<Answer[]> {
  const endMs = performance.now() + LASTS_MS
  const running: Promise<Answer>[] = []
  for (let n = 0; performance.now() < endMs; n++) {
    running.push(
      ask(url, 'POST', ingest(`away-${n}`)),
      ask(url, 'POST', '/api/jobs', { repo_url: `github.com/user/away-json-${n}` }),
      ask(url, 'GET', '/api/v1/ingestion/worker/status'),
      ask(url, 'GET', '/api/v1/ingestion/jobs/history'),
      ask(url, 'GET', `/api/jobs/${1_000 + n}/status`),
      ask(url, 'GET', `/api/jobs/${2_000 + n}/events`),
      ask(url, 'DELETE', `/api/jobs/${3_000 + n}`),
      ask(url, 'GET', '/api/docpacks'),
      ask(url, 'GET', '/metrics'),
      ask(url, 'GET', '/health/live'),
      ask(url, 'GET', '/health'),
    )
    await sleep(200)
  }
  return Promise.all(running)
}

async function ask(url: string, method: string, path: string, body?: object): Promise<Answer> {
  const startMs = performance.now()
  const response = await fetch(url + path, {
    method,
    headers: { ...ADMIN, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { what: `${method} ${path}`, status: response.status, text, headers: response.headers, ms: performance.now() - startMs }
}

/** A submission is always refused; what else is asked is refused too, or answered from a copy; what needs no Redis is served. */
function checkAnswer(answer: Answer, folder: string): void {
  const { what, status, text, headers } = answer
  const say = `${what}: ${status} ${text}`
  assert.ok(headers.get('x-request-id') !== null && headers.get('x-doctown-version') !== null, say)
  if (/^GET \/(metrics|health\/live|api\/docpacks)$/.test(what)) return assert.equal(status, 200, say)
  const body = JSON.parse(text) as Record<string, unknown>
  if (what === 'GET /health') {
    // Until the first command has failed nobody can know: /health sends none.
    assert.ok(status === 503 ? body['status'] === 'unavailable' : status === 200, say)
    return
  }
  // A connection that has only just gone silent still has its copy.
  if (status === 200 && /history|worker\/status/.test(what)) return
  assert.equal(status, 503, say)
  const [code, words] = what.includes('worker/status') ? ['redis_unavailable', 'Redis'] : ['queue_unavailable', 'Queue']
  assert.deepEqual(Object.keys(body).sort(), ['detail', 'error'], say)
  assert.equal(body['error'], code, say)
  assert.match(String(body['detail']), new RegExp(`^${words} unavailable: [A-Za-z][^\\n]+$`), say)
  assert.ok(!text.includes(folder) && !text.includes('sock') && !text.includes('127.0.0.1'), say)
  assert.match(String(headers.get('retry-after')), /^\d+$/, say)
}
