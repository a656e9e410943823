import { F, K } from '../kinds.js'
import { readAttribute } from './attributes.js'
import { readBlock, readBlockLike, startsBlock } from './blocks.js'
import { readExpression, readOperators } from './expressions.js'
import { isItemStart, readStatementItem } from './items.js'
import type { Lexer } from './lexer.js'
import { ASSIGN, continuesBlock } from './operators.js'
import { readPattern } from './patterns.js'
import { readPostfix } from './postfix.js'
import { T } from './tokens.js'
import { readType } from './types.js'

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
