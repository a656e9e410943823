import { FINE_ENOUGH } from '../../cuts.js'
import { F, K } from '../kinds.js'
import { readAttribute } from './attributes.js'
import { readEnum, readStruct, readUnion } from './data-types.js'
import { readExpression } from './expressions.js'
import { readFunction } from './functions.js'
import { beginItem, readGenerics, readItemWhere } from './item-parts.js'
import type { Lexer } from './lexer.js'
import { readPath, readVisibility } from './paths.js'
import { readRuleTree, readTokenTree } from './token-trees.js'
import { T } from './tokens.js'
import { readExternModifier } from './function-types.js'
import { readBounds, readTypeParameters } from './type-parameters.js'
import { readPlainType, readType } from './types.js'
import { readUse } from './uses.js'

/** Whether an item begins here that may stand among statements. */
export function isItemStart(p: Lexer): boolean {
  switch (p.token) {
    case T.fn:
    case T.pub:
    case T.use:
    case T.mod:
    case T.struct:
    case T.enum:
    case T.trait:
    case T.impl:
    case T.type:
    case T.extern:
      return true
    case T.static:
      return p.peek() !== 124 && !p.peekWord('move')
    case T.const:
      return p.peek() !== 123
    case T.unsafe:
      return p.peek() !== 123
    case T.async:
      return p.peekWord('fn') || p.peekWord('unsafe') || p.peekWord('extern')
    case T.identifier:
      if (p.is('union')) return startsName(p.peek())
      if (p.is('default')) return startsName(p.peek())
      return p.is('macro_rules') && p.peek() === 33
    default:
      return false
  }
}

function startsName(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95
}

export function readStatementItem(p: Lexer): number {
  p.deeper()
  const item = readItem(p)
  p.level--
  return item
}

function readItem(p: Lexer): number {
  const { start } = p
  if (p.is('macro_rules')) return readMacroDefinition(p)
  let visibility = 0
  if (p.token === T.pub) visibility = readVisibility(p)
  switch (p.token) {
    case T.mod: {
      const item = beginItem(p, K.mod_item, start, visibility)
      p.next()
      p.attach(item, p.identifier(), F.name)
      if (!p.accept(T.semicolon)) p.attach(item, readDeclarations(p), F.body)
      return p.close(item)
    }
    case T.use: {
      const item = beginItem(p, K.use_declaration, start, visibility)
      p.next()
      p.attach(item, readUse(p), F.argument)
      p.expect(T.semicolon)
      return p.close(item)
    }
    case T.struct:
      return readStruct(p, beginItem(p, K.struct_item, start, visibility))
    case T.enum:
      return readEnum(p, beginItem(p, K.enum_item, start, visibility))
    case T.type:
      return readTypeItem(p, start, visibility)
    case T.static:
      return readConstant(p, beginItem(p, K.static_item, start, visibility))
    case T.const:
      if (p.peekWord('fn') || p.peekWord('unsafe') || p.peekWord('extern') || p.peekWord('async')) return readFunction(p, start, visibility)
      return readConstant(p, beginItem(p, K.const_item, start, visibility))
    case T.trait:
      return readTrait(p, beginItem(p, K.trait_item, start, visibility))
    case T.impl:
      return readImpl(p, beginItem(p, K.impl_item, start, visibility))
    case T.unsafe:
      if (p.peekWord('trait')) {
        p.next()
        return readTrait(p, beginItem(p, K.trait_item, start, visibility))
      }
      if (p.peekWord('impl')) {
        p.next()
        return readImpl(p, beginItem(p, K.impl_item, start, visibility))
      }
      return readFunction(p, start, visibility)
    case T.extern:
      return readExtern(p, start, visibility)
    case T.fn:
    case T.async:
      return readFunction(p, start, visibility)
    default:
      if (p.is('union')) return readUnion(p, beginItem(p, K.union_item, start, visibility))
      if (p.is('default') && (p.peekWord('fn') || p.peekWord('unsafe') || p.peekWord('async') || p.peekWord('const'))) {
        return readFunction(p, start, visibility)
      }
      return p.fail()
  }
}

function readDeclarations(p: Lexer): number {
  const list = p.node(K.declaration_list, p.start)
  p.expect(T.openBrace)
  while (p.token !== T.closeBrace) p.attach(list, readDeclaration(p))
  p.next()
  return p.close(list)
}

function readDeclaration(p: Lexer): number {
  if (p.token === T.hash) return readAttribute(p)
  if (p.token === T.semicolon) return p.leaf(K.empty_statement)
  if (isItemStart(p)) return readStatementItem(p)
  const macro = p.node(K.macro_invocation, p.start)
  const path = readPath(p)
  if (p.table.kinds[path] !== K.identifier && p.table.kinds[path] !== K.scoped_identifier) p.fail()
  p.attach(macro, path, F.macro)
  p.expect(T.bang)
  p.attach(macro, readTokenTree(p))
  return p.close(macro)
}

