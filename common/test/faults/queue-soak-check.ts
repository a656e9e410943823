/** Many jobs while workers, APIs and Redis itself are killed or stopped at random: none lost, none twice in history. */
import { dedupKey } from '@doctown/common/contracts/job.js'
import { eventsKey, queueKey } from '@doctown/common/ports/queue/bullmq-names.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { sampleTask } from '../ports/queue/samples.js'
import { startChild, type TestChild } from '../support/child-process.js'
import type { TestRedis } from '../support/redis-server.js'
import { waitUntil } from '../support/wait-until.js'
import type { ApiChildOptions, SubmitReport } from './queue-api-child.js'
import { TEST_SETTINGS, isNews, startWorker } from './queue-worker-check.js'

const API = new URL('./queue-api-child.js', import.meta.url)

export interface SoakReport {
  readonly acknowledged: number
  readonly faults: Readonly<Record<'worker' | 'api' | 'redis' | 'stop', number>>
  readonly lost: readonly string[]
  /** Jobs with more than one row, or a row in both sets. */
  readonly double: readonly string[]
  readonly statuses: Readonly<Record<string, number>>
  readonly positionsOverTen: number
  /** Jobs that were started more than once; allowed, their effects are keyed. */
  readonly startedAgain: number
  readonly drainMs: number
  /** Left behind after the drain: locks, dedup keys, ids without a job. */
  readonly leftovers: readonly string[]
}

export async function soak(
  redis: TestRedis,
  options: { readonly jobs: number; readonly seed: number; readonly faultEveryMs: number },
): Promise<SoakReport> {
  await redis.client.flushall()
  const random = createRandom(options.seed)
  const faults = { worker: 0, api: 0, redis: 0, stop: 0 }
  const workers = await Promise.all(['w-1', 'w-2'].map((name) => startWorker(redis, name, TEST_SETTINGS)))
  const workerMessages: unknown[][] = workers.map(({ messages }) => messages)
  const apis = await Promise.all([0, 1].map(() => startApi(redis)))
  const acknowledged = new Map<string, string>()
  let positionsOverTen = 0
  let isSubmitting = true

  const client = async (which: number): Promise<void> => {
    for (let n = which; n < options.jobs; n += apis.length) {
      const name = `sleep${80 + Math.floor(random() * 240)}-${n}`
      for (;;) {
        const report = await ask(apis[which], name)
        const id = report?.ids[0]
        if (id !== undefined) {
          acknowledged.set(id, name)
          if ((report?.positions[0] ?? 0) > 10) positionsOverTen += 1
          break
        }
        await sleep(30)
      }
    }
  }
  // Restarts run beside the next faults; a process that is not up again yet is spared.
  const restarting = new Map<string, Promise<void>>()
  const restart = (name: string, work: () => Promise<void>): void => {
    if (restarting.has(name)) return
    restarting.set(
      name,
      work().finally(() => restarting.delete(name)),
    )
  }
  const disturb = async (): Promise<void> => {
    while (isSubmitting) {
      await sleep(options.faultEveryMs * (0.5 + random()))
      const dice = random()
      const which = random() < 0.5 ? 0 : 1
      if (dice < 0.6) {
        restart(`worker ${which}`, async () => {
          faults.worker += 1
          await workers[which]?.kill()
          const worker = await startWorker(redis, `w-${which + 1}`, TEST_SETTINGS)
          workers[which] = worker
          workerMessages.push(worker.messages)
        })
      } else if (dice < 0.8) {
        restart(`api ${which}`, async () => {
          faults.api += 1
          await apis[which]?.kill()
          apis[which] = await startApi(redis)
        })
      } else if (dice < 0.9) {
        faults.redis += 1
        await redis.kill()
        await sleep(200)
        await redis.restart()
      } else {
        faults.stop += 1
        redis.signal('SIGSTOP')
        await sleep(700)
        redis.signal('SIGCONT')
      }
    }
    await Promise.all(restarting.values())
  }
  try {
    const disturbing = disturb()
    await Promise.all(apis.map((_, which) => client(which)))
    isSubmitting = false
    await disturbing
    const startMs = performance.now()
    await waitUntil(async () => (await pending(redis)) === 0, 'the queue drained', { timeoutMs: 60_000, everyMs: 50 })
    const drainMs = performance.now() - startMs
    const ends = await finished(redis)
    const taken = workerMessages
      .flat()
      .filter(isNews('taken'))
      .map(({ job_id }) => job_id)
    return {
      acknowledged: acknowledged.size,
      faults,
      lost: [...acknowledged.keys()].filter((id) => !ends.has(id)),
      double: [...ends].flatMap(([id, states]) => (states.length > 1 ? [id] : [])),
      statuses: count([...ends.values()].map(([state]) => state ?? 'none')),
      positionsOverTen,
      startedAgain: taken.length - new Set(taken).size,
      drainMs,
      leftovers: await leftovers(redis, acknowledged),
    }
  } finally {
    isSubmitting = false
    await Promise.all([...workers, ...apis].map((child) => child.kill()))
  }
}

async function startApi(redis: TestRedis): Promise<TestChild> {
  const child = startChild(API, { redisUrl: redis.url, mode: 'capped' } satisfies ApiChildOptions)
  await child.message((message): message is string => message === 'ready')
  return child
}

/** Undefined when the API died over it: the client then asks again, as clients do. */
async function ask(api: TestChild | undefined, name: string): Promise<SubmitReport | undefined> {
  if (api === undefined || !api.process.connected) return undefined
  return Promise.race([api.request<SubmitReport>({ names: [name] }).catch(() => undefined), api.exited.then(() => undefined)])
}

async function pending(redis: TestRedis): Promise<number> {
  const { client } = redis
  const [waiting, active, delayed] = await Promise.all([
    client.llen(queueKey('wait')),
    client.llen(queueKey('active')),
    client.zcard(queueKey('delayed')),
  ])
  return waiting + active + delayed
}

async function finished(redis: TestRedis): Promise<Map<string, string[]>> {
  const ends = new Map<string, string[]>()
  for (const state of ['completed', 'failed']) {
    for (const id of await redis.client.zrange(queueKey(state), 0, -1)) ends.set(id, [...(ends.get(id) ?? []), state])
  }
  return ends
}

async function leftovers(redis: TestRedis, acknowledged: ReadonlyMap<string, string>): Promise<string[]> {
  const found: string[] = []
  for (const [id, name] of acknowledged) {
    const keys = [queueKey(`${id}:lock`), queueKey(`de:${dedupKey(sampleTask(name))}`)]
    for (const key of keys) if ((await redis.client.exists(key)) === 1) found.push(key)
    // Events may stay, but not for ever.
    if ((await redis.client.ttl(eventsKey(id))) === -1) found.push(eventsKey(id))
  }
  return found
}

function count(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
