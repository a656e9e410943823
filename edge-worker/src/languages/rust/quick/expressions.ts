import { F, K } from '../kinds.js'
import { isItemStart, readStatementItem } from './items.js'
import type { Lexer } from './lexer.js'
import { asTypeName, readOnePattern, readPattern } from './patterns.js'
import { readTokenTree } from './token-trees.js'
import { T } from './tokens.js'
import { readBracketedType, readLabel, readPlainType, readType, readTypeArguments } from './types.js'

/** How tightly the grammar's operators bind. */
const ASSIGN = 0
const RANGE = 1
const OR = 2
const AND = 3
const COMPARE = 4
const CAST = 11

export function readExpression(p: Lexer): number {
  return readBinary(p, ASSIGN, false)
}

/** An expression that a block follows, in which `A {` is no struct. */
function readHead(p: Lexer): number {
  return readBinary(p, ASSIGN, true)
}

function readBinary(p: Lexer, least: number, isHead: boolean): number {
  p.deeper()
  const left = p.token === T.dots || p.token === T.dotsEquals ? readOpenRange(p, least, isHead) : readPrefix(p, isHead)
  const whole = readOperators(p, left, least, isHead)
  p.level--
  return whole
}

/** The operators after an operand. */
function readOperators(p: Lexer, operand: number, least: number, isHead: boolean): number {
  const { table } = p
  let left = operand
  for (;;) {
    const { start } = p
    const from = table.starts[left] as number
    if (p.token === T.as) {
      if (CAST < least) return left
      const cast = p.node(K.type_cast_expression, from)
      p.attach(cast, left, F.value)
      p.next()
      p.attach(cast, readPlainType(p), F.type)
      left = p.close(cast)
      continue
    }
    if (p.token === T.dots || p.token === T.dotsEquals || p.token === T.ellipsis) {
      if (RANGE < least) return left
      const range = p.node(K.range_expression, from)
      p.attach(range, left)
      const mayBeOpen = p.token === T.dots
      p.next()
      if (mayBeOpen && endsRange(p, isHead)) p.close(range)
      else {
        p.attach(range, readBinary(p, RANGE + 1, isHead))
        p.close(range)
      }
      left = range
      continue
    }
    const binding = bindingOf(p)
    if (binding < least) return left
    const length = lengthOf(p, binding)
    const isPlain = binding === ASSIGN && length === 1
    const kind = isPlain ? K.assignment_expression : binding === ASSIGN ? K.compound_assignment_expr : K.binary_expression
    if (binding === AND && p.peekWord('let', start + 2)) return left
    const binary = p.node(kind, from)
    p.attach(binary, left, F.left)
    p.jump(start + length)
    p.attach(binary, readBinary(p, binding + 1, isHead), F.right)
    left = p.close(binary)
  }
}

/** How tightly the operator under the cursor binds, -1 when it is none. */
function bindingOf(p: Lexer): number {
  const after = p.unitAfter()
  const isAssigned = after === 61
  switch (p.token) {
    case T.equals:
      return isAssigned ? COMPARE : ASSIGN
    case T.bang:
      return isAssigned ? COMPARE : -1
    case T.less:
    case T.greater:
      if (after !== p.token) return COMPARE
      return p.text.charCodeAt(p.end + 1) === 61 ? ASSIGN : 8
    case T.and:
      return after === 38 ? AND : isAssigned ? ASSIGN : 7
    case T.or:
      return after === 124 ? OR : isAssigned ? ASSIGN : 5
    case T.caret:
      return isAssigned ? ASSIGN : 6
    case T.plus:
    case T.minus:
      return isAssigned ? ASSIGN : 9
    case T.star:
    case T.slash:
    case T.percent:
      return isAssigned ? ASSIGN : 10
    default:
      return -1
  }
}

function lengthOf(p: Lexer, binding: number): number {
  const after = p.unitAfter()
  if (binding === ASSIGN) return p.token === T.equals ? 1 : after === 61 ? 2 : 3
  if (binding === AND || binding === OR) return 2
  if (binding === COMPARE) return after === 61 ? 2 : 1
  return binding === 8 ? 2 : 1
}

