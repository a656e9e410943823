import type { Chunk } from '@doctown/common/contracts/chunk.js'
import type { EmbeddedChunk } from '@doctown/common/contracts/embedding.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import type { EmbedPorts } from '../../pipeline/stage-io.js'

/** Both models at once: one works here, the other in a thread, a GPU or a service. */
export async function embedBatch(chunks: readonly Chunk[], { small, text }: EmbedPorts, signal: AbortSignal): Promise<EmbeddedChunk[]> {
  const documents = chunks.map((chunk) => ({ text: chunk.text, fields: chunk.fields }))
  const [smallVectors, textVectors] = await Promise.all([
    vectorsOf(small, { chunks, documents, signal }),
    text === null ? null : vectorsOf(text, { chunks, documents, signal }),
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

interface Asked {
  readonly chunks: readonly Chunk[]
  readonly documents: Parameters<Embedder['embedDocuments']>[0]
  readonly signal: AbortSignal
}

async function vectorsOf(embedder: Embedder, { chunks, documents, signal }: Asked): Promise<Float32Array[]> {
  const { dimensions, name } = embedder.model
  const rows = await embedder.embedDocuments(documents, { signal })
  const refuse = (why: string): never => {
    throw new DoctownError('embedder_unavailable', `The model ${name} ${why}; the job is tried again.`)
  }
  if (rows.length !== documents.length * dimensions) refuse(`gave ${rows.length} numbers for ${documents.length} texts of ${dimensions}`)
  // NaN in a docpack would poison every search over it.
  const bad = rows.findIndex((value) => !Number.isFinite(value))
  if (bad !== -1) {
    const { file, start_line } = chunks[Math.floor(bad / dimensions)]!
    refuse(`gave a vector that is not finite for ${file}:${start_line}`)
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
