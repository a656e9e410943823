import type { HistoryEntry } from '@doctown/common/contracts/job.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { JobQueue } from '@doctown/common/ports/queue/port.js'

export interface JobHistoryOptions {
  /** Answers from a copy in memory that its workers' news keep fresh; so this keeps none. */
  readonly queue: Pick<JobQueue, 'history'>
  readonly isPrivateRepository: (repoUrl: string) => boolean
  /** Told of each finished job once, when somebody first asks after its end. */
  readonly onFinished: (entry: HistoryEntry) => void
}

export type JobHistory = (options: { readonly limit: number; readonly includePrivate: boolean }) => Promise<readonly HistoryEntry[]>

/** Newest first. Throws `queue_unavailable`. */
export function createJobHistory({ queue, isPrivateRepository, onFinished }: JobHistoryOptions): JobHistory {
  const told = new Set<number>()
  const tell = (rows: readonly HistoryEntry[]): void => {
    for (const row of rows) {
      if (told.has(row.job_id)) continue
      told.add(row.job_id)
      onFinished(row)
    }
    // Nobody can ask for more rows than the limit: ids that were told long before those do not come back.
    for (const id of told) {
      if (told.size <= 10 * LIMITS.historyLimit) break
      told.delete(id)
    }
  }
  return async ({ limit, includePrivate }) => {
    const rows = await queue.history({ limit: LIMITS.historyLimit, includePrivate })
    tell(rows)
    // The queue leaves out what its own record calls private; a job that was skipped or cancelled never learned it.
    const shown = includePrivate ? rows : rows.filter(({ repo_url }) => !isPrivateRepository(repo_url))
    return shown.slice(0, limit)
  }
}
