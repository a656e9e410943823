import assert from 'node:assert/strict'
import request from 'supertest'
import { AcceptedSchema, CancelledSchema, JobStateSchema, type JobState } from '@doctown/common/contracts/http/bodies.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { completeResult } from '@doctown/common/test/ports/queue/samples.js'
import { waitUntil } from '@doctown/common/test/support/wait-until.js'
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js'
import { gate, startWorker } from '../support/worker.js'

describe('/api/jobs', () => {
  let api: TestApp
  beforeEach(async () => (api = await startTestApp()))
  afterEach(() => api.close())

  const submit = async (repo_url: string): Promise<number> =>
    AcceptedSchema.parse((await request(api.server).post('/api/jobs').set(ADMIN).send({ repo_url }).expect(202)).body).job_id
  const state = async (id: number): Promise<JobState> =>
    JobStateSchema.parse((await request(api.server).get(`/api/jobs/${id}/status`).expect(200)).body)
  const until = (id: number, status: string): Promise<JobState> =>
    waitUntil(
      async () => {
        const found = await state(id)
        return found.status === status && found
      },
      `job ${id} ${status}`,
      { everyMs: 50 },
    )

  it('takes the same submission in JSON as the ingest route does in its path', async () => {
    assert.equal(await submit('https://github.com/user/repo.git'), 1)
    const same = await request(api.server).post('/api/v1/ingestion/ingest/github.com/User/Repo').set(ADMIN).expect(200)
    assert.equal(same.body.job_id, 1)
    const other = await request(api.server)
      .post('/api/jobs')
      .set(ADMIN)
      .send({ repo_url: 'github.com/user/repo', git_ref: 'v1' })
      .expect(202)
    assert.equal(other.body.job_id, 2)
    assert.equal(await submit('github.com/user/repo'), 1)
  })

  it('has a code of its own for each way a body can be wrong', async () => {
    const post = (body: string, type = 'application/json'): request.Test =>
      request(api.server).post('/api/jobs').set(ADMIN).set('content-type', type).send(body)
    const cases: [string, number, string][] = [
      ['{"repo_url":', 400, 'invalid_json'],
      ['', 400, 'invalid_request'],
      ['[]', 400, 'invalid_request'],
      ['null', 400, 'invalid_request'],
      ['"x"', 400, 'invalid_request'],
      ['{}', 400, 'invalid_request'],
      ['{"repo_url":7}', 400, 'invalid_request'],
      ['{"repo_url":["github.com/a/b"]}', 400, 'invalid_request'],
      ['{"repo_url":"github.com/a/b","git_ref":{}}', 400, 'invalid_request'],
      ['{"repo_url":"github.com/a/b","git_ref":"-x"}', 400, 'invalid_request'],
      ['{"repo_url":"file:///etc/passwd"}', 400, 'invalid_repo_url'],
      [JSON.stringify({ repo_url: 'x'.repeat(101 * 1024) }), 413, 'payload_too_large'],
    ]
    for (const [body, status, code] of cases) {
      const response = await post(body)
      assert.deepEqual([response.status, response.body.error], [status, code], body.slice(0, 60))
      assert.ok(typeof response.body.detail === 'string' && response.body.detail.length > 10)
    }
    assert.equal((await post('{"repo_url":"github.com/a/b"}', 'application/json; charset=nonsense')).status, 400)
    assert.equal(api.memory.queue.health().waiting, 0)
    await request(api.server).post('/api/jobs').send({ repo_url: 'github.com/a/b' }).expect(401)
    await request(api.server).post('/api/jobs').set('content-type', 'application/json').send('{').expect(401)
  })

  it('tells a job from the queue to its output', async () => {
    const first = await submit('github.com/user/one')
    const second = await submit('github.com/user/two')
    assert.deepEqual(await state(second), { job_id: second, status: 'QUEUED', queue_position: 2 })
    const { opened, open } = gate()
    const worker = await startWorker(api.memory, async (job) => {
      job.progress('embed', 4, 9)
      await opened
      return completeResult(job)
    })
    const running = await until(first, 'IN_PROGRESS')
    assert.equal(running.stage, 'embed')
    assert.deepEqual(running.progress, { done: 4, total: 9 })
    open()
    const done = await until(first, 'COMPLETED')
    assert.equal(done.output?.job_id, first)
    assert.equal(done.output?.summary.files_processed, 3)
    assert.equal(done.stage, undefined)
    await worker.stop({ graceMs: 1000 })
  })

  it('gives the whole address of the docpack when the service knows its own', async () => {
    for (const [environment, expected] of [
      [{}, '/api/docpacks/'],
      [{ BASE_PATH: '/doctown' }, '/doctown/api/docpacks/'],
      [{ PUBLIC_URL: 'https://docs.example/' }, 'https://docs.example/api/docpacks/'],
      [{ PUBLIC_URL: 'https://docs.example/doctown', BASE_PATH: '/doctown' }, 'https://docs.example/doctown/api/docpacks/'],
    ] as const) {
      const other = await startTestApp({ environment })
      const base = 'BASE_PATH' in environment ? environment.BASE_PATH : ''
      const worker = await startWorker(other.memory, async (job) => completeResult(job))
      await request(other.server).post(`${base}/api/jobs`).set(ADMIN).send({ repo_url: 'github.com/a/b' }).expect(202)
      const done = await waitUntil(
        async () => {
          const { body } = await request(other.server).get(`${base}/api/jobs/1/status`)
          return body.status === 'COMPLETED' && (body as JobState)
        },
        'completed',
        { everyMs: 50 },
      )
      assert.ok(done.output?.docpack_url.startsWith(expected), done.output?.docpack_url)
      await worker.stop({ graceMs: 0 })
      await other.close()
    }
  })

  it('tells why a job failed', async () => {
    const worker = await startWorker(api.memory, async () => {
      throw new DoctownError('repo_not_found', 'There is no such repository.')
    })
    const failed = await until(await submit('github.com/user/gone'), 'FAILED')
    assert.equal(failed.error, 'There is no such repository.')
    assert.equal(failed.error_code, 'repo_not_found')
    await worker.stop({ graceMs: 1000 })
  })

  it('is not found for an id that no job has, whatever it looks like', async () => {
    for (const id of [
      '999',
      '0',
      '-1',
      '1.5',
      'abc',
      '%2e%2e',
      '..%2f..%2fetc%2fpasswd',
      '%00',
      'a'.repeat(129),
      '__proto__',
      'constructor',
    ]) {
      for (const path of [`/api/jobs/${id}/status`, `/api/jobs/${id}/events`]) {
        const response = await request(api.server).get(path)
        assert.deepEqual([response.status, response.body.error], [404, 'not_found'], path)
      }
      await request(api.server).delete(`/api/jobs/${id}`).set(ADMIN).expect(404)
    }
    const malformed = await request(api.server).get('/api/jobs/%E0%A4%A/status').expect(400)
    assert.equal(malformed.body.error, 'invalid_request')
    await request(api.server).delete('/api/jobs/%E0%A4%A').expect(401)
  })

  it('cancels one that waits and one that runs, and each ends as cancelled once', async () => {
    const { opened, open } = gate()
    const worker = await startWorker(api.memory, async (job) => {
      await new Promise<void>((_resolve, reject) => {
        job.signal.addEventListener('abort', () => reject(job.signal.reason as Error), { once: true })
        void opened.then(() => reject(new Error('not reached')))
      })
      return completeResult(job)
    })
    const running = await submit('github.com/user/running')
    await until(running, 'IN_PROGRESS')
    const waiting = await submit('github.com/user/waiting')
    const cancel = async (id: number): Promise<unknown> =>
      CancelledSchema.parse((await request(api.server).delete(`/api/jobs/${id}`).set(ADMIN).expect(202)).body)
    assert.deepEqual(await cancel(waiting), { job_id: waiting, outcome: 'removed' })
    assert.deepEqual(await cancel(running), { job_id: running, outcome: 'aborting' })
    await until(running, 'CANCELLED')
    await until(waiting, 'CANCELLED')
    const again = await request(api.server).delete(`/api/jobs/${waiting}`).set(ADMIN).expect(409)
    assert.equal(again.body.error, 'job_not_active')
    const history = await waitUntil(
      async () => {
        const { body } = await request(api.server).get('/api/v1/ingestion/jobs/history').expect(200)
        return body.jobs.length === 2 && body.jobs
      },
      'two rows',
      { everyMs: 100 },
    )
    assert.deepEqual(
      history.map((row: { status: string }) => row.status),
      ['cancelled', 'cancelled'],
    )
    await request(api.server).delete(`/api/jobs/${running}`).expect(401)
    open()
    await worker.stop({ graceMs: 100 })
  })

  it('hides the job of a private repository from everybody but the admin', async () => {
    const worker = await startWorker(api.memory, async (job) => completeResult(job, { isPrivate: true }))
    const id = await submit('github.com/acme/secret')
    await waitUntil(
      async () => (await request(api.server).get(`/api/jobs/${id}/status`).set(ADMIN)).body.status === 'COMPLETED',
      'completed',
      { everyMs: 50 },
    )
    await request(api.server).get(`/api/jobs/${id}/status`).expect(404)
    await request(api.server).get(`/api/jobs/${id}/events`).expect(404)
    await request(api.server).get(`/api/jobs/${id}/status`).set({ authorization: 'Bearer wrong' }).expect(404)
    await worker.stop({ graceMs: 1000 })
  })
})
