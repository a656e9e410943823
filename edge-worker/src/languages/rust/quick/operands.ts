import { F, K } from '../kinds.js'
import { readAttributes } from './attributes.js'
import { readBlockLike, startsBlock } from './blocks.js'
import { readExpression } from './expressions.js'
import type { Lexer } from './lexer.js'
import { readLiteral } from './literals.js'
import { asTypeName } from './patterns.js'
import { withTypeArguments } from './postfix.js'
import { readTokenTree } from './token-trees.js'
import { T } from './tokens.js'
import { readBracketedType } from './type-paths.js'

export function readPrimary(p: Lexer, isHead: boolean): number {
  switch (p.token) {
    case T.integer:
    case T.float:
    case T.string:
    case T.rawString:
    case T.char:
    case T.true:
    case T.false:
      return readLiteral(p)
    case T.open:
      return readParenthesized(p)
    case T.openSquare:
      return readArray(p)
    case T.identifier:
      if (p.is('gen') && (p.peek() === 123 || p.peekWord('move'))) p.fail()
      return readPath(p, isHead)
    case T.underscore:
      return p.leaf(K.identifier)
    case T.self:
    case T.crate:
    case T.super:
    case T.colons:
    case T.less:
      return readPath(p, isHead)
    default:
      return startsBlock(p) ? readBlockLike(p) : p.fail()
  }
}

function readParenthesized(p: Lexer): number {
  const { start } = p
  p.next()
  if (p.token === T.close) {
    const unit = p.node(K.unit_expression, start)
    p.next()
    return p.close(unit)
  }
  const first = readExpression(p)
  if (p.accept(T.close)) {
    const node = p.node(K.parenthesized_expression, start)
    p.attach(node, first)
    return p.close(node)
  }
  const tuple = p.node(K.tuple_expression, start)
  p.attach(tuple, first)
  while (p.accept(T.comma)) {
    if (p.token === T.close) break
    p.attach(tuple, readExpression(p))
  }
  p.expect(T.close)
  return p.close(tuple)
}

function readArray(p: Lexer): number {
  const array = p.node(K.array_expression, p.start)
  p.next()
  if (p.token !== T.closeSquare) {
    readAttributes(p, array)
    p.attach(array, readExpression(p))
    if (p.accept(T.semicolon)) p.attach(array, readExpression(p))
    else {
      while (p.accept(T.comma)) {
        if (p.token === T.closeSquare) break
        readAttributes(p, array)
        p.attach(array, readExpression(p))
      }
    }
  }
  p.expect(T.closeSquare)
  return p.close(array)
}

/** A path and what it begins: a name, a struct, a macro call, a function with type arguments. */
function readPath(p: Lexer, isHead: boolean): number {
  const { table, start } = p
  let path = 0
  if (p.token === T.less) {
    path = readBracketedType(p)
    if (p.token !== T.colons) p.fail()
  } else if (p.token === T.self) path = p.leaf(K.self)
  else if (p.token === T.crate) path = p.leaf(K.crate)
  else if (p.token === T.super) path = p.leaf(K.super)
  else if (p.token === T.identifier) path = p.identifier()
  while (p.token === T.colons) {
    p.next()
    if (p.token === T.less) {
      if (table.kinds[path] !== K.identifier && table.kinds[path] !== K.scoped_identifier) p.fail()
      const node = withTypeArguments(p, path, K.generic_function, F.function)
      const isPath = p.token === T.colons
      const isStruct = p.token === T.openBrace && !isHead
      if (!isPath && !isStruct) return node
      // As the head of a longer path, or of a struct, it is a type.
      table.kinds[node] = isPath ? K.generic_type : K.generic_type_with_turbofish
      table.fields[path] = F.type
      if (table.kinds[path] === K.identifier) table.kinds[path] = K.type_identifier
      if (isStruct) return readStruct(p, node)
      path = node
      continue
    }
    const scoped = p.node(K.scoped_identifier, start)
    if (path !== 0) p.attach(scoped, path, F.path)
    p.attach(scoped, p.token === T.super ? p.leaf(K.super) : p.identifier(), F.name)
    path = p.close(scoped)
  }
  if (p.token === T.openBrace && !isHead && table.kinds[path] !== K.self) {
    asTypeName(p, path)
    return readStruct(p, path)
  }
  if (p.token === T.bang && p.unitAfter() !== 61) {
    const macro = p.node(K.macro_invocation, start)
    if (table.kinds[path] !== K.identifier && table.kinds[path] !== K.scoped_identifier) p.fail()
    p.attach(macro, path, F.macro)
    p.next()
    p.attach(macro, readTokenTree(p))
    return p.close(macro)
  }
  if (table.kinds[path] === K.crate || table.kinds[path] === K.super) p.fail()
  return path
}

function readStruct(p: Lexer, name: number): number {
  const { table } = p
  const struct = p.node(K.struct_expression, table.starts[name] as number)
  p.attach(struct, name, F.name)
  const list = p.node(K.field_initializer_list, p.start)
  p.next()
  while (p.token !== T.closeBrace) {
    if (p.token === T.dots) {
      const base = p.node(K.base_field_initializer, p.start)
      p.next()
      p.attach(base, readExpression(p))
      p.attach(list, p.close(base))
      break
    }
    const field = p.node(K.field_initializer, p.start)
    readAttributes(p, field)
    if (p.token === T.identifier && p.peek() !== 58) {
      table.kinds[field] = K.shorthand_field_initializer
      p.attach(field, p.identifier())
      p.attach(list, p.close(field))
    } else {
      p.attach(field, p.token === T.integer ? p.leaf(K.integer_literal) : p.identifier(K.field_identifier), F.field)
      p.expect(T.colon)
      p.attach(field, readExpression(p), F.value)
      p.attach(list, p.close(field))
    }
    if (!p.accept(T.comma)) break
  }
  p.expect(T.closeBrace)
  p.attach(struct, p.close(list), F.body)
  return p.close(struct)
}
