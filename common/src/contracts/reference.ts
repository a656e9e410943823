/**
 * What a file says about names that it uses, in a form that no longer needs the syntax tree.
 * A language writes these; the graph stage resolves them against the whole repository and leaves out what stays ambiguous.
 */
import { z } from 'zod'
import { SymbolIdSchema } from './ids.js'

/**
 * Where a value comes from, before any step.
 * - `type`: a type as written (`Vec<Task>`, `Self`, `&mut Inner`)
 * - `path`: a constant, static, unit struct or function named as a value
 * - `result`: what the call at this index of the same file's `references` gives back
 * - `closure_parameter`: a parameter of the closure that is the `argument`th argument of the call `reference`
 * - `closure`: a closure that gives back `body`
 * - `one_of`: values of the arms of an `if` or `match`, any of which tells the type
 * - `unknown`: nothing is known; a method call on it is never resolved by name alone
 *
 * Calls are named by index instead of being written out again, so that a file's values stay as long as its text.
 */
export type ValueBase =
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'result'; readonly reference: number }
  | { readonly kind: 'closure_parameter'; readonly reference: number; readonly argument: number; readonly parameter: number }
  | { readonly kind: 'closure'; readonly body: ValueOrigin }
  | { readonly kind: 'tuple'; readonly items: readonly ValueOrigin[] }
  | { readonly kind: 'one_of'; readonly values: readonly ValueOrigin[] }
  | { readonly kind: 'unknown' }

/** `{field}` reads a field (`0` of a tuple), `{variant, field}` takes a value out of an enum's variant or a struct in a pattern. */
export type ValueStep =
  { readonly field: string } | { readonly variant: readonly string[]; readonly field: string } | { readonly op: ValueOperation }

const ValueOperationSchema = z.enum(['try', 'await', 'deref', 'ref', 'ref_mut', 'index', 'slice', 'iter_item', 'call', 'binary'])
export type ValueOperation = z.infer<typeof ValueOperationSchema>

/** An expression's type as far as the text shows it. The resolver works from `base` through `steps` with the repository's fields and return types. */
export interface ValueOrigin {
  readonly base: ValueBase
  readonly steps: readonly ValueStep[]
}

const IndexSchema = z.number().int().nonnegative()

export const ValueOriginSchema: z.ZodType<ValueOrigin> = z.lazy(() =>
  z.object({
    base: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('type'), text: z.string() }),
      z.object({ kind: z.literal('path'), path: z.array(z.string()) }),
      z.object({ kind: z.literal('result'), reference: IndexSchema }),
      z.object({ kind: z.literal('closure_parameter'), reference: IndexSchema, argument: IndexSchema, parameter: IndexSchema }),
      z.object({ kind: z.literal('closure'), body: ValueOriginSchema }),
      z.object({ kind: z.literal('tuple'), items: z.array(ValueOriginSchema) }),
      z.object({ kind: z.literal('one_of'), values: z.array(ValueOriginSchema) }),
      z.object({ kind: z.literal('unknown') }),
    ]),
    steps: z.array(
      z.union([
        z.object({ variant: z.array(z.string()), field: z.string() }),
        z.object({ field: z.string() }),
        z.object({ op: ValueOperationSchema }),
      ]),
    ),
  }),
)

/** One use of a name. `from` is the innermost symbol whose text holds it, `null` at the top of a file. The order is part of the value: see `result`. */
export const ReferenceSchema = z.object({
  kind: z.enum(['call', 'method_call', 'macro_call', 'type', 'import', 'implements', 'value']),
  from: SymbolIdSchema.nullable(),
  line: z.number().int().positive(),
  /**
   * The path as written, split at `::`, generics removed: `["Self","new"]`, `["crate","io","Error"]`. Of a method call the method's name alone.
   * A first segment in angle brackets is a type: `["<Vec<Foo>>","new"]`, `["<T as Trait>","f"]`; an empty one a path that begins with `::`.
   */
  path: z.array(z.string()).min(1),
  /** Of a method call: where the receiver's value comes from. */
  receiver: ValueOriginSchema.nullable(),
  /** Of a call: where its arguments come from, empty when nothing is known of any. */
  args: z.array(ValueOriginSchema),
  /** Of a call: types given to the last segment, `collect::<Vec<_>>()`. */
  type_args: z.array(z.string()),
  /** Of an import: the name it gets here, `*` for a glob, `_` for an anonymous one. */
  alias: z.string().nullable(),
  /** Of an import: written with `pub`, of whatever scope. */
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
  /**
   * - `field`: name and type of a struct's field, or of a variant's (`Variant.0`, `Variant.name`); `variant`: a name alone
   * - `impl`: self type in `type`, trait in `trait`; `assoc`: an associated type of an impl or trait and what stands for it (of a trait its bounds in `trait`)
   * - `generic`: a parameter, in order, its bounds in `trait`, in `type` its default or `const`; `bound`: a where clause on what is no parameter's own name
   * - `alias`: right-hand side; `supertrait`: bounds in `trait`; `value`: type of a const or static
   */
  kind: z.enum(['field', 'variant', 'impl', 'assoc', 'generic', 'bound', 'alias', 'supertrait', 'value']),
  name: z.string(),
  type: z.string(),
  trait: z.string().nullable(),
})
export type TypeFact = z.infer<typeof TypeFactSchema>
