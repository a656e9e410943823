import { createBullmqJobQueue } from '@doctown/common/ports/queue/bullmq-job-queue.js'
import { createBullmqJobSource } from '@doctown/common/ports/queue/bullmq-job-source.js'
import type { JobSource } from '@doctown/common/ports/queue/port.js'
import { startTestRedis, type TestRedis } from '../../support/redis-server.js'
import { waitUntil } from '../../support/wait-until.js'
import { describeQueue } from './conformance.js'

describe('over a real redis-server', () => {
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
})