/** After `..`: what cannot begin an operand, or is taken for an operator between the range and what follows. */
function endsRange(p: Lexer, isHead: boolean): boolean {
  switch (p.token) {
    case T.end:
    case T.semicolon:
    case T.comma:
    case T.close:
    case T.closeSquare:
    case T.closeBrace:
    case T.fatArrow:
    case T.equals:
    case T.minus:
    case T.star:
    case T.and:
    case T.or:
    case T.less:
      return true
    case T.openBrace:
      return isHead ? true : p.fail()
    case T.openSquare:
    case T.dot:
    case T.question:
      return p.fail()
    default:
      return false
  }
}

function readOpenRange(p: Lexer, least: number, isHead: boolean): number {
  if (least > RANGE) p.fail()
  const { start } = p
  const range = p.node(K.range_expression, start)
  if (p.token === T.dotsEquals) {
    // The grammar has no such range: it takes `..=b` for the assignment `.. = b`.
    p.jump(start + 2)
    return p.token === T.equals && least === ASSIGN ? p.close(range) : p.fail()
  }
  p.next()
  if (!endsRange(p, isHead)) p.attach(range, readBinary(p, RANGE + 1, isHead))
  return p.close(range)
}

function readPrefix(p: Lexer, isHead: boolean): number {
  const { start } = p
  switch (p.token) {
    case T.minus:
    case T.star:
    case T.bang: {
      const unary = p.node(K.unary_expression, start)
      p.next()
      p.attach(unary, readOperand(p, isHead))
      return p.close(unary)
    }
    case T.and: {
      const reference = p.node(K.reference_expression, start)
      p.next()
      if (p.is('raw') && (p.peekWord('const') || p.peekWord('mut'))) {
        p.next()
        if (p.token === T.const) p.next()
      }
      if (p.token === T.mut) p.attach(reference, p.leaf(K.mutable_specifier))
      p.attach(reference, readOperand(p, isHead), F.value)
      return p.close(reference)
    }
    case T.or:
    case T.move:
      return readClosure(p, start, isHead)
    case T.async:
      return startsBlock(p) ? readPostfix(p, readBlockLike(p)) : readClosure(p, start, isHead)
    case T.return: {
      const node = p.node(K.return_expression, start)
      p.next()
      if (startsOperand(p, isHead)) p.attach(node, readBinary(p, RANGE, isHead))
      return p.close(node)
    }
    case T.break: {
      const node = p.node(K.break_expression, start)
      p.next()
      if (p.token === T.lifetime) {
        if (p.peek() === 58) p.fail()
        p.attach(node, readLabel(p))
      }
      // The grammar takes what might be an operator for one: `break (a)` is a call of `break`.
      if (OPERATORS.has(p.token)) return readPostfix(p, p.close(node))
      if (startsOperand(p, isHead)) p.attach(node, readBinary(p, RANGE, isHead))
      return p.close(node)
    }
    case T.continue: {
      const node = p.node(K.continue_expression, start)
      p.next()
      if (p.token === T.lifetime) p.attach(node, readLabel(p))
      return p.close(node)
    }
    default:
      return readPostfix(p, readPrimary(p, isHead))
  }
}

const OPERATORS = new Set([T.open, T.openSquare, T.star, T.minus, T.and, T.or, T.less])

/** The operand of a prefix operator, one level deeper. */
function readOperand(p: Lexer, isHead: boolean): number {
  p.deeper()
  const operand = readPrefix(p, isHead)
  p.level--
  return operand
}

/** After `return` and `break`. */
function startsOperand(p: Lexer, isHead: boolean): boolean {
  switch (p.token) {
    case T.end:
    case T.semicolon:
    case T.comma:
    case T.close:
    case T.closeSquare:
    case T.closeBrace:
    case T.fatArrow:
      return false
    case T.openBrace:
      return isHead ? p.fail() : true
    case T.equals:
    case T.plus:
    case T.dot:
    case T.question:
    case T.as:
    case T.else:
    case T.slash:
    case T.percent:
    case T.caret:
    case T.greater:
      return p.fail()
    default:
      return true
  }
}

