import type { HistoryEntry } from '@doctown/common/contracts/job.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { JobQueue } from '@doctown/common/ports/queue/port.js'
import type { QueueActivity } from './queue-activity.js'

/** What a page shows; more is read only for who asks for more. */
const USUAL_ROWS = 20

export interface JobHistoryOptions {
  readonly queue: Pick<JobQueue, 'history'>
  readonly activity: QueueActivity
  readonly isPrivateRepository: (repoUrl: string) => boolean
  readonly now: () => number
  /** Told of each finished job once, private ones too when an admin's copy has them. */
  readonly onFinished: (entry: HistoryEntry) => void
}

export type JobHistory = (options: { readonly limit: number; readonly includePrivate: boolean }) => Promise<readonly HistoryEntry[]>

/** Newest first, from a copy that is read again when a worker pushes news. Throws `queue_unavailable`. */
export function createJobHistory(options: JobHistoryOptions): JobHistory {
  const told = new Set<number>()
  const tell = (rows: readonly HistoryEntry[]): void => {
    for (const row of [...rows].reverse()) {
      if (told.has(row.job_id)) continue
      told.add(row.job_id)
      options.onFinished(row)
    }
    // The queue keeps more rows than it ever shows; ids older than those cannot come back.
    for (const id of told) if (told.size > 2 * LIMITS.historyLimit) told.delete(id)
  }
  const copies = { public: createCopy(options, false, tell), all: createCopy(options, true, tell) }
  return async ({ limit, includePrivate }) => {
    if (includePrivate) return copies.all(limit)
    // The queue leaves out what its own record calls private; a job that was skipped or cancelled never learned it.
    return (await copies.public(limit)).filter(({ repo_url }) => !options.isPrivateRepository(repo_url))
  }
}

interface Copy {
  readonly rows: readonly HistoryEntry[]
  readonly asked: number
  readonly readAtMs: number
}

function createCopy(
  { queue, activity, now }: JobHistoryOptions,
  includePrivate: boolean,
  tell: (rows: readonly HistoryEntry[]) => void,
): (limit: number) => Promise<readonly HistoryEntry[]> {
  let copy: Copy | null = null
  let reading: Promise<Copy> | null = null

  const read = async (asked: number): Promise<Copy> => {
    const readAtMs = now()
    const rows = await queue.history({ limit: asked, includePrivate })
    tell(rows)
    copy = { rows, asked, readAtMs }
    return copy
  }
  const isEnough = (held: Copy, limit: number): boolean => held.asked >= limit || held.rows.length < held.asked

  return async (limit) => {
    if (copy !== null && isEnough(copy, limit) && !activity.isStale(copy.readAtMs)) return copy.rows.slice(0, limit)
    const asked = limit <= USUAL_ROWS ? USUAL_ROWS : LIMITS.historyLimit
    // Whoever asks while a read is under way takes its answer.
    reading ??= read(asked).finally(() => (reading = null))
    let fresh = await reading
    if (!isEnough(fresh, limit)) fresh = await read(asked)
    return fresh.rows.slice(0, limit)
  }
}
