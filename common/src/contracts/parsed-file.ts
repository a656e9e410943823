import { z } from 'zod'
import { DiagnosticSchema } from './diagnostic.js'
import { FileExportsSchema } from './file-exports.js'
import { SymbolIdSchema } from './ids.js'
import { ReferenceSchema, TypeFactSchema } from './reference.js'
import { SymbolSchema } from './symbol.js'

/** Where a chunk may begin and end: a symbol's text, or a part of one, in UTF-16 offsets of the file's text. */
export const SyntaxRangeSchema = z.object({
  symbol_id: SymbolIdSchema.nullable(),
  /** Docs and attributes included. */
  start: z.number().int().nonnegative(),
  /** First token after docs and attributes. */
  head: z.number().int().nonnegative(),
  /** First token of the body, or `end` where there is none. */
  body: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  /** Offsets inside the body at which it may be cut: starts of statements, fields, arms, in order. */
  cuts: z.array(z.number().int().nonnegative()),
})
export type SyntaxRange = z.infer<typeof SyntaxRangeSchema>

/** All that one file says by itself. The graph stage joins files; it never opens the text again. */
export const ParsedFileSchema = z.object({
  file: z.string(),
  language: z.string(),
  text: z.string(),
  /** Documentation of the file itself (`//!`), which belongs to the module it makes. */
  file_docs: z.string().nullable(),
  /** In source order. `path` begins with the crate's name where Cargo.toml tells it. */
  symbols: z.array(SymbolSchema),
  ranges: z.array(SyntaxRangeSchema),
  references: z.array(ReferenceSchema),
  type_facts: z.array(TypeFactSchema),
  exports: FileExportsSchema.optional(),
  diagnostics: z.array(DiagnosticSchema),
})
export type ParsedFile = z.infer<typeof ParsedFileSchema>
