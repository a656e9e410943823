import { F, K } from '../kinds.js'
import { readBlock } from './blocks.js'
import { readBinary } from './expressions.js'
import type { Lexer } from './lexer.js'
import { ASSIGN } from './operators.js'
import { readOnePattern } from './patterns.js'
import { T } from './tokens.js'
import { readType } from './types.js'

export function readClosure(p: Lexer, start: number, isHead: boolean): number {
  const closure = p.node(K.closure_expression, start)
  p.accept(T.async)
  p.accept(T.move)
  const parameters = p.node(K.closure_parameters, p.start)
  p.expect(T.or)
  while (p.token !== T.or) {
    const first = p.start
    let specifier = 0
    let pattern = 0
    if (p.token === T.mut) {
      specifier = p.leaf(K.mutable_specifier)
      pattern = readOnePattern(p)
      if (p.token !== T.colon) {
        const mut = p.node(K.mut_pattern, first)
        p.attach(mut, specifier)
        p.attach(mut, pattern)
        pattern = p.close(mut)
      }
    } else pattern = readOnePattern(p)
    if (p.token === T.colon) {
      const parameter = p.node(K.parameter, first)
      if (specifier !== 0) p.attach(parameter, specifier)
      p.attach(parameter, pattern, F.pattern)
      p.next()
      p.attach(parameter, readType(p), F.type)
      p.attach(parameters, p.close(parameter))
    } else p.attach(parameters, pattern)
    if (!p.accept(T.comma)) break
  }
  p.expect(T.or)
  p.attach(closure, p.close(parameters), F.parameters)
  if (p.accept(T.arrow)) {
    p.attach(closure, readType(p), F.return_type)
    p.attach(closure, readBlock(p), F.body)
  } else p.attach(closure, readBinary(p, ASSIGN, isHead), F.body)
  return p.close(closure)
}
