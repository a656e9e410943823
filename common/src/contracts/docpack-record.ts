import { z } from 'zod'
import { DocpackIdSchema, JobIdSchema } from './ids.js'
import { POINTS_VERSION } from './points-version.js'
import { ExecutionProviderSchema } from './embedding.js'

/** records/{docpack_id}.json, published last: from then on the docpack is on the shelf. */
export const DocpackRecordSchema = z.object({
  docpack_id: DocpackIdSchema,
  key: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  job_id: JobIdSchema,
  /** One spelling, as in every answer. */
  repo_url: z.string(),
  commit_sha: z.string(),
  branch: z.string(),
  languages: z.record(z.string(), z.number()),
  symbol_count: z.number().int().nonnegative(),
  /** Verified claims ÷ all claims, `null` without claims. */
  verified_share: z.number().min(0).max(1).nullable(),
  built_at: z.string(),
  size_bytes: z.number().int().positive(),
  visibility: z.enum(['public', 'private']),
  execution_provider: ExecutionProviderSchema,
  duration_ms: z.number().int().nonnegative(),
  cost_usd: z.number().nonnegative(),
  /** Vectors are not complete in the vector store yet; the worker goes on trying. */
  index_pending: z.boolean(),
  /** Shape of the points that were written (`POINTS_VERSION`); none in records of the first. */
  index_version: z.number().int().positive().optional(),
  /** Object of an earlier job that built the same bytes; removed once this record stands. Kept so that a kill in between leaves nothing behind. */
  replaced_key: z.string().optional(),
})
export type DocpackRecord = z.infer<typeof DocpackRecordSchema>

/** Its points are not in the vector store, or only as an older Doctown made them: the worker writes them. */
export const isIndexPending = ({ index_pending, index_version = 1 }: DocpackRecord): boolean =>
  index_pending || index_version < POINTS_VERSION

/** Where the docpack of a job lies in the object store. */
export const docpackKey = (jobId: string): string => `docpacks/${jobId}.docpack`
export const recordKey = (docpackId: string): string => `records/${docpackId}.json`
