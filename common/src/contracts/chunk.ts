import { z } from 'zod'
import { ChunkIdSchema, SymbolIdSchema } from './ids.js'

/** The parts of a chunk that the built-in model weighs apart (search-models.md, section 3). */
export const ChunkFieldsSchema = z.object({
  /** The symbol's own name, `TcpStream`. */
  name: z.string(),
  /** Path of its container, `tokio::net::tcp`. */
  path: z.string(),
  /** Text from the first token up to the body. */
  head: z.string(),
  /** The body, or this chunk's part of it. */
  body: z.string(),
  /** Documentation text without comment marks. */
  docs: z.string(),
  /** Structure: `kind:method`, `self:mut`, `ret:Option`, `ret<String`, `async`, `unsafe`, `const`. */
  marks: z.array(z.string()),
})
export type ChunkFields = z.infer<typeof ChunkFieldsSchema>

/** A piece of source that is embedded as one. Never longer than the model's window, never cut inside a token. */
export const ChunkSchema = z.object({
  chunk_id: ChunkIdSchema,
  symbol_id: SymbolIdSchema.nullable(),
  file: z.string(),
  start_line: z.number().int().positive(),
  end_line: z.number().int().positive(),
  /** What a transformer reads: path, line break, source with docs. */
  text: z.string(),
  fields: ChunkFieldsSchema,
  /** Tokens of `text` as the widest model in use counts them. */
  tokens: z.number().int().positive(),
})
export type Chunk = z.infer<typeof ChunkSchema>

/** What chunks.json keeps. */
export const ChunkEntrySchema = ChunkSchema.pick({ chunk_id: true, symbol_id: true, file: true, start_line: true, end_line: true })
export type ChunkEntry = z.infer<typeof ChunkEntrySchema>
