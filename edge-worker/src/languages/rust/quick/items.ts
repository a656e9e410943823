import { FINE_ENOUGH } from '../../cuts.js'
import { F, K } from '../kinds.js'
import { readAttribute, readBlock, readExpression } from './expressions.js'
import type { Lexer } from './lexer.js'
import { readPattern } from './patterns.js'
import { readRuleTree, readTokenTree } from './token-trees.js'
import { T } from './tokens.js'
import {
  readBounds,
  readExternModifier,
  readFunctionModifiers,
  readLifetime,
  readPlainType,
  readType,
  readTypeParameters,
  readWhere,
} from './types.js'

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
      const item = begin(p, K.mod_item, start, visibility)
      p.next()
      p.attach(item, p.identifier(), F.name)
      if (!p.accept(T.semicolon)) p.attach(item, readDeclarations(p), F.body)
      return p.close(item)
    }
    case T.use: {
      const item = begin(p, K.use_declaration, start, visibility)
      p.next()
      p.attach(item, readUse(p), F.argument)
      p.expect(T.semicolon)
      return p.close(item)
    }
    case T.struct:
      return readStruct(p, begin(p, K.struct_item, start, visibility))
    case T.enum:
      return readEnum(p, begin(p, K.enum_item, start, visibility))
    case T.type:
      return readTypeItem(p, start, visibility)
    case T.static:
      return readConstant(p, begin(p, K.static_item, start, visibility))
    case T.const:
      if (p.peekWord('fn') || p.peekWord('unsafe') || p.peekWord('extern') || p.peekWord('async')) return readFunction(p, start, visibility)
      return readConstant(p, begin(p, K.const_item, start, visibility))
    case T.trait:
      return readTrait(p, begin(p, K.trait_item, start, visibility))
    case T.impl:
      return readImpl(p, begin(p, K.impl_item, start, visibility))
    case T.unsafe:
      if (p.peekWord('trait')) {
        p.next()
        return readTrait(p, begin(p, K.trait_item, start, visibility))
      }
      if (p.peekWord('impl')) {
        p.next()
        return readImpl(p, begin(p, K.impl_item, start, visibility))
      }
      return readFunction(p, start, visibility)
    case T.extern:
      return readExtern(p, start, visibility)
    case T.fn:
    case T.async:
      return readFunction(p, start, visibility)
    default:
      if (p.is('union')) return readUnion(p, begin(p, K.union_item, start, visibility))
      if (p.is('default') && (p.peekWord('fn') || p.peekWord('unsafe') || p.peekWord('async') || p.peekWord('const'))) {
        return readFunction(p, start, visibility)
      }
      return p.fail()
  }
}

function begin(p: Lexer, kind: number, start: number, visibility: number): number {
  const item = p.node(kind, start)
  if (visibility !== 0) p.attach(item, visibility)
  return item
}

function readVisibility(p: Lexer): number {
  const node = p.node(K.visibility_modifier, p.start)
  p.next()
  if (p.token !== T.open) return p.close(node)
  const isScope = /^\s*(?:(?:crate|self|super)\s*\)|in\s)/.test(p.text.slice(p.end, p.end + 32))
  if (!isScope) return p.close(node)
  p.next()
  if (p.accept(T.in)) p.attach(node, readPath(p))
  else p.attach(node, p.leaf(p.token === T.crate ? K.crate : p.token === T.self ? K.self : K.super))
  p.expect(T.close)
  return p.close(node)
}

/** A path of a `use` or of a scope. */
function readPath(p: Lexer): number {
  const { start } = p
  let path = readSegment(p)
  while (p.token === T.colons && isSegment(p)) {
    p.next()
    path = scoped(p, path, start)
  }
  return path
}

function scoped(p: Lexer, path: number, start: number): number {
  const node = p.node(K.scoped_identifier, start)
  if (path !== 0) p.attach(node, path, F.path)
  p.attach(node, p.token === T.super ? p.leaf(K.super) : p.token === T.self ? p.fail() : p.identifier(), F.name)
  return p.close(node)
}

function isSegment(p: Lexer): boolean {
  const unit = p.peek()
  return unit !== 123 && unit !== 42
}

function readSegment(p: Lexer): number {
  switch (p.token) {
    case T.crate:
      return p.leaf(K.crate)
    case T.self:
      return p.leaf(K.self)
    case T.super:
      return p.leaf(K.super)
    default:
      return p.identifier()
  }
}

function readUse(p: Lexer): number {
  p.deeper()
  const node = use(p)
  p.level--
  return node
}

