import { performance } from 'node:perf_hooks'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { JobIdSchema } from '../../contracts/ids.js'
import type { HistoryEntry } from '../../contracts/job.js'
import { WorkerReportSchema, statusText, type WorkerReport } from '../../contracts/worker-status.js'
import { NEWS_CHANNEL, WORKER_NAMES_KEY, queueKey, workerStatusKey } from './bullmq-names.js'
import { resultOf } from './bullmq-record.js'
import { readFinished } from './bullmq-scripts.js'
import { historyEntry, isPrivateResult } from './job-end.js'

/** A worker's report as kept and published. */
export const WorkerNewsSchema = WorkerReportSchema.extend({
  /** Of the key: 2.5 heartbeats. A copy may not outlive it. */
  lives_ms: z.number().positive(),
  /** Attempts ended since the worker's start; a change tells readers that history may have grown. */
  ended: z.number().int().nonnegative(),
})
export type WorkerNews = z.infer<typeof WorkerNewsSchema>

export const NewsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('worker'), worker: WorkerNewsSchema }),
  z.object({ kind: z.literal('gone'), name: z.string() }),
  z.object({ kind: z.literal('queue'), waiting: z.number().int(), ended: z.boolean().optional() }),
])

export interface MirrorOptions {
  readonly client: Redis
  readonly subscriber: Redis
  /** Worker reports are read again when nothing was heard for so long (60 s): one MGET. */
  readonly reportsAgeMs: number
  /** Names, queue size and history are compared again after so long (10 min), in case news was lost. */
  readonly wholeAgeMs: number
  /** Something changed in the queue; not called for mere heartbeats and progress. */
  readonly onChange: () => void
}

/** Rows kept; twice the longest answer, so that private rows can be left out of it. */
const KEPT_ROWS = 200
/** A little less than the report's own life, so that Offline is read within 2.5 heartbeats also where news travel slowly. */
const KEPT_SHARE = 0.98
/** A worker that died is shown as Offline for an hour, then no more. */
const SHOW_OFFLINE_MS = 3_600_000

/**
 * The API's copy of what dashboards poll for: worker reports, queue size, history. Any number of dashboards cost one read
 * a minute; changes are pushed. Every read is awaited by its caller, so errors of Redis reach it.
 */
export class QueueMirror {
  readonly #workers = new Map<string, { readonly news: WorkerNews; readonly expiresMs: number }>()
  readonly #names = new Set<string>()
  readonly #rows = new Map<string, { readonly entry: HistoryEntry; readonly isPrivate: boolean }>()
  #order: readonly string[] = []
  #waiting: number | null = null
  #lastId: string | null = null
  #heardMs = -Infinity
  #wholeMs = -Infinity
  /** Bumped by news that make the copy old; a read that began before does not count. */
  #stale = 1
  #read = 0
  #reading: Promise<void> | null = null

  constructor(private readonly options: MirrorOptions) {
    const { subscriber } = options
    subscriber.on('message', (_channel: string, text: string) => this.#hear(text))
    // News may have been missed while the connection was away.
    subscriber.on('ready', () => this.invalidate())
    subscriber.on('error', () => this.invalidate())
    void subscriber.subscribe(NEWS_CHANNEL).then(
      () => this.invalidate(),
      () => this.invalidate(),
    )
  }

  /** Newest known number of waiting jobs. */
  get waiting(): number | null {
    return this.#waiting
  }

  /** What this process itself learned from a submission. */
  setWaiting(waiting: number): void {
    this.#waiting = waiting
  }

  /** Queue or history have changed: the next read looks. */
  markOld(): void {
    this.#stale += 1
  }

  /** The next read compares everything again. */
  invalidate(): void {
    this.#wholeMs = -Infinity
    this.#stale += 1
  }

  workers(): readonly WorkerReport[] {
    const nowMs = performance.now()
    return [...this.#workers.values()].flatMap(({ news, expiresMs }) => {
      const report = WorkerReportSchema.parse(news)
      if (nowMs < expiresMs) return [report]
      if (nowMs > expiresMs + SHOW_OFFLINE_MS) return []
      return [{ ...report, state: 'offline', status: statusText.offline, job_id: null, stage: null, done: null, total: null } as const]
    })
  }

