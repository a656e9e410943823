import assert from 'node:assert/strict'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { JobIdSchema } from '@doctown/common/contracts/ids.js'
import { createBullmqJobQueue } from '@doctown/common/ports/queue/bullmq-job-queue.js'
import { createBullmqJobSource } from '@doctown/common/ports/queue/bullmq-job-source.js'
import { JOB_NAME, PREFIX, QUEUE_NAME, WORKER_NAMES_KEY, workerStatusKey } from '@doctown/common/ports/queue/bullmq-names.js'
import type { JobSource } from '@doctown/common/ports/queue/port.js'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { startTestRedis, type TestRedis } from '../../support/redis-server.js'
import { waitUntil } from '../../support/wait-until.js'
import { describeQueue } from './conformance.js'
import { completeResult, sampleTask } from './samples.js'

describe('over a real redis-server', function () {
  this.timeout(30_000)
  let redis: TestRedis
  before(async () => {
    redis = await startTestRedis()
  })
  after(() => redis.close())

  describeQueue('bullmq', async () => {
    await redis.client.flushall()
    const queue = createBullmqJobQueue({ redisUrl: redis.url, retryDelayMs: 30, maxQueueSize: 10 })
    await waitUntil(() => queue.health().redis === 'ok', 'the connection')
    const sources: JobSource[] = []
    return {
      queue,
      startSource: async (workerName, handler) => {
        const source = createBullmqJobSource({ redisUrl: redis.url, workerName })
        sources.push(source)
        await source.start(handler)
        return source
      },
      close: async () => {
        await Promise.all(sources.map((source) => source.stop({ graceMs: 0 })))
        await queue.close()
      },
    }
  })

  it('reads a worker as Offline when its report ends in Redis, however late the API first read it', async () => {
    await redis.client.flushall()
    const last_heartbeat = new Date().toISOString()
    const dead = { name: 'w1', state: 'idle', status: 'Idle', job_id: null, stage: null, done: null, total: null, execution_provider: null }
    // As its worker set it 59 seconds ago, with 2.5 heartbeats of a minute to live and a death right after.
    const value = JSON.stringify({ ...dead, last_heartbeat, changed_at: last_heartbeat, lives_ms: 60_000, ended: 1 })
    await redis.client.sadd(WORKER_NAMES_KEY, 'w1')
    await redis.client.set(workerStatusKey('w1'), value, 'PX', 1_000)
    const queue = createBullmqJobQueue({ redisUrl: redis.url })
    try {
      const states = async (): Promise<string[]> => (await queue.workers().catch(() => [])).map(({ status }) => status)
      await waitUntil(async () => (await states())[0] === 'Idle', 'the report')
      const startMs = performance.now()
      await waitUntil(async () => (await states())[0] === 'Offline', 'its end')
      assert.ok(performance.now() - startMs < 2_000)
    } finally {
      await queue.close()
    }
  })

  it('gives back a job that waits for another try as it does one that waits for its first', async () => {
    await redis.client.flushall()
    const queue = createBullmqJobQueue({ redisUrl: redis.url, retryDelayMs: 2_000 })
    const source = createBullmqJobSource({ redisUrl: redis.url, workerName: 'w1' })
    try {
      await waitUntil(() => queue.health().redis === 'ok', 'the connection')
      let tries = 0
      await source.start(async (job) => {
        tries += 1
        if (job.attempt === 1) throw new DoctownError('git_unavailable', 'Not now.')
        return completeResult(job)
      })
      const { job_id } = await queue.submit(sampleTask('a'))
      await waitUntil(async () => tries === 1 && (await queue.find(job_id))?.status === 'QUEUED', 'the wait', { everyMs: 50 })
      const again = await queue.submit(sampleTask('A'))
      assert.deepEqual([again.job_id, again.duplicate], [job_id, true])
      await waitUntil(async () => (await queue.find(job_id))?.status === 'COMPLETED', 'the end of the job', { everyMs: 50 })
      assert.equal((await queue.submit(sampleTask('a'))).duplicate, false)
    } finally {
      await source.stop({ graceMs: 0 })
      await queue.close()
    }
  })

  it('finds no job under the names of the queue’s own keys', async () => {
    await redis.client.flushall()
    const queue = createBullmqJobQueue({ redisUrl: redis.url })
    try {
      await waitUntil(() => queue.health().redis === 'ok', 'the connection')
      await queue.submit(sampleTask('one'))
      for (const name of ['id', 'wait', 'meta', 'events', 'marker']) {
        const id = JobIdSchema.parse(name)
        assert.equal(await queue.find(id), undefined, name)
        assert.equal(await queue.cancel(id), 'unknown', name)
        const events = []
        for await (const event of queue.events(id, { afterSequence: 0, signal: new AbortController().signal })) events.push(event)
        assert.deepEqual(events, [], name)
      }
      assert.equal(queue.health().redis, 'ok')
    } finally {
      await queue.close()
    }
  })

  it('skips a job of 25 hours that another program added with BullMQ itself', async () => {
    await redis.client.flushall()
    const connection = new Redis(redis.url.slice('unix:'.length), { maxRetriesPerRequest: null })
    const plain = new Queue(QUEUE_NAME, { connection, prefix: PREFIX })
    const queue = createBullmqJobQueue({ redisUrl: redis.url })
    const source = createBullmqJobSource({ redisUrl: redis.url, workerName: 'w1' })
    try {
      const { clone_url, ...metadata } = sampleTask('old')
      assert.match(clone_url, /^https:/)
      const job = await plain.add(JOB_NAME, metadata, { timestamp: Date.now() - 25 * 3_600_000 })
      await source.start(() => assert.fail('processed'))
      const view = await waitUntil(async () => {
        const found = await queue.find(JobIdSchema.parse(job.id)).catch(() => undefined)
        return found !== undefined && found.result !== null && found
      }, 'the end of the job')
      assert.equal(view.status, 'SKIPPED')
      assert(view.result?.status === 'skipped')
      assert.equal(view.result.age_seconds, 90_000)
    } finally {
      await source.stop({ graceMs: 0 })
      await queue.close()
      await plain.close()
      connection.disconnect()
    }
  })

  it('records the end of a job that ran while Redis was killed and came back, once', async () => {
    await redis.client.flushall()
    const queue = createBullmqJobQueue({ redisUrl: redis.url })
    const source = createBullmqJobSource({ redisUrl: redis.url, workerName: 'w1' })
    try {
      let runs = 0
      await source.start(async (job) => {
        runs += 1
        await redis.kill()
        // What a build does meanwhile: it must not hang on a queue that is away.
        job.progress('parse', 1, 2)
        await job.flush()
        await redis.restart()
        return completeResult(job)
      })
      await waitUntil(() => queue.health().redis === 'ok', 'the connection')
      const { job_id } = await queue.submit(sampleTask('a'))
      await waitUntil(async () => (await queue.find(job_id).catch(() => undefined))?.status === 'COMPLETED', 'the end', {
        timeoutMs: 20_000,
      })
      assert.equal(runs, 1)
      assert.equal((await queue.history({ limit: 10, includePrivate: true })).length, 1)
    } finally {
      await source.stop({ graceMs: 0 })
      await queue.close()
    }
  })
})
