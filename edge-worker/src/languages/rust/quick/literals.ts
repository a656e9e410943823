import { K } from '../kinds.js'
import type { Lexer } from './lexer.js'
import { T } from './tokens.js'

/** A literal without a sign. */
export function readLiteral(p: Lexer): number {
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
    default:
      return p.fail()
  }
}