function use(p: Lexer): number {
  const { start } = p
  if (p.token === T.openBrace) return readUseList(p)
  if (p.token === T.star) {
    const wildcard = p.node(K.use_wildcard, start)
    p.next()
    return p.close(wildcard)
  }
  let path = 0
  if (p.token === T.colons) {
    if (isSegment(p)) {
      p.next()
      path = scoped(p, 0, start)
      while (p.token === T.colons && isSegment(p)) {
        p.next()
        path = scoped(p, path, start)
      }
    }
  } else path = readPath(p)
  if (p.token === T.colons) {
    p.next()
    if (p.token === T.star) {
      const wildcard = p.node(K.use_wildcard, start)
      if (path !== 0) p.attach(wildcard, path)
      p.next()
      return p.close(wildcard)
    }
    const list = p.node(K.scoped_use_list, start)
    if (path !== 0) p.attach(list, path, F.path)
    p.attach(list, readUseList(p), F.list)
    return p.close(list)
  }
  if (p.token !== T.as) return path
  const clause = p.node(K.use_as_clause, start)
  p.attach(clause, path, F.path)
  p.next()
  p.attach(clause, p.token === T.underscore ? p.leaf(K.identifier) : p.identifier(), F.alias)
  return p.close(clause)
}

function readUseList(p: Lexer): number {
  const list = p.node(K.use_list, p.start)
  p.expect(T.openBrace)
  while (p.token !== T.closeBrace) {
    p.attach(list, readUse(p))
    if (!p.accept(T.comma)) break
  }
  p.expect(T.closeBrace)
  return p.close(list)
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

function readGenerics(p: Lexer, item: number): void {
  if (p.token === T.less) p.attach(item, readTypeParameters(p), F.type_parameters)
}

function readItemWhere(p: Lexer, item: number): void {
  if (p.token === T.where) p.attach(item, readWhere(p))
}

function readFunction(p: Lexer, start: number, visibility: number): number {
  const item = begin(p, K.function_item, start, visibility)
  if (p.token !== T.fn) p.attach(item, readFunctionModifiers(p))
  p.expect(T.fn)
  p.attach(item, p.identifier(), F.name)
  readGenerics(p, item)
  p.attach(item, readParameters(p), F.parameters)
  if (p.accept(T.arrow)) p.attach(item, readType(p), F.return_type)
  readItemWhere(p, item)
  if (p.accept(T.semicolon)) p.table.kinds[item] = K.function_signature_item
  else p.attach(item, readBlock(p), F.body)
  return p.close(item)
}

function readParameters(p: Lexer): number {
  const list = p.node(K.parameters, p.start)
  p.expect(T.open)
  while (p.token !== T.close) {
    if (p.token === T.hash) p.attach(list, readAttribute(p))
    p.attach(list, readParameter(p))
    if (!p.accept(T.comma)) break
  }
  p.expect(T.close)
  return p.close(list)
}

const SELF = /^(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?self\b(?!\s*:)/

function readParameter(p: Lexer): number {
  const { start } = p
  if ((p.token === T.and || p.token === T.mut || p.token === T.self) && SELF.test(p.text.slice(start, start + 64))) {
    const self = p.node(K.self_parameter, start)
    p.accept(T.and)
    if (p.token === T.lifetime) p.attach(self, readLifetime(p))
    if (p.token === T.mut) p.attach(self, p.leaf(K.mutable_specifier))
    if (p.token !== T.self) p.fail()
    p.attach(self, p.leaf(K.self))
    return p.close(self)
  }
  if (p.token === T.ellipsis) {
    const variadic = p.node(K.variadic_parameter, start)
    p.next()
    return p.close(variadic)
  }
  const parameter = p.node(K.parameter, start)
  if (p.token === T.mut) p.attach(parameter, p.leaf(K.mutable_specifier))
  p.attach(parameter, p.token === T.self ? p.leaf(K.self) : readPattern(p), F.pattern)
  p.expect(T.colon)
  if (p.token === T.ellipsis) p.fail()
  p.attach(parameter, readType(p), F.type)
  return p.close(parameter)
}

function readStruct(p: Lexer, item: number): number {
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

function readUnion(p: Lexer, item: number): number {
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

function readEnum(p: Lexer, item: number): number {
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

function readTypeItem(p: Lexer, start: number, visibility: number): number {
  const item = begin(p, K.type_item, start, visibility)
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
    const item = begin(p, K.extern_crate_declaration, start, visibility)
    p.next()
    p.attach(item, p.leaf(K.crate))
    p.attach(item, p.token === T.self ? p.leaf(K.identifier) : p.identifier(), F.name)
    if (p.accept(T.as)) p.attach(item, p.token === T.underscore ? p.leaf(K.identifier) : p.identifier(), F.alias)
    p.expect(T.semicolon)
    return p.close(item)
  }
  if (/^\s*(?:"[^"\n]*"\s*)?(?:unsafe\s+)?fn\b/.test(p.text.slice(p.end, p.end + 64))) return readFunction(p, start, visibility)
  const item = begin(p, K.foreign_mod_item, start, visibility)
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
