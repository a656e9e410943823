import { z } from 'zod'
import type { PointPayload } from './port.js'

/** A payload as it comes from a file or over the wire; what others put beside it is left out. */
export const PointPayloadSchema: z.ZodType<PointPayload> = z.object({
  repo_url: z.string(),
  commit_sha: z.string(),
  docpack_id: z.string(),
  symbol_id: z.string(),
  name: z.string(),
  symbol_type: z.string(),
  file: z.string(),
  start_line: z.number(),
  end_line: z.number(),
  public: z.boolean(),
  private_repository: z.boolean(),
  path: z.string(),
  test: z.boolean(),
  head: z.string().optional(),
  body: z.string().optional(),
  docs: z.string().optional(),
  small_model: z.string().optional(),
  text_model: z.string().optional(),
})
