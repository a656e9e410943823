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

/** What the text itself says. */
const OTHERS: Readonly<Record<EdgeKind, number>> = { contains: 1, calls: 0.9, implements: 0.99, uses_type: 0.98, imports: 0.99 }

export function confidenceOf(kind: EdgeKind, provenance: string): number {
  return (kind === 'calls' ? CALLS[provenance] : undefined) ?? OTHERS[kind]
}
