import assert from 'node:assert/strict'
import request from 'supertest'
import { DispatchedSchema, HistorySchema, WorkerStatusSchema } from '@doctown/common/contracts/http/bodies.js'
import { completeResult } from '@doctown/common/test/ports/queue/samples.js'
import { waitUntil } from '@doctown/common/test/support/wait-until.js'
import { publishSample } from '../support/samples.js'
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js'
import { gate, report, startWorker } from '../support/worker.js'

const INGEST = '/api/v1/ingestion/ingest'

describe('POST /api/v1/ingestion/ingest/{repo_url}', () => {
  let api: TestApp
  beforeEach(async () => (api = await startTestApp({ environment: { EDGE_WORKER_NAME: 'Node-7' } })))
  afterEach(() => api.close())
  const submit = (path: string): request.Test => request(api.server).post(`${INGEST}/${path}`).set(ADMIN)

  it('answers what the contract says, with the job as a number', async () => {
    const response = await submit('github.com/user/repo').expect(200)
    assert.deepEqual(DispatchedSchema.parse(response.body), {
      status: 'dispatched',
      job_id: 1,
      queue_position: 1,
      target: 'Node-7',
      queue_size: 1,
      max_queue_size: 10,
    })
  })

  it('takes an address plain or encoded once, in every spelling, as the same job', async () => {
    const spellings = [
      'github.com/user/repo',
      'https://github.com/user/repo',
      'https://GitHub.com/User/Repo.git/',
      encodeURIComponent('https://github.com/user/repo'),
      encodeURIComponent('github.com/user/repo.git'),
    ]
    for (const spelling of spellings) {
      const { body } = await submit(spelling).expect(200)
      assert.equal(body.job_id, 1, spelling)
      assert.equal(body.queue_size, 1, spelling)
    }
  })

  it('refuses encoded twice, tricks and the empty address, and queues nothing', async () => {
    const bad = [
      encodeURIComponent(encodeURIComponent('github.com/user/repo')),
      'https%3A%2F%2F127.0.0.1%2Fo%2Fr',
      'http://github.com/o/r',
      'git@github.com:o/r.git',
      'file%3A%2F%2F%2Fetc%2Fpasswd',
      'github.com/o/r%00',
      'github.com/o/r%0A',
      'github.com/o/..%2f..%2fetc',
      'github.com/o/%2e%2e',
      'github.com/o/r%3Fx=1',
      'https:/github.com/o/r',
      '%E0%A4%A',
      '',
      `github.com/o/${'r'.repeat(400)}`,
      encodeURIComponent('https://github。com/o/r'),
    ]
    for (const path of bad) {
      const { body } = await submit(path).expect(400)
      assert.deepEqual(body, { detail: 'Invalid repository URL', error: 'invalid_repo_url' }, path)
    }
    assert.equal(api.memory.queue.health().waiting, 0)
  })

  it('keeps ref apart from HEAD, and refuses one that git would', async () => {
    const head = await submit('github.com/user/repo').expect(200)
    const tag = await submit('github.com/user/repo?ref=v1.0.0').expect(200)
    assert.notEqual(head.body.job_id, tag.body.job_id)
    for (const query of ['ref=a..b', 'ref=-x', 'ref=a&ref=b', 'ref=%0a']) {
      const { body } = await submit(`github.com/user/repo?${query}`).expect(400)
      assert.equal(body.error, 'invalid_request', query)
    }
  })

  it('asks for the bearer before it looks at anything else', async () => {
    for (const path of ['github.com/user/repo', '%E0%A4%A', 'file:///etc/passwd', `github.com/o/${'r'.repeat(400)}`]) {
      const response = await request(api.server).post(`${INGEST}/${path}`).expect(401)
      assert.equal(response.headers['www-authenticate'], 'Bearer')
      assert.deepEqual(response.body, { detail: 'Invalid or missing authentication token', error: 'unauthorized' })
    }
    assert.equal(api.memory.queue.health().waiting, 0)
  })

  it('takes the scheme in any case and either of two tokens while they rotate', async () => {
    const [old, next] = ['o'.repeat(32), 'n'.repeat(32)]
    const rotating = await startTestApp({ environment: { PHAROS_ADMIN_TOKEN: `${old}, ${next}` } })
    try {
      for (const authorization of [`bearer ${old}`, `BEARER ${next}`, `Bearer  ${next}`]) {
        await request(rotating.server).post(`${INGEST}/github.com/user/repo`).set({ authorization }).expect(200)
      }
      for (const authorization of [`Basic ${old}`, `Bearer ${old}x`, `Bearer ${old}, ${next}`, old, 'Bearer']) {
        await request(rotating.server).post(`${INGEST}/github.com/user/repo`).set({ authorization }).expect(401)
      }
    } finally {
      await rotating.close()
    }
  })

  it('refuses the eleventh with what the queue holds and when to come back', async () => {
    for (let i = 0; i < 10; i += 1) await submit(`github.com/user/repo-${i}`).expect(200)
    const response = await submit('github.com/user/one-more').expect(429)
    assert.deepEqual(response.body, {
      detail: 'Queue is full (10 pending tasks). Please try again later.',
      error: 'queue_full',
      queue_size: 10,
      max_queue_size: 10,
    })
    assert.match(String(response.headers['retry-after']), /^[1-9]\d*$/)
    // One that waits already still gives its job.
    assert.equal((await submit('github.com/user/repo-3').expect(200)).body.job_id, 4)
  })

  it('ends at exactly ten of two hundred that arrive at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const response = await fetch(`${api.url}${INGEST}/github.com/user/repo-${i}`, { method: 'POST', headers: ADMIN })
        return { status: response.status, body: (await response.json()) as { queue_position: number } }
      }),
    )
    const taken = answers.filter(({ status }) => status === 200)
    assert.equal(taken.length, 10)
    assert.deepEqual(
      taken.map(({ body }) => body.queue_position).sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    )
    assert.equal(answers.filter(({ status }) => status === 429).length, 190)
  })

  it('says that the queue is away, and why', async () => {
    api.memory.setOutage('Connection timeout')
    const response = await submit('github.com/user/repo').expect(503)
    assert.deepEqual(response.body, { detail: 'Queue unavailable: Connection timeout', error: 'queue_unavailable' })
    assert.ok(response.headers['retry-after'])
  })
})

