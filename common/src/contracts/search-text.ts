import { z } from 'zod'
import { SymbolIdSchema } from './ids.js'

/**
 * What search reads of one item beside its name and place, one line of search.jsonl. Texts are digests (`digestText`): words with their counts and
 * string literals, enough to rank by and not the source. Items without a symbol are pieces of files, with their place.
 */
export const SearchTextSchema = z.object({
  symbol_id: SymbolIdSchema.nullable(),
  /** Path of what holds it, as users of the package write it. */
  path: z.string(),
  head: z.string(),
  body: z.string(),
  docs: z.string(),
  /** Stands in a test, a benchmark or an example. */
  test: z.boolean(),
  file: z.string().optional(),
  start_line: z.number().int().positive().optional(),
  end_line: z.number().int().positive().optional(),
})
export type SearchText = z.infer<typeof SearchTextSchema>
