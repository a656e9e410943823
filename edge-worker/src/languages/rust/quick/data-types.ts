import { F, K } from '../kinds.js'
import { readAttribute } from './attributes.js'
import { readExpression } from './expressions.js'
import { readGenerics, readItemWhere } from './item-parts.js'
import type { Lexer } from './lexer.js'
import { readVisibility } from './paths.js'
import { T } from './tokens.js'
import { readType } from './types.js'

export function readStruct(p: Lexer, item: number): number {
  p.next()
  p.attach(item, p.identifier(K.type_identifier), F.name)
  readGenerics(p, item)
  if (p.token === T.open) {
    p.attach(item, readOrderedFields(p), F.body)
    readItemWhere(p, item)
    p.expect(T.semicolon)
  } else if (!p.accept(T.semicolon)) {
    readItemWhere(p, item)
    p.attach(item, readFields(p), F.body)
  }
  return p.close(item)
}

export function readUnion(p: Lexer, item: number): number {
  p.next()
  p.attach(item, p.identifier(K.type_identifier), F.name)
  readGenerics(p, item)
  readItemWhere(p, item)
  p.attach(item, readFields(p), F.body)
  return p.close(item)
}

function readFields(p: Lexer): number {
  const list = p.node(K.field_declaration_list, p.start)
  p.expect(T.openBrace)
  while (p.token !== T.closeBrace) {
    while (p.token === T.hash) p.attach(list, readAttribute(p))
    const field = p.node(K.field_declaration, p.start)
    if (p.token === T.pub) p.attach(field, readVisibility(p))
    p.attach(field, p.identifier(K.field_identifier), F.name)
    p.expect(T.colon)
    p.attach(field, readType(p), F.type)
    p.attach(list, p.close(field))
    if (!p.accept(T.comma)) break
  }
  p.expect(T.closeBrace)
  return p.close(list)
}

function readOrderedFields(p: Lexer): number {
  const list = p.node(K.ordered_field_declaration_list, p.start)
  p.expect(T.open)
  while (p.token !== T.close) {
    while (p.token === T.hash) p.attach(list, readAttribute(p))
    if (p.token === T.pub) p.attach(list, readVisibility(p))
    p.attach(list, readType(p), F.type)
    if (!p.accept(T.comma)) break
  }
  p.expect(T.close)
  return p.close(list)
}

export function readEnum(p: Lexer, item: number): number {
  p.next()
  p.attach(item, p.identifier(K.type_identifier), F.name)
  readGenerics(p, item)
  readItemWhere(p, item)
  const list = p.node(K.enum_variant_list, p.start)
  p.expect(T.openBrace)
  while (p.token !== T.closeBrace) {
    while (p.token === T.hash) p.attach(list, readAttribute(p))
    const variant = p.node(K.enum_variant, p.start)
    if (p.token === T.pub) p.attach(variant, readVisibility(p))
    p.attach(variant, p.identifier(), F.name)
    if (p.token === T.openBrace) p.attach(variant, readFields(p), F.body)
    else if (p.token === T.open) p.attach(variant, readOrderedFields(p), F.body)
    if (p.accept(T.equals)) p.attach(variant, readExpression(p), F.value)
    p.attach(list, p.close(variant))
    if (!p.accept(T.comma)) break
  }
  p.expect(T.closeBrace)
  p.attach(item, p.close(list), F.body)
  return p.close(item)
}
