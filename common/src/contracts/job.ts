import { z } from 'zod'
import { JobOutputSchema } from './build-summary.js'

/** What lies in the queue for one job (http-api.md, Task metadata). At most 16 KiB. Never a token. */
export const TaskSchema = z.object({
  repo_url: z.string(),
  /** Clone URL, checked again by the worker; of a folder put there by `doctown up --ingest` its path, `source: "local"`. */
  clone_url: z.string(),
  git_ref: z.string().nullable(),
  submitted_at: z.string(),
  ttl: z.number().int().positive(),
  source: z.enum(['api', 'webhook', 'local']),
  /** Written by the worker once it knows; whoever submits does not. */
  private: z.boolean().optional(),
})
export type Task = z.infer<typeof TaskSchema>

/** A repository and ref that wait already give back the same job. Compared without case. */
export const dedupKey = (task: Pick<Task, 'repo_url' | 'git_ref'>): string => `${task.repo_url.toLowerCase()}@${task.git_ref ?? 'HEAD'}`

const finished = { repo_url: z.string(), timestamp: z.string() }

/** How a finished job ended, as kept in the queue's completed and failed sets. At most 64 KiB. */
export const JobResultSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('complete'),
    ...finished,
    duration_seconds: z.number().nonnegative(),
    files_processed: z.number().int().nonnegative(),
    embeddings_generated: z.number().int().nonnegative(),
    docpack_id: z.string(),
    commit_sha: z.string(),
    files_skipped: z.number().int().nonnegative(),
    skips: z.record(z.string(), z.number().int().positive()),
    degraded: z.boolean(),
    index_pending: z.boolean(),
    /** Kept for `/api/jobs/{id}/status`; history entries leave it out. */
    output: JobOutputSchema,
    private: z.boolean(),
  }),
  z.object({
    status: z.literal('failed'),
    ...finished,
    error: z.string().max(4096),
    error_code: z.string(),
    permanent: z.boolean(),
    /** Set when the repository is known to be private: the row is then shown to nobody without the bearer. */
    private: z.boolean().optional(),
  }),
  z.object({
    status: z.literal('skipped'),
    ...finished,
    reason: z.string(),
    age_seconds: z.number().int(),
    private: z.boolean().optional(),
  }),
  z.object({ status: z.literal('cancelled'), ...finished, private: z.boolean().optional() }),
])
export type JobResult = z.infer<typeof JobResultSchema>

/** One row of `/api/v1/ingestion/jobs/history`: the result with its job id, `output` and `private` left out. */
export const HistoryEntrySchema = z.looseObject({
  job_id: z.number().int().nonnegative(),
  repo_url: z.string(),
  status: z.enum(['complete', 'failed', 'skipped', 'cancelled']),
  timestamp: z.string(),
})
export type HistoryEntry = z.infer<typeof HistoryEntrySchema>

export const JobStatusSchema = z.enum(['QUEUED', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED'])
export type JobStatus = z.infer<typeof JobStatusSchema>
