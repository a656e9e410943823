/** Branded ids, so that a job id cannot pass for a docpack id. */
import { z } from 'zod'

/** BullMQ's own counter as text: "1", "2", ... In HTTP answers it is a number. */
export const JobIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9:_-]{1,128}$/)
  .brand<'JobId'>()
export type JobId = z.infer<typeof JobIdSchema>

/** The first 20 hex digits of the docpack file's sha256. */
export const DocpackIdSchema = z
  .string()
  .regex(/^[0-9a-f]{20}$/)
  .brand<'DocpackId'>()
export type DocpackId = z.infer<typeof DocpackIdSchema>

/** `<file>#<path inside the file's module>`, for example `src/parser.rs#parser::parse_file`. */
export const SymbolIdSchema = z.string().min(1).brand<'SymbolId'>()
export type SymbolId = z.infer<typeof SymbolIdSchema>

/** `<symbol id or file>@<n>`: the n-th chunk of a symbol, counted from 0. */
export const ChunkIdSchema = z.string().min(1).brand<'ChunkId'>()
export type ChunkId = z.infer<typeof ChunkIdSchema>