describe('GET /api/v1/ingestion/worker/status', () => {
  let api: TestApp
  beforeEach(async () => (api = await startTestApp()))
  afterEach(() => api.close())
  const status = async (): Promise<ReturnType<typeof WorkerStatusSchema.parse>> =>
    WorkerStatusSchema.parse((await request(api.server).get('/api/v1/ingestion/worker/status').expect(200)).body)

  it('is Offline without a worker, Idle with one, and tells the repository and the stage at work', async () => {
    assert.deepEqual(await status(), { status: 'Offline', workers: [], queue_size: 0, max_queue_size: 10 })
    const { opened, open } = gate()
    const worker = await startWorker(api.memory, async (job) => {
      await opened
      return completeResult(job)
    })
    assert.equal((await status()).status, 'Idle')
    await request(api.server).post(`${INGEST}/github.com/user/repo`).set(ADMIN).expect(200)
    const training = await waitUntil(async () => {
      const found = await status()
      return found.status === 'Training Graph on github.com/user/repo' && found
    }, 'training')
    const [first] = training.workers
    assert.equal(first?.stage, 'parse')
    assert.equal(first?.done, 3)
    assert.equal(first?.total, 10)
    open()
    await waitUntil(async () => (await status()).status === 'Idle', 'idle again')
    await worker.stop({ graceMs: 0 })
  })

  it('says nothing of a private repository without the bearer', async () => {
    await publishSample(api.store, { jobId: '1', repoUrl: 'github.com/acme/secret', isPrivate: true })
    await request(api.server).get('/api/docpacks').expect(200)
    const worker = api.memory.createSource({ workerName: 'Node-1' })
    await worker.start(async (job) => completeResult(job))
    await worker.report(report('training', 'Training Graph on github.com/acme/secret', '7'))
    const open = await request(api.server).get('/api/v1/ingestion/worker/status').expect(200)
    assert.equal(open.body.status, 'Training Graph on private repository')
    assert.ok(!open.text.includes('acme'))
    const admin = await request(api.server).get('/api/v1/ingestion/worker/status').set(ADMIN).expect(200)
    assert.equal(admin.body.status, 'Training Graph on github.com/acme/secret')
    await worker.stop({ graceMs: 0 })
  })

  it('is 503 redis_unavailable while Redis is away', async () => {
    api.memory.setOutage('Connection timeout')
    const { body } = await request(api.server).get('/api/v1/ingestion/worker/status').expect(503)
    assert.deepEqual(body, { detail: 'Redis unavailable: Connection timeout', error: 'redis_unavailable' })
  })
})

