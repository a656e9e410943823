import { F } from '../kinds.js'
import type { Lexer } from './lexer.js'
import { T } from './tokens.js'
import { readTypeParameters, readWhere } from './type-parameters.js'

export function beginItem(p: Lexer, kind: number, start: number, visibility: number): number {
  const item = p.node(kind, start)
  if (visibility !== 0) p.attach(item, visibility)
  return item
}

export function readGenerics(p: Lexer, item: number): void {
  if (p.token === T.less) p.attach(item, readTypeParameters(p), F.type_parameters)
}

export function readItemWhere(p: Lexer, item: number): void {
  if (p.token === T.where) p.attach(item, readWhere(p))
}
