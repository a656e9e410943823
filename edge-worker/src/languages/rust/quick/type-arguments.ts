import { F, K } from '../kinds.js'
import { readBlock } from './blocks.js'
import type { Lexer } from './lexer.js'
import { readLifetime } from './lifetimes.js'
import { T } from './tokens.js'
import { readBounds } from './type-parameters.js'
import { readType } from './types.js'

export function readTypeArguments(p: Lexer): number {
  const { table } = p
  const list = p.node(K.type_arguments, p.start)
  p.expect(T.less)
  // The grammar knows no empty ones.
  if (p.token === T.greater) p.fail()
  while (p.token !== T.greater) {
    switch (p.token) {
      case T.lifetime:
        p.attach(list, readLifetime(p))
        break
      case T.openBrace:
      case T.integer:
      case T.char:
      case T.string:
      case T.true:
      case T.false:
        p.attach(list, readConstant(p))
        break
      default: {
        const type = readType(p)
        if (p.token === T.equals) {
          const binding = p.node(K.type_binding, table.starts[type] as number)
          if (table.kinds[type] === K.generic_type) {
            const name = table.field(type, F.type)
            const own = table.field(type, F.type_arguments)
            if (table.kinds[name] !== K.type_identifier) p.fail()
            table.nexts[name] = 0
            p.attach(binding, name, F.name)
            p.attach(binding, own, F.type_arguments)
          } else if (table.kinds[type] === K.type_identifier) p.attach(binding, type, F.name)
          else p.fail()
          p.next()
          p.attach(binding, readType(p), F.type)
          p.attach(list, p.close(binding))
        } else p.attach(list, type)
        if (p.token === T.colon) p.attach(list, readBounds(p))
      }
    }
    if (!p.accept(T.comma)) break
  }
  p.expect(T.greater)
  return p.close(list)
}

/** A constant in the place of a type. */
export function readConstant(p: Lexer): number {
  switch (p.token) {
    case T.openBrace:
      return readBlock(p)
    case T.integer:
      return p.leaf(K.integer_literal)
    case T.char:
      return p.leaf(K.char_literal)
    case T.string:
      return p.leaf(K.string_literal)
    case T.true:
    case T.false:
      return p.leaf(K.boolean_literal)
    default:
      return p.identifier()
  }
}
