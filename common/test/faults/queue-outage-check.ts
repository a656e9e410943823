/** Redis away in five ways: how long submissions take to be refused, and how soon they work again. */
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createBullmqJobQueue } from '@doctown/common/ports/queue/bullmq-job-queue.js'
import type { JobQueue } from '@doctown/common/ports/queue/port.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { JobIdSchema } from '@doctown/common/contracts/ids.js'
import { sampleTask } from '../ports/queue/samples.js'
import { startFreezingProxy } from '../support/freezing-proxy.js'
import type { TestRedis } from '../support/redis-server.js'
import { waitUntil } from '../support/wait-until.js'

export const OUTAGES = ['killed', 'stopped', 'auth refused', 'down at start', 'black hole', 'black hole at start'] as const
export type Outage = (typeof OUTAGES)[number]

export interface OutageReport {
  readonly outage: Outage
  readonly calls: number
  /** Answers that were not the refusal that http-api.md promises. */
  readonly wrong: readonly string[]
  readonly worstMs: number
  /** From Redis's return to the first accepted submission, and to `health` saying ok. */
  readonly backMs: number
  readonly healthBackMs: number
  readonly causes: readonly string[]
}

export async function checkOutage(redis: TestRedis, outage: Outage, options: { readonly lastsMs: number }): Promise<OutageReport> {
  const fault = await prepareOutage(redis, outage)
  if (fault.isBefore) await fault.begin()
  const queue = createBullmqJobQueue({ redisUrl: fault.redisUrl, maxQueueSize: 1_000 })
  try {
    if (!fault.isBefore) {
      await waitUntil(() => queue.health().redis === 'ok', 'the connection')
      await queue.submit(sampleTask('before'))
      await fault.begin()
    }
    const seen = await callWhileAway(queue, options.lastsMs)
    const isDown = queue.health().redis === 'down'
    await fault.end()
    const endMs = performance.now()
    const healthBack = waitUntil(() => queue.health().redis === 'ok', 'health ok again', { timeoutMs: 15_000 }).then(
      () => performance.now() - endMs,
    )
    // Poll as clients would: the first that is accepted tells how long the API needed.
    await waitUntil(() => queue.submit(sampleTask(`after-${Math.random()}`)).catch(() => false as const), 'a submission', {
      timeoutMs: 15_000,
    })
    const backMs = performance.now() - endMs
    if (!isDown) seen.wrong.push('health said ok while Redis was away')
    return { outage, ...seen, causes: [...seen.causes], backMs, healthBackMs: await healthBack }
  } finally {
    await queue.close()
    await fault.close()
  }
}

async function callWhileAway(queue: JobQueue, lastsMs: number) {
  const wrong: string[] = []
  const causes = new Set<string>()
  let calls = 0
  let worstMs = 0
  const call = async (code: string, work: () => Promise<unknown>): Promise<void> => {
    const startMs = performance.now()
    calls += 1
    const answer: unknown = await work().catch((error: unknown) => error)
    worstMs = Math.max(worstMs, performance.now() - startMs)
    const words = code === 'queue_unavailable' ? /^Queue unavailable: .+/ : /^Redis unavailable: .+/
    if (!(answer instanceof DoctownError) || answer.code !== code || !words.test(answer.message)) wrong.push(`${code}: ${String(answer)}`)
    else causes.add(answer.message)
  }
  const endMs = performance.now() + lastsMs
  const running: Promise<void>[] = []
  for (let n = 0; performance.now() < endMs; n++) {
    running.push(call('queue_unavailable', () => queue.submit(sampleTask(`away${n}`))))
    running.push(call('queue_unavailable', () => queue.find(JobIdSchema.parse(String(1_000 + n)))))
    await sleep(100)
  }
  // Once the outage is noticed, the copies in memory are not shown either.
  running.push(call('redis_unavailable', () => queue.workers()))
  running.push(call('queue_unavailable', () => queue.history({ limit: 10, includePrivate: false })))
  await Promise.all(running)
  return { wrong, causes, calls, worstMs }
}

export interface OutageFault {
  readonly redisUrl: string
  /** The outage begins before the API does. */
  readonly isBefore: boolean
  begin(): Promise<void>
  end(): Promise<void>
  close(): Promise<void>
}

/** One way of being away, ready to begin. Empties the server first. */
export async function prepareOutage(redis: TestRedis, outage: Outage): Promise<OutageFault> {
  await redis.client.flushall()
  const nothing = async (): Promise<void> => {}
  const socketPath = redis.url.slice('unix:'.length)
  switch (outage) {
    case 'killed':
    case 'down at start':
      return { redisUrl: redis.url, isBefore: outage !== 'killed', begin: () => redis.kill(), end: () => redis.restart(), close: nothing }
    case 'stopped':
      return {
        redisUrl: redis.url,
        isBefore: false,
        begin: async () => redis.signal('SIGSTOP'),
        end: async () => redis.signal('SIGCONT'),
        close: nothing,
      }
    case 'auth refused':
      return {
        redisUrl: redis.url,
        isBefore: false,
        begin: async () => {
          await redis.client.config('SET', 'requirepass', 'another')
          await redis.client.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
        },
        end: async () => {
          await redis.client.config('SET', 'requirepass', '')
        },
        close: nothing,
      }
    case 'black hole':
    case 'black hole at start': {
      const proxy = await startFreezingProxy(socketPath, { frozen: outage !== 'black hole' })
      return {
        redisUrl: `redis://127.0.0.1:${proxy.port}`,
        isBefore: outage !== 'black hole',
        begin: async () => proxy.freeze(),
        end: async () => proxy.thaw(),
        close: () => proxy.close(),
      }
    }
  }
}
