/**
 * Ingest, worker status and history over HTTP on a real Redis, beside what the same work costs at the least: a bare `queue.add`, a bare
 * Express route with the same body, and a bare route that adds. All in one run, turn by turn, so that a busy machine hits each alike.
 * `npm run bench:api -- [--json] [--rounds N]`
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { createBullmqJobSource } from '@doctown/common/ports/queue/bullmq-job-source.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { completeResult } from '@doctown/common/test/ports/queue/samples.js'
import { waitUntil } from '@doctown/common/test/support/wait-until.js'
import { openWorkbench, startServer } from '../test/support/server-process.js'
import { ADMIN } from '../test/support/test-app.js'
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { printReport } from '@doctown/common/test/support/bench-report.js'
import { figure, percentile } from './figures.js'

const WARM_UP = 200
const options = benchOptions({
  bench: import.meta.url,
  options: { rounds: { type: 'string', default: '1500' }, json: { type: 'boolean', default: false } },
})
const rounds = Number(options.rounds)
/** What the seed documents promise, in milliseconds. */
const LIMITS_MS = { ingest: 100, status: 50, history: 100 } as const
const MOST_TIMES = 3

const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const bench = await openWorkbench()
const server = await startServer({
  REDIS_URL: bench.redis.url,
  DOCTOWN_DATA: bench.folder,
  MAX_QUEUE_SIZE: '10000',
  RATE_LIMIT_READS: '0',
})
await fillHistory()
const bodies = {
  status: JSON.parse(await send(server.url, 'GET', '/api/v1/ingestion/worker/status')) as unknown,
  history: JSON.parse(await send(server.url, 'GET', '/api/v1/ingestion/jobs/history')) as unknown,
}
const bare = fork(fileURLToPath(new URL('./bare-child.js', import.meta.url)))
bare.send({ redisSocket: bench.redis.socketPath, bodies })
// The child's one message.
const [{ port }] = (await once(bare, 'message')) as [{ port: number }]
const bareUrl = `http://127.0.0.1:${port}`
const ownRedis = new Redis({ path: bench.redis.socketPath, maxRetriesPerRequest: null })
const ownQueue = new Queue('own', { connection: ownRedis, prefix: 'bench' })

const turns: Record<string, (round: number) => Promise<unknown>> = {
  'queue.add': (round) => ownQueue.add('ingest', { repo_url: `github.com/user/repo-${round}`, submitted_at: new Date().toISOString() }),
  'express+add': (round) => send(bareUrl, 'POST', `/add/repo-${round}`),
  ingest: (round) => send(server.url, 'POST', `/api/v1/ingestion/ingest/github.com/user/repo-${round}`, ADMIN),
  'express status': () => send(bareUrl, 'GET', '/status'),
  status: () => send(server.url, 'GET', '/api/v1/ingestion/worker/status'),
  'express history': () => send(bareUrl, 'GET', '/history'),
  history: () => send(server.url, 'GET', '/api/v1/ingestion/jobs/history'),
}
const times: Record<string, number[]> = Object.fromEntries(Object.keys(turns).map((name) => [name, []]))
for (let round = -WARM_UP; round < rounds; round += 1) {
  for (const [name, turn] of Object.entries(turns)) {
    const startedAt = performance.now()
    await turn(round + WARM_UP)
    if (round >= 0) times[name]?.push(performance.now() - startedAt)
  }
}

const of = (name: string, p: number): number => percentile(times[name] ?? [], p)
const figures = (
  [
    ['ingest', 'express+add'],
    ['status', 'express status'],
    ['history', 'express history'],
  ] as const
).flatMap(([name, anchor]) =>
  ([50, 99] as const).flatMap((p) => [
    figure(`${name}_p${p}`, of(name, p / 100), 'ms', LIMITS_MS[name]),
    figure(`${anchor.replaceAll(/[^a-z]/g, '_')}_p${p}`, of(anchor, p / 100), 'ms'),
    figure(`${name}_ratio_p${p}`, of(name, p / 100) / of(anchor, p / 100), 'ratio', MOST_TIMES),
  ]),
)
figures.push(...([50, 99] as const).map((p) => figure(`queue_add_p${p}`, of('queue.add', p / 100), 'ms')))
figures.push(
  ...([50, 99] as const).map((p) =>
    figure(`ingest_to_queue_add_p${p}`, of('ingest', p / 100) / of('queue.add', p / 100), 'ratio', MOST_TIMES),
  ),
)

agent.destroy()
bare.kill('SIGKILL')
await once(bare, 'exit')
await ownQueue.close()
ownRedis.disconnect()
await server.stop()
await bench.remove()
printReport({ bench: 'api', figures, json: options.json })
process.exit()

/** Twenty finished jobs, so that history has rows to show. */
async function fillHistory(): Promise<void> {
  const source = createBullmqJobSource({ redisUrl: bench.redis.url, workerName: 'bench-worker' })
  await source.start(async (job) => completeResult(job))
  for (let i = 0; i < 20; i += 1) await send(server.url, 'POST', `/api/v1/ingestion/ingest/github.com/done/repo-${i}`, ADMIN)
  await waitUntil(
    async () =>
      (JSON.parse(await send(server.url, 'GET', '/api/v1/ingestion/jobs/history?limit=20')) as { jobs: unknown[] }).jobs.length === 20,
    'twenty rows of history',
    { everyMs: 100 },
  )
  await source.stop({ graceMs: 1000 })
  await sleep(100)
}

/** One request on a connection that stays open; the body as text. Throws for anything but success. */
function send(url: string, method: string, path: string, headers: Record<string, string> = {}): Promise<string> {
  const { hostname, port: at } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port: at, path, method, headers, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`))))
    })
    sent.on('error', reject)
    sent.end()
  })
}
