/** Our own Lua, one command each where BullMQ's getters would take several. Inner calls are counted too (queue.md section 1.1). */
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { NEWS_CHANNEL, cancelChannel, eventsKey, queueKey } from './bullmq-names.js'

/** As `removeOnComplete` and `removeOnFail` of every job. */
export const KEEP_FINISHED = 500

/** Of a job's hash. `finishedOn` is set by the script that ends the job; `returnvalue` or `failedReason` holds its result. */
export interface JobFields {
  readonly data: string
  readonly finishedOn: string | null
  readonly returnvalue: string | null
  readonly failedReason: string | null
}

export interface FoundJob {
  readonly fields: JobFields
  readonly state: 'finished' | 'waiting' | 'delayed' | 'active'
  /** 1 = next; only while waiting. */
  readonly position: number | null
  /** JSON of the newest progress; only while active. */
  readonly progress: string | null
}

const FIND = `
local f = redis.call('HMGET', KEYS[1], 'data', 'finishedOn', 'returnvalue', 'failedReason')
if not f[1] then return false end
if f[2] then return {f[1], f[2], f[3], f[4], 'finished', 0, false} end
local index = redis.call('LPOS', KEYS[2], ARGV[1])
if index then return {f[1], f[2], f[3], f[4], 'waiting', redis.call('LLEN', KEYS[2]) - index, false} end
if redis.call('ZSCORE', KEYS[3], ARGV[1]) then return {f[1], f[2], f[3], f[4], 'delayed', 0, false} end
local last = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)
local progress = false
if last[1] then
  for i = 1, #last[1][2], 2 do
    if last[1][2][i] == 'progress' then progress = last[1][2][i + 1] end
  end
end
return {f[1], f[2], f[3], f[4], 'active', 0, progress}`

const text = z.string().nullable()
const FoundSchema = z.tuple([z.string(), text, text, text, z.enum(['finished', 'waiting', 'delayed', 'active']), z.number(), text])

export async function findJob(client: Redis, jobId: string): Promise<FoundJob | undefined> {
  const reply = await client.eval(FIND, 4, queueKey(jobId), queueKey('wait'), queueKey('delayed'), eventsKey(jobId), jobId).catch(noJob)
  if (reply === null) return undefined
  const [data, finishedOn, returnvalue, failedReason, state, position, progress] = FoundSchema.parse(reply)
  return {
    fields: { data, finishedOn, returnvalue, failedReason },
    state,
    position: state === 'waiting' ? position : null,
    progress,
  }
}

/** `wait` and `id` are keys of the queue too, but no jobs: what reads a job as a hash finds none there. */
export function noJob(error: unknown): null {
  if (error instanceof Error && error.message.includes('WRONGTYPE')) return null
  throw error
}

/** The newest ids of both sets, merged by the time they finished; fields only of those that the caller does not know. */
const HISTORY = `
local known = {}
for i = 3, #ARGV do known[ARGV[i]] = true end
local rows = {}
for _, key in ipairs({KEYS[1], KEYS[2]}) do
  local set = redis.call('ZREVRANGE', key, 0, ARGV[1] - 1, 'WITHSCORES')
  for i = 1, #set, 2 do rows[#rows + 1] = {set[i], tonumber(set[i + 1])} end
end
table.sort(rows, function(a, b)
  if a[2] ~= b[2] then return a[2] > b[2] end
  return tonumber(a[1]) > tonumber(b[1])
end)
local reply = {}
for i = 1, math.min(#rows, tonumber(ARGV[1])) do
  local id = rows[i][1]
  if known[id] then
    reply[i] = {id}
  else
    local f = redis.call('HMGET', ARGV[2] .. id, 'data', 'finishedOn', 'returnvalue', 'failedReason')
    reply[i] = {id, f[1], f[2], f[3], f[4]}
  end
end
return reply`

const HistoryRowSchema = z.union([z.tuple([z.string()]), z.tuple([z.string(), text, text, text, text])])

/** Newest first, over completed and failed jobs. `fields` is null for a known id. */
export async function readFinished(
  client: Redis,
  options: { readonly limit: number; readonly known: readonly string[] },
): Promise<{ readonly id: string; readonly fields: JobFields | null }[]> {
  const reply = await client.eval(HISTORY, 2, queueKey('completed'), queueKey('failed'), options.limit, queueKey(''), ...options.known)
  return z
    .array(HistoryRowSchema)
    .parse(reply)
    .flatMap((row): { id: string; fields: JobFields | null }[] => {
      if (row.length === 1) return [{ id: row[0], fields: null }]
      const [id, data, finishedOn, returnvalue, failedReason] = row
      // The set and the hash are written by one script; a hash without data was removed by hand.
      return data === null ? [] : [{ id, fields: { data, finishedOn, returnvalue, failedReason } }]
    })
}

