import { z } from 'zod'
import { SymbolIdSchema } from './ids.js'

export const ParameterSchema = z.object({ name: z.string(), param_type: z.string() })
export type Parameter = z.infer<typeof ParameterSchema>

/**
 * `function` stands free, `method` sits in an impl, trait, class or interface (with or without self; constructors too).
 * `field` is a property of a class or interface, `variable` stands at the top of a file or module, `section` is a heading of a document.
 */
export const SymbolTypeSchema = z.enum([
  'function',
  'method',
  'struct',
  'enum',
  'union',
  'trait',
  'impl',
  'const',
  'static',
  'type_alias',
  'macro',
  'module',
  'class',
  'interface',
  'variable',
  'field',
  'section',
])
export type SymbolType = z.infer<typeof SymbolTypeSchema>

/** A link in a doc comment that leads to a symbol of this repository. */
export const DocLinkSchema = z.object({
  /** What stands between the brackets or, of `[text](target)`, between the parentheses: as written, so that it can be found again. */
  text: z.string(),
  symbol_id: SymbolIdSchema,
})
export type DocLink = z.infer<typeof DocLinkSchema>

/** One item of the source, and nothing that a program made up (docpack.md, Symbol). What does not apply is `null` or `[]`. */
export const SymbolSchema = z.object({
  id: SymbolIdSchema,
  /** Last segment; of an impl the self type as written. */
  name: z.string(),
  symbol_type: SymbolTypeSchema,
  /** As written: `pub`, `pub(crate)`, ...; `inherited` where nothing is written. */
  visibility: z.string(),
  /** The header without docs, attributes and body, at most 4 KiB. */
  signature: z.string(),
  parameters: z.array(ParameterSchema),
  return_type: z.string().nullable(),
  file: z.string(),
  /** 1-based; the first token after docs and attributes. */
  line: z.number().int().positive(),
  end_line: z.number().int().positive(),
  doc_comments: z.string().nullable(),
  /** Each as written, `#[inline]`. */
  attributes: z.array(z.string()),
  /** Symbols that this one uses: ends of its calls, uses_type and implements edges, sorted. Filled by the graph stage. */
  dependencies: z.array(SymbolIdSchema),
  language: z.string(),
  /** Id of the symbol that this one is written in, `null` at the top of a file. */
  container: SymbolIdSchema.nullable(),
  /** The path a user writes, `tokio::net::TcpStream::connect`; of what no user can reach `definition_path`. */
  path: z.string(),
  /** The path it is defined at, `tokio::net::tcp::stream::TcpStream::connect`; empty in docpacks that are older than this field. */
  definition_path: z.string().default(''),
  is_public_api: z.boolean(),
  /** Written inside a macro call's tokens. */
  in_macro: z.boolean(),
  /** Links of `doc_comments`, in order, each text once. Filled by the graph stage; links that could mean two things are left out. */
  doc_links: z.array(DocLinkSchema).default([]),
})
export type Symbol = z.infer<typeof SymbolSchema>
