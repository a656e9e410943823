import { F, K } from '../kinds.js'
import { readAttributes } from './attributes.js'
import { readBinary, readExpression, readHead, readOperators } from './expressions.js'
import type { Lexer } from './lexer.js'
import { ASSIGN, COMPARE, continuesBlock } from './operators.js'
import { readPattern } from './patterns.js'
import { readPostfix } from './postfix.js'
import { readStatement } from './statements.js'
import { T } from './tokens.js'
import { readLabel } from './lifetimes.js'

/** Whether an expression that ends with a block begins here. */
export function startsBlock(p: Lexer): boolean {
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

export function readBlockLike(p: Lexer): number {
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
