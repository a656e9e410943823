import { F, K } from '../kinds.js'
import { readAttributes } from './attributes.js'
import { readExpression } from './expressions.js'
import type { Lexer } from './lexer.js'
import { T } from './tokens.js'
import { readTypeArguments } from './type-arguments.js'

/** What may follow an operand without a space: fields, calls, indices, question marks. */
export function readPostfix(p: Lexer, operand: number): number {
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
  return withTypeArguments(p, field, K.generic_function, F.function)
}

/** Type arguments after `::`. */
export function withTypeArguments(p: Lexer, of: number, kind: number, field: number): number {
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
