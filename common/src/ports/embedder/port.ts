import type { ChunkFields } from '../../contracts/chunk.js'
import type { EmbeddingModel, ExecutionProvider } from '../../contracts/embedding.js'

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
  /** Tokens of `text` as the model counts them, special tokens included. Cheap and synchronous. */
  countTokens(text: string): number
  /** Row-major, `documents.length * model.dimensions`. Never blocks the event loop for long. */
  embedDocuments(documents: readonly EmbedDocument[], options?: EmbedOptions): Promise<Float32Array>
  embedQueries(queries: readonly string[], options?: EmbedOptions): Promise<Float32Array>
  close(): Promise<void>
}
