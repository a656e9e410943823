import { F, K } from '../kinds.js'
import type { Lexer } from './lexer.js'
import { readPattern } from './patterns.js'
import { T } from './tokens.js'
import { colonsAfter } from './type-paths.js'
import { readPlainType, readType } from './types.js'

/** From `fn` or its modifiers on; the node may hold lifetimes already. */
export function readFunctionType(p: Lexer, type: number): number {
  if (p.token === T.unsafe || p.token === T.extern) p.attach(type, readFunctionModifiers(p))
  p.expect(T.fn)
  p.attach(type, readParameterTypes(p), F.parameters)
  if (p.accept(T.arrow)) p.attach(type, readPlainType(p), F.return_type)
  return p.close(type)
}

/** `async`, `const`, `unsafe`, `extern "C"`: at least one. */
export function readFunctionModifiers(p: Lexer): number {
  const modifiers = p.node(K.function_modifiers, p.start)
  for (;;) {
    if (p.token === T.extern) p.attach(modifiers, readExternModifier(p))
    else if (p.token === T.async || p.token === T.const || p.token === T.unsafe || p.is('default')) p.next()
    else return p.close(modifiers)
  }
}

export function readExternModifier(p: Lexer): number {
  const modifier = p.node(K.extern_modifier, p.start)
  p.expect(T.extern)
  if (p.token === T.string) p.attach(modifier, p.leaf(K.string_literal))
  else if (p.token === T.rawString) p.fail()
  return p.close(modifier)
}

/** Parameters of a function's type: types, which may have names. */
export function readParameterTypes(p: Lexer): number {
  const list = p.node(K.parameters, p.start)
  p.expect(T.open)
  while (p.token !== T.close) {
    if (p.token === T.hash) p.fail()
    if (p.token === T.ellipsis) {
      const variadic = p.node(K.variadic_parameter, p.start)
      p.next()
      p.attach(list, p.close(variadic))
    } else if ((p.token === T.identifier || p.token === T.underscore) && p.peek() === 58 && !colonsAfter(p)) {
      const parameter = p.node(K.parameter, p.start)
      p.attach(parameter, readPattern(p), F.pattern)
      p.expect(T.colon)
      p.attach(parameter, readType(p), F.type)
      p.attach(list, p.close(parameter))
    } else if (p.token === T.underscore) p.attach(list, p.leaf(K._))
    else p.attach(list, readType(p))
    if (!p.accept(T.comma)) break
  }
  p.expect(T.close)
  return p.close(list)
}