/** A waiting job goes straight to the completed set, with its result, as BullMQ's own end of a job would put it there. */
const CANCEL = `
local f = redis.call('HMGET', KEYS[1], 'finishedOn', 'deid', 'data')
if not f[3] then return 'unknown' end
if f[1] then return 'finished' end
if redis.call('LREM', KEYS[2], 1, ARGV[1]) + redis.call('ZREM', KEYS[3], ARGV[1]) == 0 then
  redis.call('HSET', KEYS[1], 'cancel', '1')
  redis.call('PUBLISH', ARGV[4], ARGV[1])
  return 'aborting'
end
redis.call('HSET', KEYS[1], 'returnvalue', ARGV[2], 'finishedOn', ARGV[3])
redis.call('HDEL', KEYS[1], 'defa')
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[1])
if f[2] then
  local key = ARGV[6] .. 'de:' .. f[2]
  if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
end
for _, old in ipairs(redis.call('ZREVRANGE', KEYS[4], ARGV[7], -1)) do
  redis.call('DEL', ARGV[6] .. old)
  redis.call('ZREM', KEYS[4], old)
end
local waiting = redis.call('LLEN', KEYS[2]) + redis.call('ZCARD', KEYS[3])
redis.call('PUBLISH', ARGV[5], cjson.encode({kind = 'queue', waiting = waiting, ended = true}))
return 'removed'`

export async function cancelJob(
  client: Redis,
  options: { readonly jobId: string; readonly result: string; readonly nowMs: number },
): Promise<'unknown' | 'finished' | 'aborting' | 'removed'> {
  const { jobId, result, nowMs } = options
  const reply = await client.eval(
    CANCEL,
    4,
    queueKey(jobId),
    queueKey('wait'),
    queueKey('delayed'),
    queueKey('completed'),
    jobId,
    result,
    nowMs,
    cancelChannel(jobId),
    NEWS_CHANNEL,
    queueKey(''),
    KEEP_FINISHED,
  )
  return z.enum(['unknown', 'finished', 'aborting', 'removed']).parse(reply)
}

/**
 * At a worker's start: whatever it held when it died is freed at once and marked, so that the first stalled check re-queues it.
 * Safe only because no two living processes share a worker's name (worker-name.ts).
 */
const RELEASE_OWN = `
redis.call('DEL', KEYS[2])
local released = 0
for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if redis.call('HGET', ARGV[1] .. id, 'pb') == ARGV[2] then
    redis.call('DEL', ARGV[1] .. id .. ':lock')
    redis.call('SADD', KEYS[3], id)
    released = released + 1
  end
end
return released`

export async function releaseOwnLocks(client: Redis, workerName: string): Promise<number> {
  const keys = [queueKey('active'), queueKey('stalled-check'), queueKey('stalled')]
  return z.number().parse(await client.eval(RELEASE_OWN, keys.length, ...keys, queueKey(''), workerName))
}

/**
 * Renews a job's lock. A lock that expired while Redis or we were away is taken again as long as nobody else took the job:
 * then it still lies in the active list under the same start number.
 */
const RENEW = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 'lost' end
if not holder then
  if not redis.call('LPOS', KEYS[3], ARGV[2]) then return 'lost' end
  if redis.call('HGET', KEYS[4], 'ats') ~= ARGV[4] then return 'lost' end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
redis.call('SREM', KEYS[2], ARGV[2])
if redis.call('HEXISTS', KEYS[4], 'cancel') == 1 then return 'cancelled' end
return 'held'`

export async function renewLock(
  client: Redis,
  hold: { readonly jobId: string; readonly token: string; readonly attempt: number; readonly lockMs: number },
): Promise<'held' | 'cancelled' | 'lost'> {
  const keys = [queueKey(`${hold.jobId}:lock`), queueKey('stalled'), queueKey('active'), queueKey(hold.jobId)]
  const reply = await client.eval(RENEW, keys.length, ...keys, hold.token, hold.jobId, hold.lockMs, String(hold.attempt))
  return z.enum(['held', 'cancelled', 'lost']).parse(reply)
}