function readClosure(p: Lexer, start: number, isHead: boolean): number {
  const closure = p.node(K.closure_expression, start)
  p.accept(T.async)
  p.accept(T.move)
  const parameters = p.node(K.closure_parameters, p.start)
  p.expect(T.or)
  while (p.token !== T.or) {
    const first = p.start
    let specifier = 0
    let pattern = 0
    if (p.token === T.mut) {
      specifier = p.leaf(K.mutable_specifier)
      pattern = readOnePattern(p)
      if (p.token !== T.colon) {
        const mut = p.node(K.mut_pattern, first)
        p.attach(mut, specifier)
        p.attach(mut, pattern)
        pattern = p.close(mut)
      }
    } else pattern = readOnePattern(p)
    if (p.token === T.colon) {
      const parameter = p.node(K.parameter, first)
      if (specifier !== 0) p.attach(parameter, specifier)
      p.attach(parameter, pattern, F.pattern)
      p.next()
      p.attach(parameter, readType(p), F.type)
      p.attach(parameters, p.close(parameter))
    } else p.attach(parameters, pattern)
    if (!p.accept(T.comma)) break
  }
  p.expect(T.or)
  p.attach(closure, p.close(parameters), F.parameters)
  if (p.accept(T.arrow)) {
    p.attach(closure, readType(p), F.return_type)
    p.attach(closure, readBlock(p), F.body)
  } else p.attach(closure, readBinary(p, ASSIGN, isHead), F.body)
  return p.close(closure)
}

/** What may follow an operand without a space: fields, calls, indices, question marks. */
function readPostfix(p: Lexer, operand: number): number {
  let value = operand
  for (;;) {
    const from = p.table.starts[value] as number
    switch (p.token) {
      case T.question: {
        const node = p.node(K.try_expression, from)
        p.attach(node, value)
        p.next()
        value = p.close(node)
        break
      }
      case T.open: {
        const call = p.node(K.call_expression, from)
        p.attach(call, value, F.function)
        p.attach(call, readArguments(p), F.arguments)
        value = p.close(call)
        break
      }
      case T.openSquare: {
        const node = p.node(K.index_expression, from)
        p.attach(node, value)
        p.next()
        p.attach(node, readExpression(p))
        p.expect(T.closeSquare)
        value = p.close(node)
        break
      }
      case T.dot:
        value = readField(p, value)
        break
      default:
        return value
    }
  }
}

function readField(p: Lexer, value: number): number {
  const from = p.table.starts[value] as number
  p.nextField()
  if (p.token === T.await) {
    const node = p.node(K.await_expression, from)
    p.attach(node, value)
    p.next()
    return p.close(node)
  }
  const field = p.node(K.field_expression, from)
  p.attach(field, value, F.value)
  if (p.token === T.integer) p.attach(field, p.leaf(K.integer_literal), F.field)
  else p.attach(field, p.identifier(K.field_identifier), F.field)
  p.close(field)
  if (p.token !== T.colons) return field
  p.next()
  return generic(p, field, K.generic_function, F.function)
}

/** Type arguments after `::`. */
function generic(p: Lexer, of: number, kind: number, field: number): number {
  const node = p.node(kind, p.table.starts[of] as number)
  p.attach(node, of, field)
  p.attach(node, readTypeArguments(p), F.type_arguments)
  return p.close(node)
}

function readArguments(p: Lexer): number {
  const list = p.node(K.arguments, p.start)
  p.next()
  while (p.token !== T.close) {
    readAttributes(p, list)
    p.attach(list, readExpression(p))
    if (!p.accept(T.comma)) break
  }
  p.expect(T.close)
  return p.close(list)
}

function readAttributes(p: Lexer, node: number): void {
  while (p.token === T.hash) p.attach(node, readAttribute(p))
}

