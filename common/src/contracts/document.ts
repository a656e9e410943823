import { z } from 'zod'
import { SymbolIdSchema } from './ids.js'

export const EvidenceSchema = z.object({
  file: z.string(),
  start_line: z.number().int().positive(),
  end_line: z.number().int().positive(),
  symbol_id: SymbolIdSchema.nullable(),
})
export type Evidence = z.infer<typeof EvidenceSchema>

/** One sentence that a machine can check against the source. */
export const ClaimSchema = z.object({
  text: z.string(),
  kind: z.string(),
  subject: z.string(),
  object: z.string().nullable(),
  negated: z.boolean(),
  evidence: z.array(EvidenceSchema),
  status: z.enum(['verified', 'unverifiable', 'contradicted']),
  reason: z.string().nullable(),
})
export type Claim = z.infer<typeof ClaimSchema>

/** docs/{symbol_id}.json */
export const DocumentSchema = z.object({
  symbol: SymbolIdSchema,
  summary: z.string().min(1),
  description: z.string(),
  parameters: z.array(z.object({ name: z.string(), type: z.string(), description: z.string() })),
  returns: z.string().nullable(),
  errors: z.string().nullable(),
  example: z.string().nullable(),
  notes: z.array(z.string()),
  claims: z.array(ClaimSchema),
  /** `extractive:comment` says what the source says, `extractive:facts` was composed from the graph, `model:<name>` was written. */
  generated_by: z.string(),
})
export type Document = z.infer<typeof DocumentSchema>

export const UsageSchema = z.object({
  input_tokens: z.number().int().nonnegative(),
  output_tokens: z.number().int().nonnegative(),
  usd: z.number().nonnegative(),
})
export type Usage = z.infer<typeof UsageSchema>
