/** Events, version 1 (http-api.md). The only arrow that goes back from worker to reader. */
import { z } from 'zod'
import { SkipReasonSchema } from './skip.js'

const count = z.number().int().nonnegative()

/** A zod schema for each payload, by event type. */
export const EVENT_PAYLOADS = {
  'ingest.started.v1': z.object({ repo_url: z.string(), git_ref: z.string().nullable() }),
  'ingest.file_detected.v1': z.object({ file: z.string(), language: z.string().nullable(), bytes: count }),
  'ingest.file_skipped.v1': z.object({ file: z.string(), reason: SkipReasonSchema }),
  'ingest.chunk_created.v1': z.object({ chunk_id: z.string(), file: z.string(), start_line: count, end_line: count }),
  'ingest.completed.v1': z.object({ files_detected: count, files_processed: count, files_skipped: count, chunks_created: count }),
  'embedding.started.v1': z.object({ model: z.string(), execution_provider: z.string() }),
  'embedding.batch_completed.v1': z.object({ done: count, total: count.nullable() }),
  'embedding.completed.v1': z.object({ embeddings_created: count }),
  'assembly.started.v1': z.object({ symbols: count }),
  'assembly.cluster_created.v1': z.object({ cluster_id: z.string(), label: z.string(), size: count }),
  'assembly.graph_completed.v1': z.object({ nodes: count, edges: count }),
  'assembly.completed.v1': z.object({ clusters: count, graph_model: z.string() }),
  'generation.started.v1': z.object({ symbols: count, generator: z.string() }),
  'generation.symbol_documented.v1': z.object({ symbol_id: z.string(), generated_by: z.string() }),
  'generation.completed.v1': z.object({ docs_generated: count, input_tokens: count, output_tokens: count, usd: z.number() }),
  'pack.started.v1': z.object({ entries: count }),
  'pack.completed.v1': z.object({ docpack_id: z.string(), bytes: count }),
  'job.completed.v1': z.looseObject({ status: z.string() }),
} as const

export type EventType = keyof typeof EVENT_PAYLOADS
export type EventPayload<T extends EventType> = z.infer<(typeof EVENT_PAYLOADS)[T]>

export const EventSchema = z.object({
  event_id: z.string().startsWith('evt_'),
  event_type: z.enum(Object.keys(EVENT_PAYLOADS) as [EventType, ...EventType[]]),
  timestamp: z.string(),
  /** 1, 2, ... within one attempt's stream; the SSE id. */
  sequence: z.number().int().positive(),
  context: z.object({ job_id: z.string(), repo_url: z.string(), git_ref: z.string().nullable() }),
  meta: z.object({ producer_version: z.string(), trace_id: z.string().optional() }),
  payload: z.record(z.string(), z.unknown()),
  status: z.enum(['success', 'failed']).optional(),
})
export type DoctownEvent = z.infer<typeof EventSchema>