function readTypeItem(p: Lexer, start: number, visibility: number): number {
  const item = beginItem(p, K.type_item, start, visibility)
  p.next()
  p.attach(item, p.identifier(K.type_identifier), F.name)
  readGenerics(p, item)
  let isAssociated = false
  if (p.token === T.colon) {
    if (visibility !== 0) p.fail()
    p.attach(item, readBounds(p), F.bounds)
    isAssociated = true
  }
  readItemWhere(p, item)
  if (p.accept(T.equals)) {
    if (isAssociated) p.fail()
    p.attach(item, readType(p), F.type)
    readItemWhere(p, item)
  } else {
    if (visibility !== 0) p.fail()
    isAssociated = true
  }
  p.expect(T.semicolon)
  if (isAssociated) p.table.kinds[item] = K.associated_type
  return p.close(item)
}

function readConstant(p: Lexer, item: number): number {
  const isStatic = p.token === T.static
  p.next()
  if (isStatic) {
    p.accept(T.ref)
    if (p.token === T.mut) p.attach(item, p.leaf(K.mutable_specifier))
  }
  p.attach(item, p.token === T.underscore ? p.leaf(K.identifier) : p.identifier(), F.name)
  p.expect(T.colon)
  p.attach(item, readType(p), F.type)
  if (p.accept(T.equals)) p.attach(item, readExpression(p), F.value)
  p.expect(T.semicolon)
  return p.close(item)
}

function readTrait(p: Lexer, item: number): number {
  p.expect(T.trait)
  p.attach(item, p.identifier(K.type_identifier), F.name)
  readGenerics(p, item)
  if (p.token === T.colon) p.attach(item, readBounds(p), F.bounds)
  readItemWhere(p, item)
  p.attach(item, readDeclarations(p), F.body)
  return p.close(item)
}

const TRAITS = new Set<number>([K.type_identifier, K.scoped_type_identifier, K.generic_type])

function readImpl(p: Lexer, item: number): number {
  p.expect(T.impl)
  if (p.token === T.less) p.attach(item, readTypeParameters(p), F.type_parameters)
  const isNegative = p.accept(T.bang)
  const type = isNegative ? readPlainType(p) : readType(p)
  if (p.accept(T.for)) {
    if (!TRAITS.has(p.table.kinds[type] as number)) p.fail()
    p.attach(item, type, F.trait)
    p.attach(item, readType(p), F.type)
  } else if (isNegative) p.fail()
  else p.attach(item, type, F.type)
  readItemWhere(p, item)
  p.attach(item, readDeclarations(p), F.body)
  return p.close(item)
}

function readExtern(p: Lexer, start: number, visibility: number): number {
  if (p.peekWord('crate')) {
    const item = beginItem(p, K.extern_crate_declaration, start, visibility)
    p.next()
    p.attach(item, p.leaf(K.crate))
    p.attach(item, p.token === T.self ? p.leaf(K.identifier) : p.identifier(), F.name)
    if (p.accept(T.as)) p.attach(item, p.token === T.underscore ? p.leaf(K.identifier) : p.identifier(), F.alias)
    p.expect(T.semicolon)
    return p.close(item)
  }
  if (/^\s*(?:"[^"\n]*"\s*)?(?:unsafe\s+)?fn\b/.test(p.text.slice(p.end, p.end + 64))) return readFunction(p, start, visibility)
  const item = beginItem(p, K.foreign_mod_item, start, visibility)
  p.attach(item, readExternModifier(p))
  p.attach(item, readDeclarations(p), F.body)
  return p.close(item)
}

/** `macro_rules! name { rules }`. The rules of a long one become nodes, for places to cut. */
function readMacroDefinition(p: Lexer): number {
  const item = p.node(K.macro_definition, p.start)
  p.next()
  p.expect(T.bang)
  p.attach(item, p.identifier(), F.name)
  const closing =
    p.token === T.openBrace ? T.closeBrace : p.token === T.open ? T.close : p.token === T.openSquare ? T.closeSquare : p.fail()
  p.next()
  while (p.token !== closing) {
    const rule = p.node(K.macro_rule, p.start)
    const left = readRuleTree(p)
    p.table.kinds[left] = K.token_tree_pattern
    if ((p.table.ends[left] as number) - (p.table.starts[left] as number) > FINE_ENOUGH) p.fail()
    p.attach(rule, left, F.left)
    p.expect(T.fatArrow)
    p.attach(rule, readRuleTree(p), F.right)
    p.attach(item, p.closeLong(rule))
    if (!p.accept(T.semicolon)) break
  }
  p.expect(closing)
  if (closing !== T.closeBrace) p.expect(T.semicolon)
  return p.close(item)
}
