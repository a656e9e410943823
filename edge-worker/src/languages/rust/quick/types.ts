import { F, K } from '../kinds.js'
import { readExpression } from './expressions.js'
import { readFunctionType } from './function-types.js'
import type { Lexer } from './lexer.js'
import { readForLifetimes, readLifetime } from './lifetimes.js'
import { T } from './tokens.js'
import { readTypeParameters } from './type-parameters.js'
import { readTypePath } from './type-paths.js'

/** A type with all its bounds: `dyn A + Send`. */
export function readType(p: Lexer): number {
  let type = readPlainType(p)
  while (p.token === T.plus && p.unitAfter() !== 61) {
    const bounded = p.node(K.bounded_type, p.table.starts[type] as number)
    p.attach(bounded, type)
    p.next()
    p.attach(bounded, p.token === T.lifetime ? readLifetime(p) : readPlainType(p))
    type = p.close(bounded)
  }
  return type
}

/** A type up to a `+`. */
export function readPlainType(p: Lexer): number {
  p.deeper()
  const type = plainType(p)
  p.level--
  return type
}

function plainType(p: Lexer): number {
  const { start } = p
  switch (p.token) {
    case T.identifier:
    case T.underscore:
    case T.colons:
    case T.less:
    case T.crate:
    case T.self:
    case T.super:
      return readTypePath(p)
    case T.open:
      return readTupleType(p)
    case T.openSquare: {
      const array = p.node(K.array_type, start)
      p.next()
      p.attach(array, readType(p), F.element)
      if (p.accept(T.semicolon)) p.attach(array, readExpression(p))
      p.expect(T.closeSquare)
      return p.close(array)
    }
    case T.and: {
      const reference = p.node(K.reference_type, start)
      p.next()
      if (p.token === T.lifetime) p.attach(reference, readLifetime(p))
      if (p.token === T.mut) p.attach(reference, p.leaf(K.mutable_specifier))
      p.attach(reference, readPlainType(p), F.type)
      return p.close(reference)
    }
    case T.star: {
      const pointer = p.node(K.pointer_type, start)
      p.next()
      if (p.token === T.mut) p.attach(pointer, p.leaf(K.mutable_specifier))
      else p.expect(T.const)
      p.attach(pointer, readPlainType(p), F.type)
      return p.close(pointer)
    }
    case T.bang:
      return p.leaf(K.never_type)
    case T.question: {
      const removed = p.node(K.removed_trait_bound, start)
      p.next()
      p.attach(removed, readPlainType(p))
      return p.close(removed)
    }
    case T.dyn: {
      const dynamic = p.node(K.dynamic_type, start)
      p.next()
      p.attach(dynamic, p.token === T.for ? readHigherRanked(p) : readTrait(p), F.trait)
      return p.close(dynamic)
    }
    case T.impl: {
      const abstract = p.node(K.abstract_type, start)
      p.next()
      if (p.accept(T.for)) p.attach(abstract, readTypeParameters(p))
      p.attach(abstract, readTrait(p), F.trait)
      return p.close(abstract)
    }
    case T.for: {
      const lifetimes = readForLifetimes(p)
      const type = p.node(K.function_type, start)
      p.attach(type, lifetimes)
      return readFunctionType(p, type)
    }
    case T.fn:
    case T.unsafe:
    case T.extern:
      return readFunctionType(p, p.node(K.function_type, start))
    default:
      return p.fail()
  }
}

/** After `dyn` and `impl`. */
function readTrait(p: Lexer): number {
  const trait = readPlainType(p)
  if (!TRAITS.has(p.table.kinds[trait] as number)) p.fail()
  return trait
}

const TRAITS = new Set<number>([
  K.type_identifier,
  K.scoped_type_identifier,
  K.generic_type,
  K.function_type,
  K.tuple_type,
  K.removed_trait_bound,
])

function readTupleType(p: Lexer): number {
  const { start } = p
  p.next()
  if (p.token === T.close) {
    const unit = p.node(K.unit_type, start)
    p.next()
    return p.close(unit)
  }
  const tuple = p.node(K.tuple_type, start)
  for (;;) {
    p.attach(tuple, readType(p))
    if (!p.accept(T.comma)) break
    if (p.token === T.close) break
  }
  p.expect(T.close)
  return p.close(tuple)
}

/** `for<'a> Fn(&'a A)` in a bound. */
export function readHigherRanked(p: Lexer): number {
  const bound = p.node(K.higher_ranked_trait_bound, p.start)
  p.expect(T.for)
  p.attach(bound, readTypeParameters(p), F.type_parameters)
  p.attach(bound, readPlainType(p), F.type)
  return p.close(bound)
}
