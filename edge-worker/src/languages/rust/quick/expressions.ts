import { F, K } from '../kinds.js'
import { readBlockLike, startsBlock } from './blocks.js'
import { readClosure } from './closures.js'
import type { Lexer } from './lexer.js'
import { readPrimary } from './operands.js'
import { AND, ASSIGN, bindingOf, CAST, endsRange, lengthOf, OPERATORS, RANGE, startsOperand } from './operators.js'
import { readPostfix } from './postfix.js'
import { T } from './tokens.js'
import { readLabel } from './lifetimes.js'
import { readPlainType } from './types.js'

export function readExpression(p: Lexer): number {
  return readBinary(p, ASSIGN, false)
}

/** An expression that a block follows, in which `A {` is no struct. */
export function readHead(p: Lexer): number {
  return readBinary(p, ASSIGN, true)
}

export function readBinary(p: Lexer, least: number, isHead: boolean): number {
  p.deeper()
  const left = p.token === T.dots || p.token === T.dotsEquals ? readOpenRange(p, least, isHead) : readPrefix(p, isHead)
  const whole = readOperators(p, left, least, isHead)
  p.level--
  return whole
}

/** The operators after an operand. */
export function readOperators(p: Lexer, operand: number, least: number, isHead: boolean): number {
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

/** The operand of a prefix operator, one level deeper. */
function readOperand(p: Lexer, isHead: boolean): number {
  p.deeper()
  const operand = readPrefix(p, isHead)
  p.level--
  return operand
}
