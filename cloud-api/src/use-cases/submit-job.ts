import type { Dispatched } from '@doctown/common/contracts/http/bodies.js'
import type { Task } from '@doctown/common/contracts/job.js'
import { parseGitRef, parseRepoUrl, type AllowedHost } from '@doctown/common/contracts/repo-url.js'
import type { JobQueue } from '@doctown/common/ports/queue/port.js'

export interface SubmitJobOptions {
  readonly queue: Pick<JobQueue, 'submit' | 'maxQueueSize'>
  readonly allowedHosts: readonly AllowedHost[]
  readonly ttlSeconds: number
  /** Name of the edge worker, told to the client. */
  readonly target: string
  readonly now: () => number
}

export type SubmitJob = (submission: { readonly repoUrl: string; readonly gitRef: string | null | undefined }) => Promise<Dispatched>

/** Puts a repository on the queue. Throws `invalid_repo_url`, `invalid_request`, `queue_full`, `queue_unavailable`. */
export function createSubmitJob(options: SubmitJobOptions): SubmitJob {
  const { queue } = options
  return async ({ repoUrl, gitRef }) => {
    const { repo_url, clone_url } = parseRepoUrl(repoUrl, options.allowedHosts)
    const task: Task = {
      repo_url,
      clone_url,
      git_ref: parseGitRef(gitRef),
      submitted_at: new Date(options.now()).toISOString(),
      ttl: options.ttlSeconds,
      source: 'api',
    }
    const { job_id, queue_position, queue_size } = await queue.submit(task)
    return {
      status: 'dispatched',
      job_id: Number(job_id),
      queue_position,
      target: options.target,
      queue_size,
      max_queue_size: queue.maxQueueSize,
    }
  }
}
