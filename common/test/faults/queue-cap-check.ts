/** The cap under many submitters, and under submitters that are killed. Short in the ordinary tests, long in check:faults. */
import { createRandom } from '@doctown/common/runtime/random.js'
import { createBullmqJobQueue } from '@doctown/common/ports/queue/bullmq-job-queue.js'
import { queueKey } from '@doctown/common/ports/queue/bullmq-names.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { Redis } from 'ioredis'
import { sampleTask } from '../ports/queue/samples.js'
import { startChild } from '../support/child-process.js'
import type { TestRedis } from '../support/redis-server.js'
import { waitUntil } from '../support/wait-until.js'
import type { ApiChildOptions, SubmitReport } from './queue-api-child.js'

const CHILD = new URL('./queue-api-child.js', import.meta.url)
const isReady = (message: unknown): message is string => message === 'ready'

export interface CapReport {
  readonly rounds: number
  /** Rounds that did not end with exactly ten waiting. */
  readonly wrongEnds: readonly number[]
  /** Rounds whose accepted positions were not the free ones, each once. */
  readonly wrongPositions: readonly string[]
  readonly doubleIds: number
  /** Most ever seen waiting, by a connection that looks all the time. */
  readonly mostSampled: number
  readonly samples: number
  readonly refused: Readonly<Record<string, number>>
  readonly worstMs: number
}

/** Three processes submit at the same moment, starting from 0, 7 or 3 waiting. */
export async function checkCap(
  redis: TestRedis,
  options: { readonly rounds: number; readonly submissionsEach: number; readonly mode: ApiChildOptions['mode'] },
): Promise<CapReport> {
  const children = [0, 1, 2].map(() => startChild(CHILD, { redisUrl: redis.url, mode: options.mode } satisfies ApiChildOptions))
  const sampler = startSampler(redis)
  const wrongEnds: number[] = []
  const wrongPositions: string[] = []
  const refused: Record<string, number> = {}
  let doubleIds = 0
  let worstMs = 0
  try {
    await Promise.all(children.map((child) => child.message(isReady)))
    for (let round = 0; round < options.rounds; round++) {
      const before = [0, 7, 3][round % 3] ?? 0
      await clear(redis, before)
      const reports = await Promise.all(
        children.map((child, c) =>
          child.request<SubmitReport>({ names: Array.from({ length: options.submissionsEach }, (_, i) => `r${round}-${c}-${i}`) }),
        ),
      )
      const size = await redis.client.llen(queueKey('wait'))
      if (size !== 10) wrongEnds.push(size)
      const positions = reports.flatMap((report) => report.positions).sort((a, b) => a - b)
      const free = Array.from({ length: 10 - before }, (_, i) => before + 1 + i)
      if (positions.join() !== free.join()) wrongPositions.push(positions.join())
      const ids = reports.flatMap((report) => report.ids)
      doubleIds += ids.length - new Set(ids).size
      for (const report of reports) {
        worstMs = Math.max(worstMs, report.worstMs)
        for (const [code, count] of Object.entries(report.refused)) refused[code] = (refused[code] ?? 0) + count
      }
    }
  } finally {
    await Promise.all(children.map((child) => child.kill()))
    await sampler.stop()
  }
  return { rounds: options.rounds, wrongEnds, wrongPositions, doubleIds, refused, worstMs, ...sampler.seen() }
}

export interface KillReport {
  readonly kills: number
  readonly over: number
  readonly leaked: number
  readonly withoutHash: number
}

/** Kills a process in the middle of its submissions, then fills the queue up: exactly ten must fit, each with its data. */
export async function checkKilledSubmitters(
  redis: TestRedis,
  options: { readonly kills: number; readonly seed: number },
): Promise<KillReport> {
  const random = createRandom(options.seed)
  const queue = createBullmqJobQueue({ redisUrl: redis.url, maxQueueSize: 10 })
  let over = 0
  let leaked = 0
  let withoutHash = 0
  try {
    await waitUntil(() => queue.health().redis === 'ok', 'the connection')
    for (let kill = 0; kill < options.kills; kill++) {
      await redis.client.flushall()
      const child = startChild(CHILD, { redisUrl: redis.url, mode: 'capped', endless: `k${kill}` } satisfies ApiChildOptions)
      await child.message(isReady)
      // Some are killed while slots are free, some while it is refused; jobs are taken out meanwhile so that adds go on.
      const endMs = performance.now() + random() * 60
      while (performance.now() < endMs) {
        await redis.client.rpop(queueKey('wait'))
        await sleep(1)
      }
      await child.kill()
      const ids = await redis.client.lrange(queueKey('wait'), 0, -1)
      if (ids.length > 10) over += 1
      for (const id of ids) if ((await redis.client.hexists(queueKey(id), 'data')) === 0) withoutHash += 1
      for (let i = ids.length; i < 10; i++) await queue.submit(sampleTask(`fill${kill}-${i}`)).catch(() => {})
      const refusal = await queue.submit(sampleTask(`more${kill}`)).catch((error: unknown) => error)
      const size = await redis.client.llen(queueKey('wait'))
      if (size !== 10 || !(refusal instanceof Error)) leaked += 1
    }
  } finally {
    await queue.close()
  }
  return { kills: options.kills, over, leaked, withoutHash }
}

async function clear(redis: TestRedis, waiting: number): Promise<void> {
  await redis.client.flushall()
  const queue = createBullmqJobQueue({ redisUrl: redis.url })
  await waitUntil(() => queue.health().redis === 'ok', 'the connection')
  for (let i = 0; i < waiting; i++) await queue.submit(sampleTask(`before${i}`))
  await queue.close()
}

function startSampler(redis: TestRedis): { seen(): { mostSampled: number; samples: number }; stop(): Promise<void> } {
  const client = new Redis(redis.url.slice('unix:'.length))
  let mostSampled = 0
  let samples = 0
  let isOver = false
  const ended = (async () => {
    while (!isOver) {
      mostSampled = Math.max(mostSampled, await client.llen(queueKey('wait')))
      samples += 1
    }
  })()
  return {
    seen: () => ({ mostSampled, samples }),
    stop: async () => {
      isOver = true
      await ended
      client.disconnect()
    },
  }
}
