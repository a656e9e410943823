import type { EdgeKind } from '@doctown/common/contracts/graph.js'

/**
 * Share of call edges of each provenance that the compiler agrees with, measured over the eight crates of the DEV corpus with the
 * corpus' scorer: (right + 1) / (judged + 2), rounded down to two digits, so that what was seen seldom is not called certain.
 */
const CALLS: Readonly<Record<string, number | undefined>> = {
  /** A method that a trait gives to everything with certain traits. */
  blanket: 0.9,
  /** Declared by a trait that a type parameter, `dyn` or `impl Trait` is bound by. */
  bound: 0.99,
  import: 0.99,
  macro: 0.95,
  /** A function by a path of several segments. */
  path: 0.99,
  receiver_call: 0.99,
  receiver_closure: 0.98,
  receiver_field: 0.99,
  receiver_type: 0.99,
  receiver_value: 0.95,
  same_module: 0.99,
  self_receiver: 0.99,
  self_type: 0.98,
  /** Another crate's trait that one type here has. */
  sole_impl: 0.95,
  trait_path: 0.95,
  type_path: 0.99,
  /** A function handed over: named there, called by somebody else. */
  value: 0.99,
}

/**
 * The same for the languages whose names are looked up by scopes, measured over the six projects of `npm run bench:languages` whose calls a
 * compiler or jedi judges (rxjs, cobra, httpx, gson, hiredis, Jsonnet), all together.
 */
const CALLS_BY_SCOPES: Readonly<Record<string, number | undefined>> = {
  constructor: 0.99,
  /** A name of a function or namespace around. */
  enclosing: 0.98,
  import: 0.99,
  /** A name behind an imported module or class. */
  import_path: 0.98,
  inherited: 0.96,
  /** Seen without an import: the package's, the folder's, an included file's. */
  package: 0.98,
  receiver_call: 0.99,
  receiver_closure: 0.99,
  receiver_field: 0.96,
  receiver_type: 0.99,
  receiver_value: 0.98,
  same_module: 0.98,
  self_receiver: 0.99,
  type_path: 0.94,
  value: 0.99,
}

/** By what rules names are looked up. */
export type Family = 'rust' | 'scopes'

/** What the text itself says. */
const OTHERS: Readonly<Record<EdgeKind, number>> = { contains: 1, calls: 0.9, implements: 0.99, uses_type: 0.98, imports: 0.99 }

export function confidenceOf(kind: EdgeKind, provenance: string, family: Family): number {
  const calls = family === 'rust' ? CALLS : CALLS_BY_SCOPES
  return (kind === 'calls' && Object.hasOwn(calls, provenance) ? calls[provenance] : undefined) ?? OTHERS[kind]
}
