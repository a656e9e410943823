import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { HistoryEntry } from '@doctown/common/contracts/job.js'
import type { QueueHealth } from '@doctown/common/ports/queue/port.js'

export interface Metrics {
  authFailed(): void
  jobFinished(entry: HistoryEntry): void
  requestFinished(facts: {
    readonly route: string | null
    readonly method: string
    readonly status: number
    readonly seconds: number
  }): void
  /** Prometheus text. Sends no Redis command. */
  text(): Promise<string>
  readonly contentType: string
}

export interface MetricsOptions {
  readonly queueHealth: () => QueueHealth
  readonly storedBytes: () => number
  readonly openStreams: () => number
  readonly now: () => number
}

const PREFIX = 'doctown_'
const JOB_SECONDS = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800]
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2]

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: PREFIX })
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []): Counter<Label> =>
    new Counter({ name: PREFIX + name, help, labelNames, registers })

  const jobs = counter('jobs_total', 'Finished jobs that this process has learned of, the newest hundred at its start included.', [
    'status',
  ])
  const authFailures = counter('auth_failures_total', 'Requests with a missing or wrong bearer.')
  const jobSeconds = new Histogram({
    name: `${PREFIX}job_duration_seconds`,
    help: 'Duration of complete jobs.',
    buckets: JOB_SECONDS,
    registers,
  })
  const requestSeconds = new Histogram({
    name: `${PREFIX}http_request_duration_seconds`,
    help: 'Answered requests.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: REQUEST_SECONDS,
    registers,
  })
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name: PREFIX + name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('queue_waiting', 'Jobs that wait, as last known.', () => options.queueHealth().waiting ?? Number.NaN)
  gauge('redis_up', '1 while the connection to Redis is ready.', () => (options.queueHealth().redis === 'ok' ? 1 : 0))
  gauge('stored_bytes', 'Size of the docpacks on the shelf, as last listed.', options.storedBytes)
  gauge('event_streams', 'Event streams open now.', options.openStreams)
  new Gauge({
    name: `${PREFIX}worker_last_seen_seconds`,
    help: 'Seconds since the last heartbeat of a worker.',
    labelNames: ['worker'] as const,
    registers,
    collect() {
      this.reset()
      for (const { name, last_heartbeat } of options.queueHealth().workers) {
        this.set({ worker: name }, Math.max(0, (options.now() - Date.parse(last_heartbeat)) / 1000))
      }
    },
  })

  return {
    authFailed: () => authFailures.inc(),
    jobFinished(entry) {
      jobs.inc({ status: entry.status })
      const seconds = entry['duration_seconds']
      if (entry.status === 'complete' && typeof seconds === 'number') jobSeconds.observe(seconds)
    },
    requestFinished({ route, method, status, seconds }) {
      requestSeconds.observe(
        { route: route ?? 'none', method: KNOWN_METHODS.has(method) ? method : 'other', status: String(status) },
        seconds,
      )
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

/** A label must not take a stranger's words. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PUT', 'PATCH'])
