import type { Def } from './model.js'

/** Overload signatures and the one implementation: one function. The implementation stands for it, else the first signature that fits. */
export function oneWithBody(candidates: readonly Def[], arity: number | null): readonly Def[] {
  if (candidates.length < 2) return candidates
  const [first] = candidates
  if (!candidates.every((def) => def.holder === first?.holder && def.file === first?.file)) return oneByBody(candidates)
  const bodies = candidates.filter((def) => def.hasBody)
  if (bodies.length === 1) return bodies
  if (bodies.length > 1) return []
  const fitting = arity === null ? candidates : candidates.filter((def) => def.symbol.parameters.length >= arity)
  return (fitting.length > 0 ? fitting : candidates).slice(0, 1)
}

function oneByBody(candidates: readonly Def[]): readonly Def[] {
  const bodies = candidates.filter((def) => def.hasBody)
  return bodies.length === 1 ? bodies : []
}

/** Overloads that differ in what they take; a call reaches the one with its number of arguments, or none when several have. */
export function byArity(candidates: readonly Def[], arity: number | null): readonly Def[] {
  if (candidates.length < 2) return candidates
  if (arity === null) return []
  const exact = candidates.filter((def) => def.symbol.parameters.length === arity && !isVariadic(def))
  if (exact.length > 0) return exact.length === 1 ? exact : []
  const variadic = candidates.filter((def) => isVariadic(def) && arity >= def.symbol.parameters.length - 1)
  return variadic.length === 1 ? variadic : []
}

export function isVariadic(def: Def): boolean {
  const last = def.symbol.parameters[def.symbol.parameters.length - 1]
  return last !== undefined && (last.param_type.includes('...') || last.name.startsWith('...'))
}
