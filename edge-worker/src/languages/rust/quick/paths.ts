import { F, K } from '../kinds.js'
import type { Lexer } from './lexer.js'
import { T } from './tokens.js'

export function readVisibility(p: Lexer): number {
  const node = p.node(K.visibility_modifier, p.start)
  p.next()
  if (p.token !== T.open) return p.close(node)
  const isScope = /^\s*(?:(?:crate|self|super)\s*\)|in\s)/.test(p.text.slice(p.end, p.end + 32))
  if (!isScope) return p.close(node)
  p.next()
  if (p.accept(T.in)) p.attach(node, readPath(p))
  else p.attach(node, p.leaf(p.token === T.crate ? K.crate : p.token === T.self ? K.self : K.super))
  p.expect(T.close)
  return p.close(node)
}

/** A path of a `use` or of a scope. */
export function readPath(p: Lexer): number {
  const { start } = p
  let path = readSegment(p)
  while (p.token === T.colons && isSegment(p)) {
    p.next()
    path = scoped(p, path, start)
  }
  return path
}

export function scoped(p: Lexer, path: number, start: number): number {
  const node = p.node(K.scoped_identifier, start)
  if (path !== 0) p.attach(node, path, F.path)
  p.attach(node, p.token === T.super ? p.leaf(K.super) : p.token === T.self ? p.fail() : p.identifier(), F.name)
  return p.close(node)
}

export function isSegment(p: Lexer): boolean {
  const unit = p.peek()
  return unit !== 123 && unit !== 42
}

/** A name, or one of the words that a path may have instead. */
export function readSegment(p: Lexer): number {
  switch (p.token) {
    case T.crate:
      return p.leaf(K.crate)
    case T.self:
      return p.leaf(K.self)
    case T.super:
      return p.leaf(K.super)
    default:
      return p.identifier()
  }
}
