import { z } from 'zod'
import { ChunkEntrySchema } from './chunk.js'

/** Which code computed a vector. `typescript` is the built-in table; `http` a service elsewhere. */
export const ExecutionProviderSchema = z.enum(['typescript', 'cuda', 'webgpu', 'cpu', 'http', 'none'])
export type ExecutionProvider = z.infer<typeof ExecutionProviderSchema>

/** A provider that died at work: the CPU went on in its place. */
export const ProviderFallbackSchema = z.object({ provider: ExecutionProviderSchema, reason: z.string() })
export type ProviderFallback = z.infer<typeof ProviderFallbackSchema>

export const EmbeddingModelSchema = z.object({
  name: z.string(),
  revision: z.string(),
  dimensions: z.number().int().positive(),
  /** Longest input in the model's own tokens. */
  max_tokens: z.number().int().positive(),
})
export type EmbeddingModel = z.infer<typeof EmbeddingModelSchema>

const float32 = z.custom<Float32Array>((value) => value instanceof Float32Array)

/** One chunk with its vectors: `small` always, `text` when MODEL_PATH names a model. Unit length. */
export const EmbeddedChunkSchema = z.object({
  chunk: ChunkEntrySchema,
  small: float32,
  text: float32.nullable(),
  /** Cut at the model's window; 0 when nothing was. */
  truncated_tokens: z.number().int().nonnegative(),
})
export type EmbeddedChunk = z.infer<typeof EmbeddedChunkSchema>

/** Rows of little-endian float32 in embeddings.bin. `values.length === rows * dimensions`. */
export const VectorBlockSchema = z.object({
  name: z.enum(['small', 'text', 'structure']),
  rows: z.number().int().nonnegative(),
  dimensions: z.number().int().positive(),
  values: float32,
})
export type VectorBlock = z.infer<typeof VectorBlockSchema>
