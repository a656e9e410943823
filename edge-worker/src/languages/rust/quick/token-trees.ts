import { K } from '../kinds.js'
import type { Lexer } from './lexer.js'
import { isPrimitive, T } from './tokens.js'

/** Words that stand in a token tree as themselves; any other is an identifier there. */
const ANONYMOUS = new Set<number>([
  T.as,
  T.async,
  T.await,
  T.break,
  T.const,
  T.continue,
  T.enum,
  T.fn,
  T.for,
  T.if,
  T.impl,
  T.let,
  T.loop,
  T.match,
  T.mod,
  T.pub,
  T.return,
  T.static,
  T.struct,
  T.trait,
  T.type,
  T.unsafe,
  T.use,
  T.where,
  T.while,
])
/** No tokens of Rust, and of the grammar neither. */
const BACKSLASH = 92
const BACKTICK = 96
const TILDE = 126

const ANONYMOUS_WORDS = new Set(['default', 'gen', 'union'])

/** The tokens of a macro call with their brackets. Only a long tree's tokens become nodes, for places to cut. */
export function readTokenTree(p: Lexer): number {
  return readTree(p, false)
}

/** As `readTokenTree`, for the right side of a macro's rule, where `$x` and `$(..)*` have a meaning. */
export function readRuleTree(p: Lexer): number {
  return readTree(p, true)
}

function readTree(p: Lexer, inRule: boolean): number {
  p.deeper()
  const tree = p.node(K.token_tree, p.start)
  const closing = closingOf(p)
  p.next()
  readTokens(p, tree, closing, inRule)
  p.level--
  return p.closeLong(tree)
}

function closingOf(p: Lexer): number {
  if (p.token === T.open) return T.close
  if (p.token === T.openSquare) return T.closeSquare
  if (p.token === T.openBrace) return T.closeBrace
  return p.fail()
}

/** Up to the closing bracket, which is passed. */
function readTokens(p: Lexer, tree: number, closing: number, inRule: boolean): void {
  for (;;) {
    switch (p.token) {
      case closing:
        p.next()
        return
      case T.end:
      case T.close:
      case T.closeSquare:
      case T.closeBrace:
        return p.fail()
      case T.open:
      case T.openSquare:
      case T.openBrace:
        p.attach(tree, readTree(p, inRule))
        break
      case T.dollar:
        if (inRule) p.attach(tree, readDollar(p))
        else p.next()
        break
      case T.lifetime:
        readLifetimeTokens(p, tree)
        break
      default: {
        const kind = kindOf(p)
        if (kind === K.other) p.next()
        else p.attach(tree, p.leaf(kind))
      }
    }
  }
}

/** `$x` or `$(..)*`. */
function readDollar(p: Lexer): number {
  const { start } = p
  p.next()
  if (p.token === T.open) {
    const repetition = p.node(K.token_repetition, start)
    p.next()
    readTokens(p, repetition, T.close, true)
    for (let tokens = 0; p.token !== T.star && p.token !== T.plus && p.token !== T.question; tokens++) {
      if (tokens === 3 || p.token === T.end) p.fail()
      p.next()
    }
    p.next()
    return p.closeLong(repetition)
  }
  if (p.token < T.identifier || p.start !== start + 1) p.fail()
  const variable = p.node(K.metavariable, start)
  p.next()
  return p.close(variable)
}

/** The quote of a lifetime is a token by itself here, and so is its name. */
function readLifetimeTokens(p: Lexer, tree: number): void {
  const token = p.wordAt(p.start + 1)
  const isWord = token === T.identifier && !ANONYMOUS_WORDS.has(p.text.slice(p.start + 1, p.end))
  const kind = token === T.underscore ? K._ : isWord || (token >= T.as && !ANONYMOUS.has(token)) ? K.identifier : K.other
  if (kind === K.other) return p.next()
  const name = p.node(kind, p.start + 1)
  p.next()
  p.attach(tree, p.close(name))
}

/** The node that a token is here, `K.other` when it is none. */
function kindOf(p: Lexer): number {
  switch (p.token) {
    case T.identifier:
      if (isPrimitive(p.text, p.start, p.end)) return K.primitive_type
      return ANONYMOUS_WORDS.has(p.text.slice(p.start, p.end)) ? K.other : K.identifier
    case T.underscore:
      return K._
    case T.integer:
      return K.integer_literal
    case T.float:
      return K.float_literal
    case T.string:
      return K.string_literal
    case T.rawString:
      return K.raw_string_literal
    case T.char:
      return K.char_literal
    case T.true:
    case T.false:
      return K.boolean_literal
    case T.self:
      return K.self
    case T.super:
      return K.super
    case T.crate:
      return K.crate
    case T.mut:
      return K.mutable_specifier
    case BACKTICK:
    case BACKSLASH:
    case TILDE:
      return p.fail()
    default:
      return p.token >= T.as && !ANONYMOUS.has(p.token) ? K.identifier : K.other
  }
}
