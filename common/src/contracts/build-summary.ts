import { z } from 'zod'
import { UsageSchema } from './document.js'
import { ExecutionProviderSchema } from './embedding.js'

/** `summary` of a completed build (http-api.md, Job status). */
export const BuildSummarySchema = z.object({
  status: z.literal('success'),
  files_detected: z.number().int().nonnegative(),
  files_processed: z.number().int().nonnegative(),
  files_skipped: z.number().int().nonnegative(),
  chunks_created: z.number().int().nonnegative(),
  duration_ms: z.number().int().nonnegative(),
  language_breakdown: z.record(z.string(), z.number().int().positive()),
})
export type BuildSummary = z.infer<typeof BuildSummarySchema>

/** `output` of a completed job. */
export const JobOutputSchema = z.object({
  status: z.literal('success'),
  job_id: z.number().int().nonnegative(),
  docpack_id: z.string(),
  docpack_url: z.string(),
  summary: BuildSummarySchema,
  chunks_created: z.number().int().nonnegative(),
  embeddings_created: z.number().int().nonnegative(),
  clusters: z.number().int().nonnegative(),
  symbols: z.number().int().nonnegative(),
  docs_generated: z.number().int().nonnegative(),
  usage: UsageSchema,
  execution_provider: ExecutionProviderSchema,
})
export type JobOutput = z.infer<typeof JobOutputSchema>
