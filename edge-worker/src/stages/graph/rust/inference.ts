import type { Param, Substitution, Type } from './type-model.js'
import { adt, stripRefs, unify, UNKNOWN } from './type-model.js'
import type { TypeQueries } from './type-queries.js'

/** An argument and the parameter that takes it; what the function's `open` parameters stand for is added to `by`. */
export interface Inference {
  readonly input: Type
  readonly given: Type
  readonly open: ReadonlySet<Param>
  readonly by: Substitution
}

/** `collect::<Vec<_>>()`: what was left open is what the iterator gives. */
export function collected(type: Type, iterator: Type, queries: TypeQueries): Type {
  const fill = (into: Type, item: Type): Type => {
    if (into.kind !== 'adt' || into.def.id !== null || item.kind === 'unknown') return into
    const { def, args } = into
    const inner = item.kind === 'adt' && item.def === def ? item.args : []
    if (def.name === 'Option' || def.name === 'Result')
      return adt(def, [fill(args[0] ?? UNKNOWN, inner[0] ?? UNKNOWN), args[1] ?? inner[1] ?? UNKNOWN])
    const parts = def.params.length === 2 && item.kind === 'tuple' ? item.items : [item]
    return adt(
      def,
      def.params.map((_, at) => (isOpen(args[at]) ? (parts[at] ?? UNKNOWN) : (args[at] ?? UNKNOWN))),
    )
  }
  return fill(type, queries.normalDeep({ kind: 'projection', base: iterator, name: 'Item' }))
}

/** Learns what parameters stand for from one argument: from its type, from what it gives when called, from what it iterates over. */
export function infer({ input, given, open, by }: Inference, queries: TypeQueries): void {
  if (given.kind === 'unknown') return
  const wanted = queries.callable(input)
  if (wanted !== null) {
    const callable = queries.callable(given)
    if (callable !== null) unify(wanted.output, callable.output, open, by)
  }
  if (input.kind === 'bounded') return
  unify(input, given, open, by)
  if (input.kind !== 'param') return
  for (const bound of input.param.bounds) {
    for (const [name, type] of bound.assoc) {
      if (name !== 'Output') unify(type, queries.normal({ kind: 'projection', base: given, name }), open, by)
    }
  }
}

/** Whether an argument may be given for a parameter. */
export function takes({ input, given, open, by }: Inference, queries: TypeQueries): boolean {
  if (!unify(input, given, open, by)) return false
  if (input.kind !== 'param' || given.kind === 'unknown') return true
  return input.param.bounds.every((bound) =>
    [...bound.assoc].every(
      ([name, type]) => name === 'Output' || unify(type, queries.normalDeep({ kind: 'projection', base: given, name }), open, by),
    ),
  )
}

/** `Option<&T>` and an iterator of `&T` become those of `T`, which their signatures say in bounds. */
export const OWNING = new Set(['copied', 'cloned'])

export function withoutRefs(type: Type): Type {
  return type.kind === 'adt' ? { ...type, args: type.args.map(stripRefs) } : type
}

function isOpen(type: Type | undefined): boolean {
  return type === undefined || type.kind === 'unknown'
}
