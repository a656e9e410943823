import type { JobQueue } from '@doctown/common/ports/queue/port.js'

/**
 * Tells when something may have happened to a job, from what the workers push and the API does itself. Asking costs no Redis command.
 * Copies of history and of jobs hold on to it, so that any number of readers cost a read only when there is news.
 */
export interface QueueActivity {
  /** Whether a copy taken at `readAtMs` may be behind. */
  isStale(readAtMs: number): boolean
  /** The API itself changed something. */
  touch(): void
}

/**
 * After a push, copies are read again at once and after these times: a worker tells that it is done
 * shortly before or after the queue's own record of it, and a push may come from an earlier step of the same end.
 */
const SETTLE_MS = [0, 1_000, 5_000] as const
/** Without any push: another API process may have changed something. Idle copies must cost next to nothing. */
const QUIET_MS = 15 * 60_000
/** While a worker is at work or jobs wait, pushes may be lost with a connection. */
const BUSY_MS = 60_000

export function createQueueActivity(options: { readonly queue: Pick<JobQueue, 'health'>; readonly now: () => number }): QueueActivity {
  const { queue, now } = options
  let seen = ''
  let changedAtMs = now()

  const look = (): { readonly isBusy: boolean } => {
    const { workers, waiting, redis } = queue.health()
    const found = JSON.stringify([redis, waiting, workers.map(({ name, state, job_id, changed_at }) => [name, state, job_id, changed_at])])
    if (found !== seen) {
      seen = found
      changedAtMs = now()
    }
    return { isBusy: (waiting ?? 0) > 0 || workers.some(({ state }) => state === 'training') }
  }

  return {
    isStale(readAtMs) {
      const { isBusy } = look()
      const nowMs = now()
      if (nowMs - readAtMs >= (isBusy ? BUSY_MS : QUIET_MS)) return true
      return SETTLE_MS.some((settleMs) => readAtMs < changedAtMs + settleMs && nowMs >= changedAtMs + settleMs)
    },
    touch() {
      changedAtMs = now()
    },
  }
}
