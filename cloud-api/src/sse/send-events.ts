import type { Response } from 'express'
import type { DoctownEvent } from '@doctown/common/contracts/event.js'
import type { StructuredLog } from '@doctown/common/runtime/log.js'
import type { StreamSlots } from './stream-slots.js'

export interface EventStreamLimits {
  readonly pingMs: number
  readonly wholeMs: number
  /** Bytes that a reader may leave unread. */
  readonly maxUnsentBytes: number
  /** A reader that takes nothing for this long is gone. */
  readonly stalledMs: number
}

export const EVENT_STREAM_LIMITS: EventStreamLimits = {
  pingMs: 15_000,
  wholeMs: 30 * 60_000,
  maxUnsentBytes: 1024 * 1024,
  stalledMs: 15_000,
}

/** How soon a reader comes back by itself: after a cut, and after a restart of ours. */
const RETRY_MS = 3_000
const RETRY_AFTER_RESTART_MS = 5_000

export interface SendEventsOptions {
  /** Opened only once there is a slot; ends with the job. */
  readonly events: (signal: AbortSignal) => AsyncIterable<DoctownEvent>
  readonly response: Response
  readonly address: string
  /** No `event:` line, so that a plain `onmessage` sees all. */
  readonly unnamed: boolean
  /** The job has ended and the reader has seen something: with nothing more to tell it is sent 204, which ends its coming back. */
  readonly mayBeOver: boolean
  readonly slots: StreamSlots
  readonly limits: EventStreamLimits
  readonly log: StructuredLog
}

/** Writes events until the job, the reader, the time or this process ends. Throws `too_many_streams` before anything is written. */
export async function sendEvents(options: SendEventsOptions): Promise<void> {
  const { response, limits } = options
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  const leaveSlot = options.slots.take(options.address, {
    endForRestart: () => {
      if (!response.headersSent) begin(response)
      response.end(`retry: ${RETRY_AFTER_RESTART_MS}\n\n`)
      stop()
    },
  })
  const timers: NodeJS.Timeout[] = []
  response.once('close', stop)
  try {
    const events = options.events(abort.signal)[Symbol.asyncIterator]()
    const first = options.mayBeOver ? await events.next() : null
    if (first?.done === true && !response.headersSent) {
      response.status(204).end()
      return
    }
    if (abort.signal.aborted) return
    begin(response)
    timers.push(setInterval(() => void (response.writableNeedDrain || response.write(': ping\n\n')), limits.pingMs))
    timers.push(setTimeout(() => (response.end(`retry: ${RETRY_MS}\n\n`), stop()), limits.wholeMs))
    for (let next = first ?? (await events.next()); next.done !== true && !abort.signal.aborted; next = await events.next()) {
      const isRead = await write(response, frame(next.value, options.unnamed), limits)
      if (!isRead) {
        options.log.info('event stream dropped', { unsentBytes: response.writableLength })
        response.destroy()
        return
      }
    }
    if (!response.writableEnded) response.end()
  } finally {
    for (const timer of timers) clearInterval(timer)
    leaveSlot()
    stop()
  }
}

function begin(response: Response): void {
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx and its kin would hold small writes back.
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  response.write(`retry: ${RETRY_MS}\n\n`)
}

/** JSON has no line break of its own, so one `data:` line holds it. */
const frame = (event: DoctownEvent, unnamed: boolean): string =>
  `id: ${event.sequence}\n${unnamed ? '' : `event: ${event.event_type}\n`}data: ${JSON.stringify(event)}\n\n`

/** Waits while the reader is slower than the job. False when it is too far behind, or takes nothing at all. */
async function write(response: Response, text: string, limits: EventStreamLimits): Promise<boolean> {
  if (response.writableEnded || response.destroyed) return true
  if (response.write(text)) return true
  if (response.writableLength > limits.maxUnsentBytes) return false
  return new Promise((resolve) => {
    const settle = (isRead: boolean): void => {
      clearTimeout(timer)
      response.off('drain', drained)
      response.off('close', drained)
      resolve(isRead)
    }
    const drained = (): void => settle(true)
    const timer = setTimeout(() => settle(false), limits.stalledMs)
    response.once('drain', drained)
    response.once('close', drained)
  })
}
