import { F, K } from '../kinds.js'
import type { Lexer } from './lexer.js'
import { readLifetime } from './lifetimes.js'
import { T } from './tokens.js'
import { readConstant } from './type-arguments.js'
import { readHigherRanked, readPlainType, readType } from './types.js'

/** From the colon on. */
export function readBounds(p: Lexer): number {
  const bounds = p.node(K.trait_bounds, p.start)
  p.expect(T.colon)
  for (;;) {
    if (p.token === T.lifetime) p.attach(bounds, readLifetime(p))
    else if (p.token === T.for) p.attach(bounds, readHigherRanked(p))
    else p.attach(bounds, readPlainType(p))
    if (!p.accept(T.plus)) return p.close(bounds)
  }
}

export function readTypeParameters(p: Lexer): number {
  const list = p.node(K.type_parameters, p.start)
  p.expect(T.less)
  // The grammar knows no empty ones.
  if (p.token === T.greater) p.fail()
  while (p.token !== T.greater) {
    const { start } = p
    if (p.token === T.lifetime) {
      const parameter = p.node(K.lifetime_parameter, start)
      p.attach(parameter, readLifetime(p), F.name)
      if (p.token === T.colon) p.attach(parameter, readBounds(p), F.bounds)
      p.attach(list, p.close(parameter))
    } else if (p.token === T.const) {
      const parameter = p.node(K.const_parameter, start)
      p.next()
      p.attach(parameter, p.identifier(), F.name)
      p.expect(T.colon)
      p.attach(parameter, readType(p), F.type)
      if (p.accept(T.equals)) p.attach(parameter, readConstant(p), F.value)
      p.attach(list, p.close(parameter))
    } else {
      const parameter = p.node(K.type_parameter, start)
      p.attach(parameter, p.identifier(K.type_identifier), F.name)
      if (p.token === T.colon) p.attach(parameter, readBounds(p), F.bounds)
      if (p.accept(T.equals)) p.attach(parameter, readType(p), F.default_type)
      p.attach(list, p.close(parameter))
    }
    if (!p.accept(T.comma)) break
  }
  p.expect(T.greater)
  return p.close(list)
}

/** The kinds that may stand before the colon of a predicate. */
const PREDICATES = new Set<number>([
  K.type_identifier,
  K.scoped_type_identifier,
  K.generic_type,
  K.reference_type,
  K.pointer_type,
  K.tuple_type,
  K.array_type,
  K.primitive_type,
])

/** From `where` on. */
export function readWhere(p: Lexer): number {
  const clause = p.node(K.where_clause, p.start)
  p.expect(T.where)
  while (p.token !== T.openBrace && p.token !== T.semicolon && p.token !== T.equals) {
    const predicate = p.node(K.where_predicate, p.start)
    if (p.token === T.lifetime) p.attach(predicate, readLifetime(p), F.left)
    else if (p.token === T.for) p.attach(predicate, readHigherRanked(p), F.left)
    else {
      const left = readPlainType(p)
      if (!PREDICATES.has(p.table.kinds[left] as number)) p.fail()
      p.attach(predicate, left, F.left)
    }
    p.attach(predicate, readBounds(p), F.bounds)
    p.attach(clause, p.close(predicate))
    if (!p.accept(T.comma)) break
  }
  return p.close(clause)
}
