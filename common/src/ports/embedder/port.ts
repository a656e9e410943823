import type { ChunkFields } from '../../contracts/chunk.js'
import type { EmbeddingModel, ExecutionProvider, ProviderFallback } from '../../contracts/embedding.js'

/** A text to embed, with the parts that a table of token vectors weighs apart. Transformers read `text` alone. */
export interface EmbedDocument {
  readonly text: string
  readonly fields?: ChunkFields
}

export interface EmbedOptions {
  readonly signal?: AbortSignal
}

/** Turns text into vectors of unit length. The order and the size of batches do not change a vector beyond 1e-5. */
export interface Embedder {
  readonly model: EmbeddingModel
  /** What really runs: found by a warm-up when the embedder was made, another one later if that died at work. */
  readonly executionProvider: ExecutionProvider
  /** Providers that died at work since the embedder was made, in order; absent where none can. */
  readonly fallbacks?: readonly ProviderFallback[]
  /** Tokens of `text` as the model counts them, special tokens included; more than the window for one that is far too long. Cheap and synchronous. */
  countTokens(text: string): number
  /** Row-major, `documents.length * model.dimensions`. Never blocks the event loop for long. */
  embedDocuments(documents: readonly EmbedDocument[], options?: EmbedOptions): Promise<Float32Array>
  embedQueries(queries: readonly string[], options?: EmbedOptions): Promise<Float32Array>
  close(): Promise<void>
}
