import { z } from 'zod'
import { SymbolIdSchema } from './ids.js'

/** The facts handed to the writer for one symbol (symbol_contexts.json). */
export const SymbolContextSchema = z.object({
  symbol_id: SymbolIdSchema,
  file: z.string(),
  container: SymbolIdSchema.nullable(),
  /** Trait that the symbol's impl block implements, as written. */
  trait: z.string().nullable(),
  callers: z.array(z.string()),
  callees: z.array(z.string()),
  cluster: z.string().nullable(),
  /** PageRank as a rank from 0 (least) to 1 (most central). */
  centrality: z.number().min(0).max(1),
  related: z.array(z.string()),
})
export type SymbolContext = z.infer<typeof SymbolContextSchema>
