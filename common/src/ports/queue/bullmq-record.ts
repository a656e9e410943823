/** What lies in a job's hash, read back. Anything from Redis is unknown until its schema has read it. */
import { z } from 'zod'
import { JobResultSchema, TaskSchema, type JobResult, type Task } from '../../contracts/job.js'
import type { JobFields } from './bullmq-scripts.js'
import { failedResult, workerLostError } from './job-end.js'

/** BullMQ's own sentence for a job whose worker died once too often (moveStalledJobsToWait). */
const STALLED_TOO_OFTEN = 'job stalled more than allowable limit'

/** Undefined for data that is no task. Only `repo_url` and the rest of http-api.md's metadata are needed; the clone URL follows. */
export function readTask(data: unknown): Task | undefined {
  const lenient = z.looseObject({ repo_url: z.string() }).safeParse(data)
  if (!lenient.success) return undefined
  return TaskSchema.safeParse({ clone_url: `${lenient.data.repo_url}.git`, ...lenient.data }).data
}

/** As `readTask`, but a row of history needs something to show even for data that is no task. */
export function taskOf(data: string): Task {
  const unknown = { repo_url: 'unknown', clone_url: '', git_ref: null, submitted_at: new Date(0).toISOString(), ttl: 86_400 }
  return readTask(parseJson(data)) ?? { ...unknown, source: 'api' }
}

/** How a finished job ended; null while it is not finished. The failed set keeps the result in `failedReason`. */
export function resultOf(fields: JobFields): JobResult | null {
  if (fields.finishedOn === null) return null
  const kept = JobResultSchema.safeParse(parseJson(fields.returnvalue ?? fields.failedReason ?? ''))
  if (kept.success) return kept.data
  const reason = fields.failedReason ?? 'The result of this job cannot be read.'
  const error = reason === STALLED_TOO_OFTEN ? workerLostError() : new Error(reason)
  return failedResult(taskOf(fields.data), error, Number(fields.finishedOn))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
