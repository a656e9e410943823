import { ClusterSchema } from '@doctown/common/contracts/cluster.js'
import { DocumentSchema, UsageSchema, type Document } from '@doctown/common/contracts/document.js'
import {
  EmbeddedChunkSchema,
  EmbeddingModelSchema,
  ProviderFallbackSchema,
  VectorBlockSchema,
} from '@doctown/common/contracts/embedding.js'
import { GraphSchema } from '@doctown/common/contracts/graph.js'
import { DocpackIdSchema } from '@doctown/common/contracts/ids.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import { ManifestSchema } from '@doctown/common/contracts/manifest.js'
import { RepositorySchema } from '@doctown/common/contracts/repository.js'
import { SkippedFileSchema } from '@doctown/common/contracts/skip.js'
import { SearchTextSchema } from '@doctown/common/contracts/search-text.js'
import { SourceFileSchema } from '@doctown/common/contracts/source-file.js'
import { SymbolContextSchema } from '@doctown/common/contracts/symbol-context.js'
import { SymbolSchema } from '@doctown/common/contracts/symbol.js'
import { DOCTOWN_VERSION } from '@doctown/common/contracts/version.js'
import { docpackEntries } from '@doctown/common/docpack/content.js'
import { packEmbeddings } from '@doctown/common/docpack/embeddings.js'
import type { DocpackDraft } from '@doctown/common/docpack/write.js'
import { compareBytes } from '@doctown/common/runtime/bytes.js'
import { z } from 'zod'
import type { PackageInput, PackageOutput } from '../../pipeline/stage-io.js'
import type { Stage, StageContext } from '../../pipeline/stage.js'
import { vectorBlocks } from './vector-blocks.js'
import { startWriter } from './write-off-loop.js'

const inputSchema = z.object({
  repository: RepositorySchema,
  committedAt: z.number().int().nonnegative(),
  symbols: z.array(SymbolSchema),
  documents: z.array(DocumentSchema),
  graph: GraphSchema,
  clusters: z.array(ClusterSchema),
  contexts: z.array(SymbolContextSchema),
  embedded: z.array(EmbeddedChunkSchema),
  searchTexts: z.array(SearchTextSchema),
  structure: VectorBlockSchema.nullable(),
  overview: z.string(),
  llms: z.string(),
  sources: z.array(SourceFileSchema).nullable(),
  files: z.object({
    detected: z.number().int().nonnegative(),
    processed: z.number().int().nonnegative(),
    skipped: z.array(SkippedFileSchema),
  }),
  languages: z.record(z.string(), z.number().int().positive()),
  models: z.object({ small: EmbeddingModelSchema.nullable(), text: EmbeddingModelSchema.nullable() }),
  fallbacks: z.array(ProviderFallbackSchema),
  grammars: z.record(z.string(), z.string()),
  graphModel: z.object({ name: z.string(), dimensions: z.number().int().nonnegative(), scores: z.record(z.string(), z.number()) }),
  languageModel: z.string().nullable(),
  degraded: z.boolean(),
  usage: UsageSchema,
})

const outputSchema = z.object({
  bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  docpack_id: DocpackIdSchema,
  manifest: ManifestSchema,
})

/** Everything the build found, as one deterministic ZIP (docpack.md). Text is made here, hashed and packed in a thread. Throws `docpack_too_large`. */
export const packageStage: Stage<PackageInput, PackageOutput, Record<string, never>> = Object.freeze({
  name: 'package',
  version: 2,
  input: inputSchema,
  output: outputSchema,
  run: async (input: PackageInput, context: StageContext<Record<string, never>>): Promise<PackageOutput> => {
    const writer = startWriter(context.signal)
    try {
      const documents = byCentrality(input)
      const blocks = vectorBlocks(input)
      const total = documents.length + 11
      let done = 0
      const content = { ...input, documents, chunks: input.embedded.map(({ chunk }) => chunk) }
      for (const entry of docpackEntries(content)) {
        await writer.add(entry)
        context.progress((done += 1), Math.max(total, done))
      }
      const written = await writer.finish({
        committedAt: input.committedAt,
        facts: manifestFacts(input, documents),
        embeddings: blocks.length === 0 ? null : packEmbeddings(blocks),
        embeddingNotes: embeddingNotes(input),
      })
      const { manifest } = written
      if (manifest.files.source_left_out !== undefined) context.log.warn('source left out', { reason: manifest.files.source_left_out })
      if (manifest.search_left_out !== undefined) context.log.warn('words for search left out', { reason: manifest.search_left_out })
      if (blocks.length > 0 && manifest.embeddings.left_out !== null)
        context.log.warn('vectors left out', { reason: manifest.embeddings.left_out })
      context.log.info('docpack written', { bytes: written.bytes.byteLength, entries: Object.keys(manifest.entries).length + 1 })
      return written
    } finally {
      await writer.stop()
    }
  },
})

/** The most central first, so that they get the 9,000 files; equals by the bytes of their ids. */
function byCentrality({ documents, contexts }: PackageInput): Document[] {
  const centrality = new Map<string, number>(contexts.map((each) => [each.symbol_id, each.centrality]))
  const rank = (document: Document): number => centrality.get(document.symbol) ?? 0
  return [...documents].sort((a, b) => rank(b) - rank(a) || compareBytes(a.symbol, b.symbol))
}

function manifestFacts(input: PackageInput, documents: readonly Document[]): DocpackDraft['facts'] {
  const verification = { verified: 0, unverifiable: 0, contradicted: 0 }
  for (const { claims } of documents) for (const { status } of claims) verification[status] += 1
  const { detected, processed, skipped } = input.files
  return {
    version: DOCTOWN_VERSION,
    repository: input.repository,
    symbol_count: input.symbols.length,
    generators: {
      program: { name: 'doctown', version: DOCTOWN_VERSION },
      grammars: sorted(input.grammars),
      embedding_models: input.models,
      graph_model: { ...input.graphModel, scores: sorted(input.graphModel.scores) },
      language_model: input.languageModel,
    },
    languages: sorted(input.languages),
    files: { detected, processed, skipped: [...skipped] },
    degraded: input.degraded,
    usage: input.usage,
    verification,
    documents_in_rest: Math.max(0, documents.length - LIMITS.docsFiles),
  }
}

function embeddingNotes({ embedded, fallbacks }: PackageInput): DocpackDraft['embeddingNotes'] {
  const cut = embedded.filter(({ truncated_tokens }) => truncated_tokens > 0)
  const tokens = cut.reduce((sum, { truncated_tokens }) => sum + truncated_tokens, 0)
  return {
    ...(cut.length === 0 ? {} : { truncated: { chunks: cut.length, tokens } }),
    ...(fallbacks.length === 0 ? {} : { fell_back: [...fallbacks] }),
  }
}

/** Whoever filled a record, in whatever order: the bytes are the same. */
const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareBytes(a, b)))
