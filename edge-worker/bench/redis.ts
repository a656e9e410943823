/**
 * How many Redis commands Doctown costs, counted as a provider bills them: every call, those inside Lua too.
 *
 *     npm run bench:redis -- [--window <seconds>] [--scale <n>] [--quick] [--json]
 *
 * Everything idle runs by timers, so a day is made short by dividing all of them by --scale (60: an hour passes in a minute);
 * --scale 1 measures production settings as they are. The job of ten minutes runs at a tenth of its length.
 */
import { createBullmqJobQueue } from '@doctown/common/ports/queue/bullmq-job-queue.js'
import { createBullmqJobSource } from '@doctown/common/ports/queue/bullmq-job-source.js'
import type { JobHandler, JobQueue, JobSource, TakenJob } from '@doctown/common/ports/queue/port.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { completeResult, sampleEvent, sampleTask } from '@doctown/common/test/ports/queue/samples.js'
import { startTestRedis, type TestRedis } from '@doctown/common/test/support/redis-server.js'
import { waitUntil } from '@doctown/common/test/support/wait-until.js'
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'

const DAY_SECONDS = 86_400
const JOB_SECONDS = 600
const STAGES = ['fetch', 'parse', 'chunk', 'embed', 'graph', 'cluster', 'train', 'generate', 'package', 'publish']

