import { F, K } from '../kinds.js'
import type { Lexer } from './lexer.js'
import { isSegment, readPath, scoped } from './paths.js'
import { T } from './tokens.js'

export function readUse(p: Lexer): number {
  p.deeper()
  const node = use(p)
  p.level--
  return node
}

function use(p: Lexer): number {
  const { start } = p
  if (p.token === T.openBrace) return readUseList(p)
  if (p.token === T.star) {
    const wildcard = p.node(K.use_wildcard, start)
    p.next()
    return p.close(wildcard)
  }
  let path = 0
  if (p.token === T.colons) {
    if (isSegment(p)) {
      p.next()
      path = scoped(p, 0, start)
      while (p.token === T.colons && isSegment(p)) {
        p.next()
        path = scoped(p, path, start)
      }
    }
  } else path = readPath(p)
  if (p.token === T.colons) {
    p.next()
    if (p.token === T.star) {
      const wildcard = p.node(K.use_wildcard, start)
      if (path !== 0) p.attach(wildcard, path)
      p.next()
      return p.close(wildcard)
    }
    const list = p.node(K.scoped_use_list, start)
    if (path !== 0) p.attach(list, path, F.path)
    p.attach(list, readUseList(p), F.list)
    return p.close(list)
  }
  if (p.token !== T.as) return path
  const clause = p.node(K.use_as_clause, start)
  p.attach(clause, path, F.path)
  p.next()
  p.attach(clause, p.token === T.underscore ? p.leaf(K.identifier) : p.identifier(), F.alias)
  return p.close(clause)
}

function readUseList(p: Lexer): number {
  const list = p.node(K.use_list, p.start)
  p.expect(T.openBrace)
  while (p.token !== T.closeBrace) {
    p.attach(list, readUse(p))
    if (!p.accept(T.comma)) break
  }
  p.expect(T.closeBrace)
  return p.close(list)
}
