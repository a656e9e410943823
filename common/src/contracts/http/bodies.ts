/** What the HTTP routes take and give, apart from the nouns that have a contract of their own. */
import { z } from 'zod'
import { JobOutputSchema } from '../build-summary.js'
import { DocpackRecordSchema } from '../docpack-record.js'
import { ExecutionProviderSchema } from '../embedding.js'
import { HistoryEntrySchema, JobStatusSchema } from '../job.js'
import { ManifestSchema } from '../manifest.js'

const count = z.number().int().nonnegative()
/** The queue's own counter. */
const jobId = z.number().int().nonnegative()

export const ErrorBodySchema = z
  .looseObject({ detail: z.string().meta({ description: 'One sentence for a person.' }), error: z.string() })
  .meta({ id: 'Error', description: 'Every error. Some carry more fields, such as `queue_size`.' })
export type ErrorBody = z.infer<typeof ErrorBodySchema>

export const DispatchedSchema = z
  .object({
    status: z.literal('dispatched'),
    job_id: jobId,
    queue_position: count.meta({ description: '1 is next; 0 is running already.' }),
    target: z.string().meta({ description: 'The edge worker (`EDGE_WORKER_NAME`).' }),
    queue_size: count,
    max_queue_size: count,
  })
  .meta({ id: 'Dispatched' })
export type Dispatched = z.infer<typeof DispatchedSchema>

export const SubmissionRequestSchema = z
  .object(
    {
      repo_url: z.string('must be the address of a repository, such as github.com/owner/name'),
      git_ref: z.string('must be a branch, tag or commit').nullish(),
    },
    'The body must be a JSON object with a repo_url',
  )
  .meta({ id: 'SubmissionRequest' })
export type SubmissionRequest = z.infer<typeof SubmissionRequestSchema>

export const AcceptedSchema = z.object({ job_id: jobId }).meta({ id: 'Accepted' })
export type Accepted = z.infer<typeof AcceptedSchema>

export const CancelledSchema = z
  .object({ job_id: jobId, outcome: z.enum(['removed', 'aborting']) })
  .meta({ id: 'Cancelled', description: '`removed`: it was waiting. `aborting`: it ends as `cancelled` at its next checkpoint.' })
export type Cancelled = z.infer<typeof CancelledSchema>

export const WorkerViewSchema = z
  .object({
    name: z.string(),
    status: z.string(),
    stage: z.string().optional(),
    done: z.number().nonnegative().optional(),
    total: z.number().nonnegative().optional(),
    execution_provider: ExecutionProviderSchema.optional(),
    last_heartbeat: z.string(),
  })
  .meta({ id: 'Worker' })
export type WorkerView = z.infer<typeof WorkerViewSchema>

export const WorkerStatusSchema = z
  .object({
    status: z.string().meta({ description: 'Exactly `Idle`, `Training Graph on {repo_url}`, `Error: {message}` or `Offline`.' }),
    workers: z.array(WorkerViewSchema),
    queue_size: count.optional(),
    max_queue_size: count.optional(),
  })
  .meta({ id: 'WorkerStatus' })
export type WorkerStatus = z.infer<typeof WorkerStatusSchema>

export const HistorySchema = z.object({ jobs: z.array(HistoryEntrySchema.meta({ id: 'HistoryEntry' })) }).meta({ id: 'History' })
export type History = z.infer<typeof HistorySchema>

export const JobStateSchema = z
  .object({
    job_id: jobId,
    status: JobStatusSchema,
    stage: z.string().optional(),
    progress: z.object({ done: z.number().nonnegative(), total: z.number().nonnegative().nullable() }).optional(),
    queue_position: count.optional(),
    output: JobOutputSchema.meta({ id: 'JobOutput' }).optional(),
    error: z.string().optional(),
    error_code: z.string().optional(),
  })
  .meta({ id: 'JobState' })
export type JobState = z.infer<typeof JobStateSchema>

export const DocpackListItemSchema = DocpackRecordSchema.pick({
  docpack_id: true,
  repo_url: true,
  commit_sha: true,
  branch: true,
  languages: true,
  symbol_count: true,
  verified_share: true,
  built_at: true,
  size_bytes: true,
}).meta({ id: 'DocpackListItem' })
export type DocpackListItem = z.infer<typeof DocpackListItemSchema>

export const DocpackListSchema = z
  .object({ docpacks: z.array(DocpackListItemSchema), next_cursor: z.string().nullable() })
  .meta({ id: 'DocpackList' })
export type DocpackList = z.infer<typeof DocpackListSchema>

export const DocpackViewSchema = z
  .object({
    docpack_id: z.string(),
    repo_url: z.string(),
    manifest: ManifestSchema.meta({ id: 'Manifest' }),
    built_at: z.string(),
    size_bytes: count,
  })
  .meta({ id: 'Docpack' })
export type DocpackView = z.infer<typeof DocpackViewSchema>

export const SearchAnswerSchema = z
  .object({
    query: z.string(),
    model: z.string().meta({ description: 'Name and revision of the model that compared meanings; of both where a second one did too.' }),
    took_ms: z.number().nonnegative(),
    results: z.array(
      z.object({
        docpack_id: z.string(),
        repo_url: z.string(),
        commit_sha: z.string(),
        symbol_id: z.string(),
        name: z.string(),
        symbol_type: z.string(),
        file: z.string(),
        start_line: count,
        end_line: count,
        score: z.number(),
        why: z.array(z.string()).meta({ description: 'Short reasons, the most telling first.' }),
      }),
    ),
    notes: z.array(z.string()).optional().meta({
      description: 'What is missing from this answer: a model that did not answer in time, docpacks that are not in the vector store yet.',
    }),
  })
  .meta({ id: 'SearchAnswer' })
export type SearchAnswer = z.infer<typeof SearchAnswerSchema>

const service = z.enum(['ok', 'down', 'unknown'])
export type ServiceState = z.infer<typeof service>

export const HealthSchema = z
  .object({
    status: z.enum(['ok', 'degraded', 'unavailable']),
    services: z.object({ redis: service, object_store: service, vector_store: service, worker: service }),
  })
  .meta({ id: 'Health', description: '`unavailable` (503) means that Redis is away; anything else that is down is `degraded`.' })
export type Health = z.infer<typeof HealthSchema>

export const LiveSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Live' })
