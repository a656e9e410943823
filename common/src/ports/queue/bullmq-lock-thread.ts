/**
 * Runs in a thread of its own: renews the lock of the running job whatever the worker's main loop does. A parser that blocks
 * the loop for a minute must not make a healthy job run twice. Connects when the first renewal is due, so short jobs cost nothing.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { Redis } from 'ioredis'
import { createRedis, sideConnection } from './bullmq-connection.js'
import { renewLock } from './bullmq-scripts.js'

export interface LockThreadData {
  readonly redisUrl: string
  readonly lockMs: number
  /** Seconds since 1970 of the main loop's last sign of life. */
  readonly beat: SharedArrayBuffer
  /** A main loop that was silent for longer is taken for dead, and its job is let go. */
  readonly maxBlockedSeconds: number
}

export type LockOrder =
  | { readonly kind: 'hold'; readonly jobId: string; readonly token: string; readonly attempt: number }
  | { readonly kind: 'release'; readonly jobId: string }

export interface LockNews {
  readonly jobId: string
  readonly state: 'held' | 'cancelled' | 'lost'
}

// Importing a file does nothing; this one is a program when it is started as a thread with its data.
if (!isMainThread && parentPort !== null && isLockThreadData(workerData)) runLockThread(parentPort, workerData)

function runLockThread(port: NonNullable<typeof parentPort>, data: LockThreadData): void {
  const beat = new Int32Array(data.beat)
  let held: (LockOrder & { kind: 'hold' }) | null = null
  let timer: NodeJS.Timeout | undefined
  let client: Redis | null = null

  const renew = async (): Promise<void> => {
    const hold = held
    if (hold === null) return
    let nextMs = data.lockMs / 3
    try {
      if (Date.now() / 1000 - Atomics.load(beat, 0) > data.maxBlockedSeconds) throw new Error('the main loop is dead')
      client ??= connect()
      const state = await renewLock(client, { ...hold, lockMs: data.lockMs })
      if (held === hold) port.postMessage({ jobId: hold.jobId, state } satisfies LockNews)
      if (state === 'lost' && held === hold) held = null
    } catch {
      // Redis is away: tried again soon. What came of the lock is decided when it answers.
      nextMs = Math.min(nextMs, 1_000)
    }
    if (held === hold && held !== null) timer = setTimeout(() => void renew(), nextMs)
  }

  const connect = (): Redis => {
    const made = createRedis(data.redisUrl, {
      ...sideConnection(),
      maxRetriesPerRequest: 0,
      commandTimeout: Math.min(5_000, data.lockMs / 2),
    })
    made.on('error', () => {})
    return made
  }

  port.on('message', (order: LockOrder) => {
    if (order.kind === 'hold') {
      held = order
      clearTimeout(timer)
      timer = setTimeout(() => void renew(), data.lockMs / 3)
    } else if (held?.jobId === order.jobId) {
      held = null
      clearTimeout(timer)
      // An idle connection is cut by proxies and costs commands to make again.
      client?.disconnect()
      client = null
    }
  })
}

function isLockThreadData(data: unknown): data is LockThreadData {
  return typeof data === 'object' && data !== null && 'redisUrl' in data && 'beat' in data && 'lockMs' in data
}
