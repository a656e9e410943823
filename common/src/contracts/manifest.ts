import { z } from 'zod'
import { UsageSchema } from './document.js'
import { EmbeddingModelSchema, ProviderFallbackSchema } from './embedding.js'
import { RepositorySchema } from './repository.js'
import { SkippedFileSchema } from './skip.js'

/** The format that this program writes and the newest that it reads. */
export const DOCPACK_FORMAT = 1

export const GeneratorsSchema = z.object({
  program: z.object({ name: z.string(), version: z.string() }),
  grammars: z.record(z.string(), z.string()),
  embedding_models: z.object({ small: EmbeddingModelSchema.nullable(), text: EmbeddingModelSchema.nullable() }),
  /** `name` is `training-free` (T0) or `gnn` (T1); scores on held-out edges where they were measured. */
  graph_model: z.object({ name: z.string(), dimensions: z.number().int().nonnegative(), scores: z.record(z.string(), z.number()) }),
  language_model: z.string().nullable(),
})
export type Generators = z.infer<typeof GeneratorsSchema>

/** manifest.json; the order of keys here is the order in the file (docpack.md). */
export const ManifestSchema = z.object({
  docpack_format: z.number().int().positive(),
  version: z.string(),
  generated_at: z.string(),
  repository: RepositorySchema,
  symbol_count: z.number().int().nonnegative(),
  generators: GeneratorsSchema,
  languages: z.record(z.string(), z.number().int().positive()),
  files: z.object({
    detected: z.number().int().nonnegative(),
    processed: z.number().int().nonnegative(),
    skipped: z.array(SkippedFileSchema),
    /** Why `source/` is absent although it was asked for. */
    source_left_out: z.string().optional(),
  }),
  /** No language model wrote here, or a part was left out. */
  degraded: z.boolean(),
  usage: UsageSchema,
  verification: z.object({
    verified: z.number().int().nonnegative(),
    unverifiable: z.number().int().nonnegative(),
    contradicted: z.number().int().nonnegative(),
  }),
  /** Empty `blocks` and a reason in `left_out` when embeddings.bin is absent. */
  embeddings: z.object({
    blocks: z.array(
      z.object({
        name: z.enum(['small', 'text', 'structure']),
        rows: z.number().int().nonnegative(),
        dimensions: z.number().int().positive(),
        /** Byte offset in embeddings.bin. */
        offset: z.number().int().nonnegative(),
      }),
    ),
    left_out: z.string().nullable(),
    /** Chunks longer than a model's window, and how many tokens of them no model saw; absent where there are none. */
    truncated: z.object({ chunks: z.number().int().positive(), tokens: z.number().int().positive() }).optional(),
    /** Providers that died while these vectors were made; absent where none did. */
    fell_back: z.array(ProviderFallbackSchema).optional(),
  }),
  documents_in_rest: z.number().int().nonnegative(),
  /** Why search.jsonl is absent. */
  search_left_out: z.string().optional(),
  entries: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
})
export type Manifest = z.infer<typeof ManifestSchema>
