import { z } from 'zod'
import { SymbolIdSchema } from './ids.js'

/** The facts handed to the writer for one symbol (symbol_contexts.json). */
export const SymbolContextSchema = z.object({
  symbol_id: SymbolIdSchema,
  file: z.string(),
  container: SymbolIdSchema.nullable(),
  /** Trait that the symbol's impl block implements, as written. */
  trait: z.string().nullable(),
  /** The most central of those that call it and that it calls, at most 30 each, most central first; the counts tell of how many. */
  callers: z.array(z.string()),
  callees: z.array(z.string()),
  caller_count: z.number().int().nonnegative().default(0),
  callee_count: z.number().int().nonnegative().default(0),
  /** Id and label of its cluster. */
  cluster: z.string().nullable(),
  cluster_label: z.string().nullable().default(null),
  /** PageRank as a percentile: the share of all other symbols that are less central, 0 to 1. */
  centrality: z.number().min(0).max(1),
  /** Symbols to read next to it, at most 8: those its comment links to, those whose comments link to it, then those that share its neighbours. */
  related: z.array(z.string()),
})
export type SymbolContext = z.infer<typeof SymbolContextSchema>
