import { K } from '../kinds.js'
import type { Lexer } from './lexer.js'
import { T } from './tokens.js'

export function readLifetime(p: Lexer): number {
  if (p.token !== T.lifetime) p.fail()
  return quoted(p, K.lifetime)
}

export function readLabel(p: Lexer): number {
  return quoted(p, K.label)
}

function quoted(p: Lexer, kind: number): number {
  const node = p.node(kind, p.start)
  const name = p.node(K.identifier, p.start + 1)
  p.table.ends[name] = p.end
  p.attach(node, name)
  p.next()
  return p.close(node)
}

export function readForLifetimes(p: Lexer): number {
  const node = p.node(K.for_lifetimes, p.start)
  p.expect(T.for)
  p.expect(T.less)
  while (p.token === T.lifetime) {
    p.attach(node, readLifetime(p))
    if (!p.accept(T.comma)) break
  }
  p.expect(T.greater)
  return p.close(node)
}
