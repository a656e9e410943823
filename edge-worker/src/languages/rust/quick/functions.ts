import { F, K } from '../kinds.js'
import { readAttribute } from './attributes.js'
import { readBlock } from './blocks.js'
import { beginItem, readGenerics, readItemWhere } from './item-parts.js'
import type { Lexer } from './lexer.js'
import { readPattern } from './patterns.js'
import { T } from './tokens.js'
import { readFunctionModifiers } from './function-types.js'
import { readLifetime } from './lifetimes.js'
import { readType } from './types.js'

export function readFunction(p: Lexer, start: number, visibility: number): number {
  const item = beginItem(p, K.function_item, start, visibility)
  if (p.token !== T.fn) p.attach(item, readFunctionModifiers(p))
  p.expect(T.fn)
  p.attach(item, p.identifier(), F.name)
  readGenerics(p, item)
  p.attach(item, readParameters(p), F.parameters)
  if (p.accept(T.arrow)) p.attach(item, readType(p), F.return_type)
  readItemWhere(p, item)
  if (p.accept(T.semicolon)) p.table.kinds[item] = K.function_signature_item
  else p.attach(item, readBlock(p), F.body)
  return p.close(item)
}

function readParameters(p: Lexer): number {
  const list = p.node(K.parameters, p.start)
  p.expect(T.open)
  while (p.token !== T.close) {
    if (p.token === T.hash) p.attach(list, readAttribute(p))
    p.attach(list, readParameter(p))
    if (!p.accept(T.comma)) break
  }
  p.expect(T.close)
  return p.close(list)
}

const SELF = /^(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?self\b(?!\s*:)/

function readParameter(p: Lexer): number {
  const { start } = p
  if ((p.token === T.and || p.token === T.mut || p.token === T.self) && SELF.test(p.text.slice(start, start + 64))) {
    const self = p.node(K.self_parameter, start)
    p.accept(T.and)
    if (p.token === T.lifetime) p.attach(self, readLifetime(p))
    if (p.token === T.mut) p.attach(self, p.leaf(K.mutable_specifier))
    if (p.token !== T.self) p.fail()
    p.attach(self, p.leaf(K.self))
    return p.close(self)
  }
  if (p.token === T.ellipsis) {
    const variadic = p.node(K.variadic_parameter, start)
    p.next()
    return p.close(variadic)
  }
  const parameter = p.node(K.parameter, start)
  if (p.token === T.mut) p.attach(parameter, p.leaf(K.mutable_specifier))
  p.attach(parameter, p.token === T.self ? p.leaf(K.self) : readPattern(p), F.pattern)
  p.expect(T.colon)
  if (p.token === T.ellipsis) p.fail()
  p.attach(parameter, readType(p), F.type)
  return p.close(parameter)
}
