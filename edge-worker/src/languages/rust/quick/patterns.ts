import { F, K } from '../kinds.js'
import type { Lexer } from './lexer.js'
import { readLiteral } from './literals.js'
import { readTokenTree } from './token-trees.js'
import { T } from './tokens.js'

/** A pattern with its alternatives. */
export function readPattern(p: Lexer): number {
  let pattern = 0
  if (p.token === T.or) {
    const or = p.node(K.or_pattern, p.start)
    p.next()
    p.attach(or, readOnePattern(p))
    pattern = p.close(or)
  } else pattern = readOnePattern(p)
  while (p.token === T.or) {
    const or = p.node(K.or_pattern, p.table.starts[pattern] as number)
    p.attach(or, pattern)
    p.next()
    p.attach(or, readOnePattern(p))
    pattern = p.close(or)
  }
  return pattern
}

/** A pattern up to a `|`. */
export function readOnePattern(p: Lexer): number {
  p.deeper()
  const pattern = onePattern(p)
  p.level--
  return pattern
}

function onePattern(p: Lexer): number {
  const { start } = p
  switch (p.token) {
    case T.underscore:
      return p.leaf(K._)
    case T.dots:
      p.next()
      if (!endsPattern(p)) p.fail()
      return p.close(p.node(K.remaining_field_pattern, start))
    case T.and: {
      const reference = p.node(K.reference_pattern, start)
      p.next()
      if (p.token === T.mut) p.attach(reference, p.leaf(K.mutable_specifier))
      p.attach(reference, readOnePattern(p))
      return p.close(reference)
    }
    case T.ref: {
      const ref = p.node(K.ref_pattern, start)
      p.next()
      p.attach(ref, readOnePattern(p))
      return p.close(ref)
    }
    case T.mut: {
      const mut = p.node(K.mut_pattern, start)
      p.attach(mut, p.leaf(K.mutable_specifier))
      p.attach(mut, readOnePattern(p))
      return p.close(mut)
    }
    case T.open:
      return readPatterns(p, K.tuple_pattern, T.close)
    case T.openSquare:
      return readPatterns(p, K.slice_pattern, T.closeSquare)
    case T.string:
    case T.rawString:
    case T.char:
    case T.true:
    case T.false:
    case T.integer:
    case T.float:
    case T.minus:
      return readRange(p, readSignedLiteral(p))
    case T.identifier:
    case T.crate:
    case T.self:
    case T.super:
    case T.colons:
      return readNamed(p)
    default:
      return p.fail()
  }
}

function endsPattern(p: Lexer): boolean {
  return p.token === T.comma || p.token === T.close || p.token === T.closeSquare || p.token === T.closeBrace || p.token === T.or
}

function readPatterns(p: Lexer, kind: number, closing: number): number {
  const list = p.node(kind, p.start)
  p.next()
  readUntil(p, list, closing)
  return p.close(list)
}

function readUntil(p: Lexer, list: number, closing: number): void {
  while (p.token !== closing) {
    p.attach(list, readPattern(p))
    if (!p.accept(T.comma)) break
  }
  p.expect(closing)
}

function readSignedLiteral(p: Lexer): number {
  if (p.token !== T.minus) return readLiteral(p)
  const negative = p.node(K.negative_literal, p.start)
  p.next()
  if (p.token !== T.integer && p.token !== T.float) p.fail()
  p.attach(negative, readLiteral(p))
  return p.close(negative)
}

/** `1..=2`, `A..`; the left end was read. */
function readRange(p: Lexer, left: number): number {
  if (p.token !== T.dots && p.token !== T.dotsEquals && p.token !== T.ellipsis) return left
  const range = p.node(K.range_pattern, p.table.starts[left] as number)
  p.attach(range, left, F.left)
  const isOpen = p.token === T.dots
  p.next()
  if (p.token === T.identifier || p.token === T.crate || p.token === T.self || p.token === T.super) {
    p.attach(range, readPatternPath(p), F.right)
  } else if (isRangeEnd(p)) p.attach(range, readSignedLiteral(p), F.right)
  else if (!isOpen) p.fail()
  return p.close(range)
}

function isRangeEnd(p: Lexer): boolean {
  return p.token === T.integer || p.token === T.char || p.token === T.float || p.token === T.minus
}

function readPatternPath(p: Lexer): number {
  const { start } = p
  let path = 0
  if (p.token === T.crate) path = p.leaf(K.crate)
  else if (p.token === T.self) path = p.leaf(K.self)
  else if (p.token === T.super) path = p.leaf(K.super)
  else if (p.token !== T.colons) path = p.identifier()
  while (p.token === T.colons) {
    const scoped = p.node(K.scoped_identifier, start)
    if (path !== 0) p.attach(scoped, path, F.path)
    p.next()
    p.attach(scoped, p.token === T.super ? p.leaf(K.super) : p.identifier(), F.name)
    path = p.close(scoped)
  }
  return path
}

/** A pattern that begins with a name. */
function readNamed(p: Lexer): number {
  const { table } = p
  const { start } = p
  const name = readPatternPath(p)
  const kind = table.kinds[name]
  if (kind !== K.identifier && kind !== K.scoped_identifier) p.fail()
  switch (p.token) {
    case T.open: {
      const tuple = p.node(K.tuple_struct_pattern, start)
      p.attach(tuple, name, F.type)
      p.next()
      readUntil(p, tuple, T.close)
      return p.close(tuple)
    }
    case T.openBrace: {
      const struct = p.node(K.struct_pattern, start)
      asTypeName(p, name)
      p.attach(struct, name, F.type)
      p.next()
      readFields(p, struct)
      return p.close(struct)
    }
    case T.at: {
      if (kind !== K.identifier) p.fail()
      const captured = p.node(K.captured_pattern, start)
      p.attach(captured, name)
      p.next()
      p.attach(captured, readOnePattern(p))
      return p.close(captured)
    }
    case T.bang: {
      const macro = p.node(K.macro_invocation, start)
      p.attach(macro, name, F.macro)
      p.next()
      p.attach(macro, readTokenTree(p))
      return p.close(macro)
    }
    default:
      return readRange(p, name)
  }
}

/** A name of a value becomes that of a type. */
export function asTypeName(p: Lexer, name: number): void {
  const { table } = p
  if (table.kinds[name] === K.identifier) table.kinds[name] = K.type_identifier
  else {
    const last = table.field(name, F.name)
    if (table.kinds[name] !== K.scoped_identifier || table.kinds[last] !== K.identifier) p.fail()
    table.kinds[name] = K.scoped_type_identifier
    table.kinds[last] = K.type_identifier
  }
}

function readFields(p: Lexer, struct: number): void {
  while (p.token !== T.closeBrace) {
    const { start } = p
    if (p.token === T.dots) p.attach(struct, p.leaf(K.remaining_field_pattern))
    else {
      const field = p.node(K.field_pattern, start)
      p.accept(T.ref)
      if (p.token === T.mut) p.attach(field, p.leaf(K.mutable_specifier))
      const name = p.identifier(K.shorthand_field_identifier)
      p.attach(field, name, F.name)
      if (p.token === T.colon) {
        p.table.kinds[name] = K.field_identifier
        p.next()
        p.attach(field, readPattern(p), F.pattern)
      }
      p.attach(struct, p.close(field))
    }
    if (!p.accept(T.comma)) break
  }
  p.expect(T.closeBrace)
}
