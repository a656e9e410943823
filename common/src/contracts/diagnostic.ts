import { z } from 'zod'

/** Something wrong in somebody's file. The job goes on; the reader is told. */
export const DiagnosticSchema = z.object({
  file: z.string(),
  line: z.number().int().positive().nullable(),
  code: z.enum(['syntax_error', 'too_deep', 'signature_cut', 'docs_cut', 'parse_timeout', 'parser_crashed']),
  message: z.string(),
})
export type Diagnostic = z.infer<typeof DiagnosticSchema>
