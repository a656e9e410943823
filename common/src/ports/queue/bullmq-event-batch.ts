/** How a batch of events lies in Redis: one stream entry, its events as gzipped JSON (a tenth of the bytes that are paid for). */
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { EventSchema, type DoctownEvent } from '../../contracts/event.js'
import { eventsKey, queueKey } from './bullmq-names.js'
import { noJob, type JobFields } from './bullmq-scripts.js'

const pack = promisify(gzip)
const unpack = promisify(gunzip)

export const ProgressSchema = z.object({ stage: z.string(), done: z.number(), total: z.number().nullable() })
export type Progress = z.infer<typeof ProgressSchema>

/** A day after the last batch nobody resumes any more. */
const KEEP_SECONDS = 86_400

export interface EventBatch {
  readonly jobId: string
  readonly attempt: number
  readonly isFirst: boolean
  readonly events: readonly DoctownEvent[]
  readonly progress: Progress | null
}

/** One command; three for the first batch of an attempt, which replaces what earlier attempts told. */
export async function appendBatch(client: Redis, batch: EventBatch): Promise<void> {
  const key = eventsKey(batch.jobId)
  const body = batch.events.length === 0 ? Buffer.alloc(0) : await pack(JSON.stringify(batch.events))
  const fields = ['attempt', batch.attempt, 'progress', JSON.stringify(batch.progress), 'events', body] as const
  if (!batch.isFirst) {
    await client.xadd(key, '*', ...fields)
    return
  }
  const replies = await client
    .multi()
    .del(key)
    .xadd(key, '*', ...fields)
    .expire(key, KEEP_SECONDS)
    .exec()
  for (const [error] of replies ?? []) if (error !== null) throw error
}

const ENTRIES_A_REPLY = 200

/** New entries and the job's state in one command, so that nothing can come between the last batch and the end. */
const POLL = `
local f = redis.call('HMGET', KEYS[1], 'data', 'finishedOn', 'returnvalue', 'failedReason', 'processedOn')
return {f[1], f[2], f[3], f[4], f[5], redis.call('XRANGE', KEYS[2], ARGV[1], '+', 'COUNT', ${ENTRIES_A_REPLY})}`

const buffer = z.instanceof(Buffer)
const text = buffer.transform((value) => value.toString('utf8')).nullable()
const EntriesSchema = z.array(z.tuple([buffer, z.array(buffer)]))
const PollSchema = z.tuple([text, text, text, text, text, EntriesSchema])

export interface NewBatches {
  readonly batches: readonly { readonly attempt: number; readonly events: readonly DoctownEvent[] }[]
  /** Read on from here. */
  readonly lastId: string
  /** More entries lie there than one reply holds. */
  readonly hasMore: boolean
}

export interface EventPoll extends NewBatches {
  /** Undefined when there is no such job. */
  readonly fields: JobFields | undefined
  /** A worker has taken it, at least once. */
  readonly isTaken: boolean
}

/** Everything about the job: three commands, counted with the inner ones. */
export async function pollEvents(client: Redis, jobId: string, lastId: string): Promise<EventPoll> {
  const reply = await client.callBuffer('EVAL', POLL, 2, queueKey(jobId), eventsKey(jobId), after(lastId)).catch(noJob)
  if (reply === null) return { fields: undefined, isTaken: false, batches: [], lastId, hasMore: false }
  const [data, finishedOn, returnvalue, failedReason, processedOn, entries] = PollSchema.parse(reply)
  return {
    fields: data === null ? undefined : { data, finishedOn, returnvalue, failedReason },
    isTaken: processedOn !== null,
    ...(await decode(entries, lastId)),
  }
}

/** Only what the running job has told since: one command. */
export async function newBatches(client: Redis, jobId: string, lastId: string): Promise<NewBatches> {
  const reply = await client.callBuffer('XRANGE', eventsKey(jobId), after(lastId), '+', 'COUNT', ENTRIES_A_REPLY)
  return decode(EntriesSchema.parse(reply), lastId)
}

const after = (lastId: string): string => (lastId === '' ? '-' : `(${lastId}`)

async function decode(entries: z.infer<typeof EntriesSchema>, lastId: string): Promise<NewBatches> {
  const batches = []
  for (const [, pairs] of entries) {
    const at = (name: string): Buffer =>
      pairs[pairs.findIndex((value, i) => i % 2 === 0 && value.toString() === name) + 1] ?? Buffer.alloc(0)
    const body = at('events')
    const events = body.length === 0 ? [] : z.array(EventSchema).parse(JSON.parse((await unpack(body)).toString('utf8')))
    batches.push({ attempt: Number(at('attempt').toString()), events })
  }
  return { batches, lastId: entries.at(-1)?.[0].toString() ?? lastId, hasMore: entries.length === ENTRIES_A_REPLY }
}