  history(options: { readonly limit: number; readonly includePrivate: boolean }): HistoryEntry[] {
    return this.#order
      .flatMap((id) => this.#rows.get(id) ?? [])
      .filter(({ isPrivate }) => options.includePrivate || !isPrivate)
      .slice(0, options.limit)
      .map(({ entry }) => ({ ...entry }))
  }

  /** Brings the copy up to date, if it is not; sends nothing otherwise. Rejects when Redis does. */
  async refresh(): Promise<void> {
    while (this.#isOld()) {
      this.#reading ??= this.#readAgain().finally(() => {
        this.#reading = null
      })
      await this.#reading
    }
  }

  #isOld(): boolean {
    return this.#read !== this.#stale || performance.now() - this.#heardMs > this.options.reportsAgeMs
  }

  async #readAgain(): Promise<void> {
    const { client, reportsAgeMs, wholeAgeMs } = this.options
    const isWhole = performance.now() - this.#wholeMs > wholeAgeMs
    if (isWhole) for (const name of await client.smembers(WORKER_NAMES_KEY)) this.#names.add(name)
    if (isWhole || performance.now() - this.#heardMs > reportsAgeMs) await this.#readReports()
    // Taken after the reports, whose changes ask for the queue too; news that come from here on ask for another round.
    const target = this.#stale
    if (isWhole || this.#read !== target) await this.#readQueue()
    if (isWhole) this.#wholeMs = performance.now()
    this.#read = target
  }

  async #readReports(): Promise<void> {
    const names = [...this.#names]
    const beats = names.map((name) => this.#workers.get(name)?.news.last_heartbeat)
    const { client } = this.options
    const [lastId, ...values] = await client.mget(queueKey('id'), ...names.map(workerStatusKey))
    this.#heardMs = performance.now()
    if (this.#lastId !== (lastId ?? null)) this.#stale += 1
    this.#lastId = lastId ?? null
    const fresh: WorkerNews[] = []
    for (const [i, name] of names.entries()) {
      const kept = this.#workers.get(name)
      const value = values[i] ?? null
      // Unless news came while we asked, the report has died with its worker.
      if (value === null && kept !== undefined && kept.news.last_heartbeat === beats[i]) this.#expire(name)
      const news = WorkerNewsSchema.safeParse(value === null ? undefined : JSON.parse(value))
      const isNew = news.success && (news.data.last_heartbeat !== kept?.news.last_heartbeat || news.data.ended !== kept.news.ended)
      if (isNew) fresh.push(news.data)
    }
    if (fresh.length === 0) return
    // Read late, not heard when it was sent: it lives on only as long as its key does.
    const lives = await Promise.all(fresh.map(({ name }) => client.pttl(workerStatusKey(name))))
    fresh.forEach((news, i) => this.#keep(news, Math.max(0, lives[i] ?? 0)))
  }

  #expire(name: string): void {
    const kept = this.#workers.get(name)
    const nowMs = performance.now()
    if (kept !== undefined && kept.expiresMs > nowMs) this.#workers.set(name, { ...kept, expiresMs: nowMs })
  }

  async #readQueue(): Promise<void> {
    const { client } = this.options
    const [waiting, delayed, finished] = await Promise.all([
      client.llen(queueKey('wait')),
      client.zcard(queueKey('delayed')),
      readFinished(client, { limit: KEPT_ROWS, known: [...this.#rows.keys()] }),
    ])
    this.#waiting = waiting + delayed
    this.#order = finished.map(({ id }) => id)
    for (const { id, fields } of finished) {
      const result = fields === null ? null : resultOf(fields)
      if (result !== null) this.#rows.set(id, { entry: historyEntry(JobIdSchema.parse(id), result), isPrivate: isPrivateResult(result) })
    }
    const current = new Set(this.#order)
    for (const id of this.#rows.keys()) if (!current.has(id)) this.#rows.delete(id)
  }

  #hear(text: string): void {
    const news = NewsSchema.safeParse(JSON.parse(text))
    if (!news.success) return
    const before = this.#stale
    if (news.data.kind === 'worker') {
      this.#heardMs = performance.now()
      this.#keep(news.data.worker)
    } else if (news.data.kind === 'gone') {
      this.#workers.delete(news.data.name)
      this.#names.delete(news.data.name)
      this.#stale += 1
    } else {
      this.#waiting = news.data.waiting
      if (news.data.ended === true) this.#stale += 1
    }
    if (this.#stale !== before) this.options.onChange()
  }

  #keep(news: WorkerNews, livesMs = news.lives_ms): void {
    const before = this.#workers.get(news.name)?.news
    // A report read twice has not been sent twice: it does not live longer for it.
    if (before?.last_heartbeat === news.last_heartbeat && before.ended === news.ended) return
    this.#names.add(news.name)
    this.#workers.set(news.name, { news, expiresMs: performance.now() + Math.min(livesMs, news.lives_ms * KEPT_SHARE) })
    if (before?.ended !== news.ended || before.state !== news.state || before.job_id !== news.job_id) this.#stale += 1
  }
}
