import type { Chunk } from '@doctown/common/contracts/chunk.js'
import type { EmbeddedChunk } from '@doctown/common/contracts/embedding.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import type { EmbedPorts } from '../../pipeline/stage-io.js'

/** Both models at once: one works here, the other in a thread, a GPU or a service. */
export async function embedBatch(chunks: readonly Chunk[], { small, text }: EmbedPorts, signal: AbortSignal): Promise<EmbeddedChunk[]> {
  const documents = chunks.map((chunk) => ({ text: chunk.text, fields: chunk.fields }))
  const [smallVectors, textVectors] = await Promise.all([
    vectorsOf(small, documents, signal),
    text === null ? null : vectorsOf(text, documents, signal),
  ])
  const models = text === null ? [small] : [small, text]
  return chunks.map((chunk, i) => {
    const { chunk_id, symbol_id, file, start_line, end_line } = chunk
    return {
      chunk: { chunk_id, symbol_id, file, start_line, end_line },
      small: smallVectors[i]!,
      text: textVectors?.[i] ?? null,
      truncated_tokens: truncatedTokens(chunk, models),
    }
  })
}

async function vectorsOf(
  embedder: Embedder,
  documents: Parameters<Embedder['embedDocuments']>[0],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const { dimensions, name } = embedder.model
  const rows = await embedder.embedDocuments(documents, { signal })
  // NaN in a docpack would poison every search over it.
  if (rows.length !== documents.length * dimensions || !rows.every(Number.isFinite)) {
    throw new DoctownError(
      'embedder_unavailable',
      `The model ${name} gave vectors of a wrong size or that are not finite; the job is tried again.`,
    )
  }
  // Copies: a view would keep its whole batch alive in each chunk.
  return documents.map((_, i) => rows.slice(i * dimensions, (i + 1) * dimensions))
}

/** What no model in use could see of the chunk; counted again only when it is near a window. */
function truncatedTokens(chunk: Chunk, models: readonly Embedder[]): number {
  return Math.max(
    0,
    ...models.map(({ model, countTokens }) => (chunk.tokens <= model.max_tokens ? 0 : countTokens(chunk.text) - model.max_tokens)),
  )
}
