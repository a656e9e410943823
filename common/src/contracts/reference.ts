/**
 * What a file says about names that it uses, in a form that no longer needs the syntax tree.
 * A language writes these; the graph stage resolves them against the whole repository and leaves out what stays ambiguous.
 */
import { z } from 'zod'
import { SymbolIdSchema } from './ids.js'

/**
 * An expression's type as far as the text shows it. The resolver works from `base` through `steps`
 * with the repository's fields and return types.
 * - `type`: a type as written (`Vec<Task>`, `Self`, `&mut Inner`), already stripped of nothing
 * - `call`: the value of calling `path` (`TcpStream::connect`)
 * - `unknown`: nothing is known; a method call on it is never resolved by name alone
 */
export const ValueOriginSchema = z.object({
  base: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('type'), text: z.string() }),
    z.object({ kind: z.literal('call'), path: z.array(z.string()) }),
    z.object({ kind: z.literal('path'), path: z.array(z.string()) }),
    z.object({ kind: z.literal('unknown') }),
  ]),
  /** `{field}` reads a field, `{method}` calls a method, `{op}` is `?`, `await`, `deref`, `index`, `iter_item`. */
  steps: z.array(
    z.union([
      z.object({ field: z.string() }),
      z.object({ method: z.string() }),
      z.object({ op: z.enum(['try', 'await', 'deref', 'index', 'iter_item', 'unwrap']) }),
    ]),
  ),
})
export type ValueOrigin = z.infer<typeof ValueOriginSchema>

/** One use of a name. `from` is the innermost symbol whose text holds it, `null` at the top of a file. */
export const ReferenceSchema = z.object({
  kind: z.enum(['call', 'method_call', 'macro_call', 'type', 'import', 'implements', 'value']),
  from: SymbolIdSchema.nullable(),
  line: z.number().int().positive(),
  /** The path as written, split at `::`, generics removed: `["Self","new"]`, `["crate","io","Error"]`. Of a method call the method's name alone. */
  path: z.array(z.string()).min(1),
  /** Of a method call: where the receiver's value comes from. */
  receiver: ValueOriginSchema.nullable(),
  /** Of an import: the name it gets here, `*` for a glob, `_` for an anonymous one. */
  alias: z.string().nullable(),
  /** Of an import: written with `pub`. */
  is_public: z.boolean(),
  /** Number of arguments of a call, `null` where there is none. */
  arity: z.number().int().nonnegative().nullable(),
  /** Found inside a macro call's tokens. */
  in_macro: z.boolean(),
})
export type Reference = z.infer<typeof ReferenceSchema>

/** Facts about types that resolving receivers needs. Owned by a symbol. */
export const TypeFactSchema = z.object({
  symbol_id: SymbolIdSchema,
  /** `field`: name and type as written. `impl`: self type in `type`, trait in `trait`. `generic`: a parameter and its bounds. `alias`: right-hand side. */
  kind: z.enum(['field', 'impl', 'generic', 'alias', 'deref', 'supertrait']),
  name: z.string(),
  type: z.string(),
  trait: z.string().nullable(),
})
export type TypeFact = z.infer<typeof TypeFactSchema>
