import type { WorkerReport } from '@doctown/common/contracts/worker-status.js'
import { statusText } from '@doctown/common/contracts/worker-status.js'
import type { JobView } from '@doctown/common/ports/queue/port.js'
import type { Shelf } from './shelf.js'

/** What a worker says instead of a private repository's name. */
const PRIVATE_TEXT = statusText.training('private repository')

/** Decides what nobody but the admin may know of. */
export interface Privacy {
  isPrivateJob(job: JobView): boolean
  /** The report as a stranger may see it. */
  masked(report: WorkerReport): WorkerReport
}

/**
 * A job is private when its task or result says so, when the worker at it says so, or when the shelf holds a private docpack of its repository:
 * so that a rebuild is hidden before its worker has learned anything.
 */
export function createPrivacy(options: {
  readonly shelf: Pick<Shelf, 'isPrivateRepository'>
  readonly workers: () => readonly WorkerReport[]
}): Privacy {
  const { shelf } = options
  return {
    isPrivateJob({ job_id, task, result }) {
      if (task.private === true) return true
      if (result !== null && 'private' in result && result.private === true) return true
      if (shelf.isPrivateRepository(task.repo_url)) return true
      return options.workers().some((report) => report.job_id === job_id && report.status === PRIVATE_TEXT)
    },
    masked(report) {
      const name = report.status.slice(statusText.training('').length)
      return report.state === 'training' && shelf.isPrivateRepository(name) ? { ...report, status: PRIVATE_TEXT } : report
    },
  }
}
