import type { Lexer } from './lexer.js'
import { T } from './tokens.js'

/** How tightly the grammar's operators bind. */
export const ASSIGN = 0
export const RANGE = 1
const OR = 2
export const AND = 3
export const COMPARE = 4
export const CAST = 11

/** How tightly the operator under the cursor binds, -1 when it is none. */
export function bindingOf(p: Lexer): number {
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

export function lengthOf(p: Lexer, binding: number): number {
  const after = p.unitAfter()
  if (binding === ASSIGN) return p.token === T.equals ? 1 : after === 61 ? 2 : 3
  if (binding === AND || binding === OR) return 2
  if (binding === COMPARE) return after === 61 ? 2 : 1
  return binding === 8 ? 2 : 1
}

/** After `..`: what cannot begin an operand, or is taken for an operator between the range and what follows. */
export function endsRange(p: Lexer, isHead: boolean): boolean {
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

export const OPERATORS = new Set([T.open, T.openSquare, T.star, T.minus, T.and, T.or, T.less])

/** After `return` and `break`. */
export function startsOperand(p: Lexer, isHead: boolean): boolean {
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

/** An operator that no statement and no pattern begins with. */
export function continuesBlock(p: Lexer): boolean {
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
