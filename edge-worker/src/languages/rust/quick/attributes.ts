import { K } from '../kinds.js'
import { readExpression } from './expressions.js'
import type { Lexer } from './lexer.js'
import { readTokenTree } from './token-trees.js'
import { T } from './tokens.js'

export function readAttributes(p: Lexer, node: number): void {
  while (p.token === T.hash) p.attach(node, readAttribute(p))
}

/** `#[..]` or `#![..]`; what stands in it is checked and forgotten. */
export function readAttribute(p: Lexer): number {
  const { start } = p
  p.next()
  const node = p.node(p.accept(T.bang) ? K.inner_attribute_item : K.attribute_item, start)
  p.expect(T.openSquare)
  if (p.token === T.unsafe) p.next()
  else {
    if (p.token === T.crate || p.token === T.self || p.token === T.super) p.next()
    else if (p.token !== T.colons) p.expect(T.identifier)
    while (p.accept(T.colons)) p.expect(T.identifier)
  }
  if (p.accept(T.equals)) readExpression(p)
  else if (p.token !== T.closeSquare) readTokenTree(p)
  p.expect(T.closeSquare)
  p.drop(node)
  return p.close(node)
}