function readPrimary(p: Lexer, isHead: boolean): number {
  switch (p.token) {
    case T.integer:
      return p.leaf(K.integer_literal)
    case T.float:
      return p.leaf(K.float_literal)
    case T.string:
      return p.leaf(K.string_literal)
    case T.rawString:
      return p.leaf(K.raw_string_literal)
    case T.char:
      return p.leaf(K.char_literal)
    case T.true:
    case T.false:
      return p.leaf(K.boolean_literal)
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
      const node = generic(p, path, K.generic_function, F.function)
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

/** Whether an expression that ends with a block begins here. */
function startsBlock(p: Lexer): boolean {
  switch (p.token) {
    case T.openBrace:
    case T.if:
    case T.match:
    case T.while:
    case T.loop:
    case T.for:
      return true
    case T.unsafe:
    case T.const:
      return p.peek() === 123
    case T.async:
      return p.peek() === 123 || (p.peekWord('move') && /^\s*move\s*\{/.test(p.text.slice(p.end, p.end + 64)))
    case T.lifetime:
      return p.peek() === 58
    default:
      return false
  }
}

function readBlockLike(p: Lexer): number {
  p.deeper()
  const node = blockLike(p)
  p.level--
  return node
}

function blockLike(p: Lexer): number {
  const { start } = p
  let label = 0
  if (p.token === T.lifetime) {
    label = readLabel(p)
    p.expect(T.colon)
  }
  switch (p.token) {
    case T.openBrace:
      return blockFrom(p, start, label)
    case T.if:
      return label === 0 ? readIf(p) : p.fail()
    case T.match:
      return label === 0 ? readMatch(p) : p.fail()
    case T.while: {
      const node = p.node(K.while_expression, start)
      if (label !== 0) p.attach(node, label)
      p.next()
      p.attach(node, readCondition(p), F.condition)
      p.attach(node, readBlock(p), F.body)
      return p.close(node)
    }
    case T.loop: {
      const node = p.node(K.loop_expression, start)
      if (label !== 0) p.attach(node, label)
      p.next()
      p.attach(node, readBlock(p), F.body)
      return p.close(node)
    }
    case T.for: {
      const node = p.node(K.for_expression, start)
      if (label !== 0) p.attach(node, label)
      p.next()
      p.attach(node, readPattern(p), F.pattern)
      p.expect(T.in)
      p.attach(node, readHead(p), F.value)
      p.attach(node, readBlock(p), F.body)
      return p.close(node)
    }
    case T.unsafe:
    case T.async: {
      if (label !== 0) p.fail()
      const node = p.node(p.token === T.unsafe ? K.unsafe_block : K.async_block, start)
      p.next()
      p.accept(T.move)
      p.attach(node, readBlock(p))
      return p.close(node)
    }
    case T.const: {
      const node = p.node(K.const_block, start)
      p.next()
      p.attach(node, readBlock(p), F.body)
      return p.close(node)
    }
    default:
      return p.fail()
  }
}

function readIf(p: Lexer): number {
  const node = p.node(K.if_expression, p.start)
  p.next()
  p.attach(node, readCondition(p), F.condition)
  p.attach(node, readBlock(p), F.consequence)
  if (p.token === T.else) {
    const clause = p.node(K.else_clause, p.start)
    p.next()
    p.attach(clause, p.token === T.if ? readBlockLike(p) : readBlock(p))
    p.attach(node, p.close(clause), F.alternative)
  }
  return p.close(node)
}

/** An expression, a `let`, or a chain of both. */
function readCondition(p: Lexer): number {
  const first = p.token === T.let ? readLetCondition(p) : readHead(p)
  if (p.token !== T.and || p.unitAfter() !== 38) return first
  const chain = p.node(K.let_chain, p.table.starts[first] as number)
  p.attach(chain, first)
  while (p.token === T.and && p.unitAfter() === 38) {
    p.jump(p.start + 2)
    p.attach(chain, p.token === T.let ? readLetCondition(p) : readBinary(p, COMPARE, true))
  }
  return p.close(chain)
}

function readLetCondition(p: Lexer): number {
  const node = p.node(K.let_condition, p.start)
  p.next()
  p.attach(node, readPattern(p), F.pattern)
  p.expect(T.equals)
  p.attach(node, readBinary(p, COMPARE, true), F.value)
  return p.close(node)
}

function readMatch(p: Lexer): number {
  const node = p.node(K.match_expression, p.start)
  p.next()
  p.attach(node, readHead(p), F.value)
  const body = p.node(K.match_block, p.start)
  p.expect(T.openBrace)
  while (p.token !== T.closeBrace) p.attach(body, readArm(p))
  p.next()
  p.attach(node, p.close(body), F.body)
  return p.close(node)
}

function readArm(p: Lexer): number {
  const arm = p.node(K.match_arm, p.start)
  readAttributes(p, arm)
  const pattern = p.node(K.match_pattern, p.start)
  p.attach(pattern, readPattern(p))
  if (p.accept(T.if)) p.attach(pattern, readCondition(p), F.condition)
  p.attach(arm, p.close(pattern), F.pattern)
  p.expect(T.fatArrow)
  if (startsBlock(p)) {
    let value = readBlockLike(p)
    const isMore = p.token === T.dot || p.token === T.question
    if (isMore) value = readOperators(p, readPostfix(p, value), ASSIGN, false)
    else if (continuesBlock(p)) p.fail()
    p.attach(arm, value, F.value)
    if (!p.accept(T.comma) && isMore && p.token !== T.closeBrace) p.fail()
    return p.close(arm)
  }
  p.attach(arm, readExpression(p), F.value)
  if (!p.accept(T.comma) && p.token !== T.closeBrace) p.fail()
  return p.close(arm)
}

/** An operator that no statement and no pattern begins with. */
function continuesBlock(p: Lexer): boolean {
  switch (p.token) {
    case T.as:
    case T.plus:
    case T.slash:
    case T.percent:
    case T.caret:
    case T.equals:
    case T.greater:
    case T.dotsEquals:
      return true
    case T.bang:
      return p.unitAfter() === 61
    case T.less:
      return p.unitAfter() === 61 || p.unitAfter() === 60
    case T.and:
      return p.unitAfter() === 38
    case T.or:
      return p.unitAfter() === 124
    default:
      return false
  }
}

export function readBlock(p: Lexer): number {
  return blockFrom(p, p.start, 0)
}

function blockFrom(p: Lexer, start: number, label: number): number {
  p.deeper()
  const block = p.node(K.block, start)
  if (label !== 0) p.attach(block, label)
  p.expect(T.openBrace)
  while (p.token !== T.closeBrace) p.attach(block, readStatement(p))
  p.next()
  p.level--
  return p.close(block)
}

/** A statement, or the expression at the end of a block. */
export function readStatement(p: Lexer): number {
  const { start } = p
  switch (p.token) {
    case T.semicolon:
      return p.leaf(K.empty_statement)
    case T.hash:
      return readAttribute(p)
    case T.let:
      return readLet(p)
    default:
  }
  if (isItemStart(p)) return readStatementItem(p)
  let value = 0
  if (startsBlock(p)) {
    const block = readBlockLike(p)
    if (p.token !== T.dot && p.token !== T.question) {
      if (continuesBlock(p)) p.fail()
      const statement = p.node(K.expression_statement, start)
      p.attach(statement, block)
      return p.close(statement)
    }
    value = readOperators(p, readPostfix(p, block), ASSIGN, false)
  } else value = readExpression(p)
  if (p.token === T.semicolon) {
    const statement = p.node(K.expression_statement, start)
    p.attach(statement, value)
    p.next()
    return p.close(statement)
  }
  if (p.token !== T.closeBrace && p.table.kinds[value] !== K.macro_invocation) p.fail()
  return value
}

function readLet(p: Lexer): number {
  const node = p.node(K.let_declaration, p.start)
  p.next()
  if (p.token === T.mut) p.attach(node, p.leaf(K.mutable_specifier))
  p.attach(node, readPattern(p), F.pattern)
  if (p.accept(T.colon)) p.attach(node, readType(p), F.type)
  if (p.accept(T.equals)) p.attach(node, readExpression(p), F.value)
  if (p.accept(T.else)) p.attach(node, readBlock(p), F.alternative)
  p.expect(T.semicolon)
  return p.close(node)
}

/** `#[..]` or `#![..]`; what stands in it is checked and forgotten. */
export function readAttribute(p: Lexer): number {
  const { start } = p
  p.next()
  const node = p.node(p.accept(T.bang) ? K.inner_attribute_item : K.attribute_item, start)
  p.expect(T.openSquare)
  if (p.token === T.unsafe) p.next()
  else {
    if (p.token === T.crate || p.token === T.self || p.token === T.super) p.next()
    else if (p.token !== T.colons) p.expect(T.identifier)
    while (p.accept(T.colons)) p.expect(T.identifier)
  }
  if (p.accept(T.equals)) readExpression(p)
  else if (p.token !== T.closeSquare) readTokenTree(p)
  p.expect(T.closeSquare)
  p.drop(node)
  return p.close(node)
}
