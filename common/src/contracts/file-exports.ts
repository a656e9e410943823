import { z } from 'zod'
import { SymbolIdSchema } from './ids.js'

/** `pub use a::b as c;`: a name that a module hands on. */
export const ReExportSchema = z.object({
  /** The innermost symbol around it, `null` at the top of the file. */
  from: SymbolIdSchema.nullable(),
  line: z.number().int().positive(),
  /** As written, split at `::`; an empty first segment stands for a leading `::`. */
  path: z.array(z.string()).min(1),
  /** The name it gets here, `*` for a glob, `_` for none. */
  alias: z.string(),
  /** `pub`, `pub(crate)`, ... */
  visibility: z.string(),
  attributes: z.array(z.string()),
  /** Macro calls in whose tokens it stands, outermost first. */
  macros: z.array(z.string()),
})
export type ReExport = z.infer<typeof ReExportSchema>

/**
 * What a file says of who may see its names and when, beside the visibility and the attributes of its symbols.
 * Absent where a language's symbols say it all.
 */
export const FileExportsSchema = z.object({
  /** The path that the paths of the file's symbols begin with, told by where the file lies. */
  module_path: z.string(),
  /** `#![cfg(..)]`, `#![doc(hidden)]` at the top of the file, which speak of the module that it makes. */
  attributes: z.array(z.string()),
  re_exports: z.array(ReExportSchema),
  /**
   * Symbols in the tokens of macro calls (`cfg_rt! { .. }`): names of the calls, outermost first, and what a branch of `cfg_if!` says in the
   * form of attributes. Of an inline module also the attributes inside of it.
   */
  around: z.array(z.object({ symbol_id: SymbolIdSchema, macros: z.array(z.string()), attributes: z.array(z.string()) })),
  /** Macros that give back the items they are given, with these attributes, inside of calls of these macros. */
  wrappers: z.array(z.object({ symbol_id: SymbolIdSchema, macros: z.array(z.string()), attributes: z.array(z.string()) })),
})
export type FileExports = z.infer<typeof FileExportsSchema>
