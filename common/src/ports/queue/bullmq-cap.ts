/**
 * The cap of waiting jobs, inside BullMQ's own add script: check and add are one EVALSHA, so no two submissions can both see
 * the last free slot and a killed process leaves no slot taken (queue.md section 2, option d; the other options are measured there).
 *
 * It is an admission cap: retries and crash recoveries put *existing* jobs back, so the list itself may be longer for a while.
 * Only a plain `add` goes through it; `delay`, `priority` and `addBulk` do not and are not used.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { DoctownError } from '../../contracts/errors.js'
import { NEWS_CHANNEL } from './bullmq-names.js'
import { queueFullError } from './queue-errors.js'

/** The one version whose private script and argument layout were read for this file. */
const BULLMQ_VERSION = '6.7.0'
const KEY_COUNT = 9

export interface CapReply {
  readonly position: number
  readonly size: number
  readonly duplicate: boolean
}

export interface CappedAdd {
  /** Runs one `queue.add` and gives beside its result what the script told of position and size. Throws `queue_full`. */
  run<T>(add: () => Promise<T>): Promise<{ readonly added: T; readonly reply: CapReply }>
}

/**
 * Puts the capped script in the place that BullMQ's `loadCommands` would fill: it skips a command that the client has already.
 * Must be called before the client is given to a `Queue`. Throws when the installed BullMQ is not the one this was written for.
 */
export function installCap(client: Redis, maxQueueSize: number): CappedAdd {
  const calls = new AsyncLocalStorage<{ reply: CapReply | null }>()
  client.defineCommand('doctownCappedAdd', { numberOfKeys: KEY_COUNT, lua: cappedScript(readAddScript()) })
  // ioredis adds a defined command as a method that its types cannot know.
  const commands = client as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  commands[`addStandardJob:${BULLMQ_VERSION}`] = async (...args) => {
    const list = args.length === 1 && Array.isArray(args[0]) ? (args[0] as unknown[]) : args
    const answer = await commands.doctownCappedAdd?.(...list, maxQueueSize, NEWS_CHANNEL)
    // A negative number is BullMQ's own error code: it knows what to do with it.
    if (!Array.isArray(answer)) return answer
    const [id, position, size, duplicate] = z.tuple([z.string(), z.number(), z.number(), z.number()]).parse(answer)
    const call = calls.getStore()
    if (call !== undefined) call.reply = { position, size, duplicate: duplicate === 1 }
    return id
  }
  return {
    run: async (add) => {
      // By call and not by job id: simultaneous duplicates share an id but not a position.
      const call: { reply: CapReply | null } = { reply: null }
      try {
        const added = await calls.run(call, add)
        if (call.reply === null) throw new DoctownError('internal', 'The job was added past the cap.')
        return { added, reply: call.reply }
      } catch (error) {
        const full = /QUEUE_FULL (\d+)/.exec(error instanceof Error ? error.message : '')
        throw full === null ? error : queueFullError(Number(full[1]), maxQueueSize)
      }
    },
  }
}

const ScriptSchema = z.object({ name: z.literal('addStandardJob'), content: z.string(), keys: z.literal(KEY_COUNT) })

/** BullMQ's own Lua, checked to be the layout that the check below reads. */
export function readAddScript(): string {
  const load = createRequire(import.meta.url)
  const { version } = z.object({ version: z.string() }).parse(load('bullmq/dist/cjs/version.js'))
  if (version !== BULLMQ_VERSION) {
    throw new Error(`bullmq ${version} is installed; the cap was written for ${BULLMQ_VERSION}. Read its addStandardJob script first.`)
  }
  const { addStandardJob } = z.object({ addStandardJob: ScriptSchema }).parse(load('bullmq/dist/cjs/scripts/addStandardJob-9.js'))
  const layout = ["KEYS[1] 'wait'", "KEYS[6] 'delayed'", '[1]  key prefix', '[9] deduplication key', 'ARGV[3] msgpacked options']
  const missing = layout.filter((line) => !addStandardJob.content.includes(line))
  if (missing.length > 0) throw new Error(`bullmq's addStandardJob has another layout: ${missing.join('; ')}`)
  return addStandardJob.content
}

/** Gives {job id, position, size, 1 for a duplicate}; ARGV[4] is the cap, ARGV[5] the channel that hears of a new size. */
const cappedScript = (original: string): string => `
local doctownArgs = cmsgpack.unpack(ARGV[1])
local doctownLength = redis.call('LLEN', KEYS[1])
local doctownSize = doctownLength + redis.call('ZCARD', KEYS[6]) + redis.call('ZCARD', doctownArgs[1] .. 'prioritized')
if type(doctownArgs[9]) == 'string' then
  local current = redis.call('GET', doctownArgs[9])
  if current then
    local index = redis.call('LPOS', KEYS[1], current)
    if index then return {current, doctownLength - index, doctownSize, 1} end
    if redis.call('EXISTS', doctownArgs[1] .. current) == 1 then return {current, 0, doctownSize, 1} end
  end
end
if doctownSize >= tonumber(ARGV[4]) then
  return redis.error_reply('QUEUE_FULL ' .. doctownSize .. ' ' .. ARGV[4])
end
local function doctownAdd()
${original}
end
local doctownId = doctownAdd()
if type(doctownId) == 'number' then return doctownId end
redis.call('PUBLISH', ARGV[5], cjson.encode({kind = 'queue', waiting = doctownSize + 1}))
return {doctownId, doctownSize + 1, doctownSize + 1, 0}
`
