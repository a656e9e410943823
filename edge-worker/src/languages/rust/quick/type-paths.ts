import { F, K } from '../kinds.js'
import { readParameterTypes } from './function-types.js'
import type { Lexer } from './lexer.js'
import { readSegment } from './paths.js'
import { readTokenTree } from './token-trees.js'
import { isPrimitive, T } from './tokens.js'
import { readTypeArguments } from './type-arguments.js'
import { readPlainType, readType } from './types.js'

export function colonsAfter(p: Lexer): boolean {
  const at = p.text.indexOf(':', p.end)
  return p.text.charCodeAt(at + 1) === 58
}

/** A path in the place of a type, with what may follow it: generics, the parameters of `Fn(A) -> B`, a macro's tokens. */
export function readTypePath(p: Lexer): number {
  const { table } = p
  const { start } = p
  let path = 0
  let isGeneric = false
  if (p.token === T.less) {
    path = readBracketedType(p)
    if (p.token !== T.colons) p.fail()
  } else if (p.token !== T.colons) {
    const first = readFirstSegment(p)
    if (p.token !== T.colons) return finishType(p, asType(p, first))
    path = first
  }
  for (;;) {
    if (p.token !== T.colons) return p.fail()
    p.next()
    if (p.token === T.less) return p.fail()
    const isSuper = p.token === T.super
    if (!isSuper && p.token !== T.identifier) return p.fail()
    const name = p.leaf(isSuper ? K.super : K.identifier)
    const isLast = p.token !== T.colons || isSuper
    if (isSuper && p.token !== T.colons) return p.fail()
    const scoped = p.node(isLast && !isSuper ? K.scoped_type_identifier : K.scoped_identifier, start)
    if (path !== 0) p.attach(scoped, path, F.path)
    p.attach(scoped, name, F.name)
    p.close(scoped)
    if (isLast && !isSuper) {
      table.kinds[name] = K.type_identifier
      return finishType(p, scoped)
    }
    // A path through `A<B>::C::D` is none that the grammar knows.
    if (isGeneric) return p.fail()
    path = scoped
    isGeneric = false
  }
}

function readFirstSegment(p: Lexer): number {
  return p.token === T.underscore ? p.leaf(K.identifier) : readSegment(p)
}

function asType(p: Lexer, node: number): number {
  const { table, text } = p
  if (table.kinds[node] !== K.identifier) p.fail()
  const isKnown = isPrimitive(text, table.starts[node] as number, table.ends[node] as number)
  table.kinds[node] = isKnown ? K.primitive_type : K.type_identifier
  return node
}

/** What follows a type's last name. */
function finishType(p: Lexer, name: number): number {
  const { table } = p
  const start = table.starts[name] as number
  if (p.token === T.less) {
    if (table.kinds[name] === K.primitive_type) return name
    const generic = p.node(K.generic_type, start)
    p.attach(generic, name, F.type)
    p.attach(generic, readTypeArguments(p), F.type_arguments)
    p.close(generic)
    return p.token === T.colons ? continueGeneric(p, generic) : generic
  }
  if (p.token === T.open && table.kinds[name] !== K.primitive_type) {
    const type = p.node(K.function_type, start)
    p.attach(type, name, F.trait)
    p.attach(type, readParameterTypes(p), F.parameters)
    if (p.accept(T.arrow)) p.attach(type, readPlainType(p), F.return_type)
    return p.close(type)
  }
  if (p.token === T.bang && p.unitAfter() !== 61) {
    if (table.kinds[name] === K.scoped_type_identifier) table.kinds[name] = K.scoped_identifier
    else if (table.kinds[name] === K.type_identifier) table.kinds[name] = K.identifier
    else p.fail()
    const last = table.field(name, F.name)
    if (last !== 0) table.kinds[last] = K.identifier
    const macro = p.node(K.macro_invocation, start)
    p.attach(macro, name, F.macro)
    p.next()
    p.attach(macro, readTokenTree(p))
    return p.close(macro)
  }
  return name
}

/** `A<B>::C`. */
function continueGeneric(p: Lexer, path: number): number {
  p.next()
  if (p.token !== T.identifier) p.fail()
  const scoped = p.node(K.scoped_type_identifier, p.table.starts[path] as number)
  p.attach(scoped, path, F.path)
  p.attach(scoped, p.leaf(K.type_identifier), F.name)
  p.close(scoped)
  if (p.token === T.colons) p.fail()
  return finishType(p, scoped)
}

/** `<A>` or `<A as B>` at the head of a path. */
export function readBracketedType(p: Lexer): number {
  const bracketed = p.node(K.bracketed_type, p.start)
  p.expect(T.less)
  const type = readType(p)
  if (p.token === T.as) {
    const qualified = p.node(K.qualified_type, p.table.starts[type] as number)
    p.attach(qualified, type, F.type)
    p.next()
    p.attach(qualified, readType(p), F.alias)
    p.attach(bracketed, p.close(qualified))
  } else p.attach(bracketed, type)
  p.expect(T.greater)
  return p.close(bracketed)
}