describe('GET /api/v1/ingestion/jobs/history', () => {
  let api: TestApp
  beforeEach(async () => (api = await startTestApp()))
  afterEach(() => api.close())
  const HISTORY = '/api/v1/ingestion/jobs/history'
  const jobs = async (query = '', headers: Record<string, string> = {}): Promise<ReturnType<typeof HistorySchema.parse>['jobs']> =>
    HistorySchema.parse((await request(api.server).get(`${HISTORY}${query}`).set(headers).expect(200)).body).jobs

  it('shows each finished job once, newest first, without what only the job status tells', async () => {
    assert.deepEqual(await jobs(), [])
    const worker = await startWorker(api.memory, async (job) => completeResult(job))
    for (let i = 0; i < 12; i += 1) {
      await request(api.server).post(`${INGEST}/github.com/user/repo-${i}`).set(ADMIN).expect(200)
      await waitUntil(async () => (await jobs())[0]?.job_id === i + 1, `job ${i + 1} in history`, { everyMs: 100 })
    }
    assert.deepEqual(
      (await jobs()).map(({ job_id }) => job_id),
      [12, 11, 10, 9, 8, 7, 6, 5, 4, 3],
    )
    assert.equal((await jobs('?limit=100')).length, 12)
    const [newest] = await jobs('?limit=1')
    assert.equal(newest?.status, 'complete')
    assert.equal(newest?.['duration_seconds'], 1.5)
    assert.ok(newest !== undefined && !('output' in newest) && !('private' in newest))
    await worker.stop({ graceMs: 0 })
  })

  it('refuses a limit that is not a whole number from 1 to 100', async () => {
    for (const limit of [
      '0',
      '-1',
      '101',
      '1e9',
      'NaN',
      '',
      '%205',
      '5%20',
      '+5',
      '%2B5',
      '1.5',
      '0x10',
      '007',
      '١',
      '5&limit=6',
      '5%00',
    ]) {
      const { body } = await request(api.server).get(`${HISTORY}?limit=${limit}`).expect(400)
      assert.equal(body.error, 'invalid_limit', limit)
    }
    for (const limit of ['1', '9', '10', '99', '100']) await jobs(`?limit=${limit}`)
  })

  it('has no row of a private repository without the bearer', async () => {
    const worker = await startWorker(api.memory, async (job) => completeResult(job, { isPrivate: job.task.repo_url.endsWith('secret') }))
    for (const name of ['open', 'secret']) await request(api.server).post(`${INGEST}/github.com/acme/${name}`).set(ADMIN).expect(200)
    await waitUntil(async () => (await jobs('', ADMIN)).length === 2, 'two rows for the admin', { everyMs: 100 })
    assert.deepEqual(
      (await jobs()).map(({ repo_url }) => repo_url),
      ['github.com/acme/open'],
    )
    await worker.stop({ graceMs: 0 })
  })
})