const options = benchOptions({
  bench: import.meta.url,
  options: {
    window: { type: 'string' },
    scale: { type: 'string', default: '60' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const scale = Number(options.scale)
const windowSeconds = Number(options.window ?? (options.quick ? 60 : 300))
const jobScale = options.quick ? 30 : 10

const redis = await startTestRedis()
try {
  const idle = await measureIdle(redis, { scale, windowSeconds })
  const job = await measureJob(redis, { scale: jobScale, isWatched: false })
  const watched = await measureJob(redis, { scale: jobScale, isWatched: true })
  if (!options.json) {
    console.log(`idle: worker, API and two dashboards for ${windowSeconds} s at ${scale} times the speed`)
    console.log(`job: ten minutes at ${jobScale} times the speed, two dashboards open`)
    for (const [name, counts] of [['idle', idle.counts] as const, ['job', job.counts] as const]) {
      const parts = Object.entries(counts).sort(([, a], [, b]) => b - a)
      console.log(`${name}: ${parts.map(([command, calls]) => `${command} ${calls}`).join(', ')}`)
    }
  }
  const figure = (id: string, value: number, unit: string, floor: number | null): Figure => ({
    id,
    value: Math.round(value),
    unit,
    floor,
    ok: floor === null || value <= floor,
  })
  printReport({
    bench: 'redis',
    json: options.json,
    figures: [
      figure('idle_commands_a_day_at_most', idle.commandsADay, 'commands', 9_000),
      figure('job_of_10_minutes_at_most', job.commands, 'commands', 500),
      // Costs more only while somebody watches its events; nothing is asked of it.
      figure('job_of_10_minutes_with_events_open', watched.commands, 'commands', null),
    ],
  })
} finally {
  await redis.close()
}

/** Worker and API as in production, every period divided by `scale`. */
async function openStack(
  redis: TestRedis,
  options: { readonly scale: number; readonly handler: JobHandler },
): Promise<{ queue: JobQueue; source: JobSource }> {
  const { scale } = options
  await redis.client.flushall()
  const eventPace = { everyMs: 2_000 / scale, laterEveryMs: 3_000 / scale, laterAfterMs: 60_000 / scale }
  const queue = createBullmqJobQueue({ redisUrl: redis.url, reportsAgeMs: 60_000 / scale, wholeAgeMs: 600_000 / scale, eventPace })
  await waitUntil(() => queue.health().redis === 'ok', 'the connection')
  const source = createBullmqJobSource({
    redisUrl: redis.url,
    workerName: 'bench-1',
    drainDelaySeconds: 240 / scale,
    stalledSeconds: 600 / scale,
    heartbeatSeconds: 120 / scale,
    lockSeconds: 120 / scale,
    pace: { ...eventPace, bootPhaseMs: 60_000 / scale },
  })
  await source.start(options.handler)
  return { queue, source }
}

async function measureIdle(redis: TestRedis, options: { readonly scale: number; readonly windowSeconds: number }) {
  const { queue, source } = await openStack(redis, { scale: options.scale, handler: async (job) => completeResult(job) })
  const dashboards = openDashboards(queue, options.scale)
  try {
    // The first minute after a start is busier, and so is the first read of a copy.
    await sleep(90_000 / options.scale)
    const before = await callCounts(redis)
    await sleep(options.windowSeconds * 1_000)
    const counts = difference(before, await callCounts(redis))
    return { counts, commandsADay: (total(counts) * DAY_SECONDS) / (options.windowSeconds * options.scale) }
  } finally {
    await dashboards.close()
    await source.stop({ graceMs: 0 })
    await queue.close()
  }
}

async function measureJob(redis: TestRedis, options: { readonly scale: number; readonly isWatched: boolean }) {
  let source: JobSource | null = null
  const stack = await openStack(redis, { scale: options.scale, handler: (job) => work(job, () => source, options.scale) })
  source = stack.source
  const dashboards = openDashboards(stack.queue, options.scale)
  try {
    await sleep(90_000 / options.scale)
    const before = await callCounts(redis)
    const { job_id } = await stack.queue.submit(sampleTask('bench'))
    const watching = options.isWatched ? watch(stack.queue, job_id) : Promise.resolve()
    await waitUntil(async () => (await stack.queue.history({ limit: 1, includePrivate: true })).length === 1, 'the end of the job', {
      timeoutMs: (2 * JOB_SECONDS * 1_000) / options.scale,
      everyMs: 500,
    })
    await watching
    const counts = difference(before, await callCounts(redis))
    return { counts, commands: total(counts) }
  } finally {
    await dashboards.close()
    await source.stop({ graceMs: 0 })
    await stack.queue.close()
  }
}

/** Ten stages of a minute, each telling progress and events ten times a second, as a real build would. */
async function work(job: TakenJob, source: () => JobSource | null, scale: number) {
  let sequence = 0
  const report = (stage: string | null) =>
    source()?.report({
      state: stage === null ? 'idle' : 'training',
      status: stage === null ? 'Idle' : `Training Graph on ${job.task.repo_url}`,
      job_id: stage === null ? null : job.job_id,
      stage,
      done: null,
      total: null,
      execution_provider: 'cpu',
    })
  for (const stage of STAGES) {
    await report(stage)
    const endMs = performance.now() + (JOB_SECONDS * 1_000) / STAGES.length / scale
    for (let done = 1; performance.now() < endMs; done++) {
      job.progress(stage, done, null)
      job.emit(sampleEvent(job, ++sequence, 'embedding.batch_completed.v1', { done, total: null }))
      await sleep(100 / scale)
    }
    await job.flush()
  }
  job.emit(sampleEvent(job, ++sequence, 'job.completed.v1', { status: 'complete' }))
  await report(null)
  return completeResult(job)
}

/** What the page at `/` asks for every 2 s. */
function openDashboards(queue: JobQueue, scale: number): { close(): Promise<void> } {
  const stop = new AbortController()
  const page = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await queue.workers()
      await queue.history({ limit: 10, includePrivate: false })
      queue.health()
      await sleep(2_000 / scale, stop.signal).catch(() => {})
    }
  }
  const pages = Promise.all([page(), page()])
  return {
    close: async () => {
      stop.abort()
      await pages
    },
  }
}

async function watch(queue: JobQueue, jobId: TakenJob['job_id']): Promise<void> {
  let seen = 0
  for await (const event of queue.events(jobId, { afterSequence: 0, signal: new AbortController().signal })) seen = event.sequence
  if (seen === 0) throw new Error('no event was seen')
}

/** Calls by command since the server's start; Redis counts those from scripts in the same place. */
async function callCounts(redis: TestRedis): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [, command, calls] of (await redis.client.info('commandstats')).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) {
    // Our own looking is not the stack's.
    if (command !== undefined && command !== 'info') counts[command] = Number(calls)
  }
  return counts
}

function difference(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const entries = Object.entries(after).map(([command, calls]) => [command, calls - (before[command] ?? 0)] as const)
  return Object.fromEntries(entries.filter(([, calls]) => calls > 0))
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, calls) => sum + calls, 0)
}
