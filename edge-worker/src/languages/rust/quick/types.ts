import { F, K } from '../kinds.js'
import { readBlock, readExpression } from './expressions.js'
import type { Lexer } from './lexer.js'
import { readPattern } from './patterns.js'
import { isPrimitive, T } from './tokens.js'
import { readTokenTree } from './token-trees.js'

/** A type with all its bounds: `dyn A + Send`. */
export function readType(p: Lexer): number {
  let type = readPlainType(p)
  while (p.token === T.plus && p.unitAfter() !== 61) {
    const bounded = p.node(K.bounded_type, p.table.starts[type] as number)
    p.attach(bounded, type)
    p.next()
    p.attach(bounded, p.token === T.lifetime ? readLifetime(p) : readPlainType(p))
    type = p.close(bounded)
  }
  return type
}

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

/** A type up to a `+`. */
export function readPlainType(p: Lexer): number {
  p.deeper()
  const type = plainType(p)
  p.level--
  return type
}

function plainType(p: Lexer): number {
  const { start } = p
  switch (p.token) {
    case T.identifier:
    case T.underscore:
    case T.colons:
    case T.less:
    case T.crate:
    case T.self:
    case T.super:
      return readTypePath(p)
    case T.open:
      return readTupleType(p)
    case T.openSquare: {
      const array = p.node(K.array_type, start)
      p.next()
      p.attach(array, readType(p), F.element)
      if (p.accept(T.semicolon)) p.attach(array, readExpression(p))
      p.expect(T.closeSquare)
      return p.close(array)
    }
    case T.and: {
      const reference = p.node(K.reference_type, start)
      p.next()
      if (p.token === T.lifetime) p.attach(reference, readLifetime(p))
      if (p.token === T.mut) p.attach(reference, p.leaf(K.mutable_specifier))
      p.attach(reference, readPlainType(p), F.type)
      return p.close(reference)
    }
    case T.star: {
      const pointer = p.node(K.pointer_type, start)
      p.next()
      if (p.token === T.mut) p.attach(pointer, p.leaf(K.mutable_specifier))
      else p.expect(T.const)
      p.attach(pointer, readPlainType(p), F.type)
      return p.close(pointer)
    }
    case T.bang:
      return p.leaf(K.never_type)
    case T.question: {
      const removed = p.node(K.removed_trait_bound, start)
      p.next()
      p.attach(removed, readPlainType(p))
      return p.close(removed)
    }
    case T.dyn: {
      const dynamic = p.node(K.dynamic_type, start)
      p.next()
      p.attach(dynamic, p.token === T.for ? readHigherRanked(p) : readTrait(p), F.trait)
      return p.close(dynamic)
    }
    case T.impl: {
      const abstract = p.node(K.abstract_type, start)
      p.next()
      if (p.accept(T.for)) p.attach(abstract, readTypeParameters(p))
      p.attach(abstract, readTrait(p), F.trait)
      return p.close(abstract)
    }
    case T.for: {
      const lifetimes = readForLifetimes(p)
      const type = p.node(K.function_type, start)
      p.attach(type, lifetimes)
      return readFunctionType(p, type)
    }
    case T.fn:
    case T.unsafe:
    case T.extern:
      return readFunctionType(p, p.node(K.function_type, start))
    default:
      return p.fail()
  }
}

/** After `dyn` and `impl`. */
function readTrait(p: Lexer): number {
  const trait = readPlainType(p)
  if (!TRAITS.has(p.table.kinds[trait] as number)) p.fail()
  return trait
}

const TRAITS = new Set<number>([
  K.type_identifier,
  K.scoped_type_identifier,
  K.generic_type,
  K.function_type,
  K.tuple_type,
  K.removed_trait_bound,
])

function readTupleType(p: Lexer): number {
  const { start } = p
  p.next()
  if (p.token === T.close) {
    const unit = p.node(K.unit_type, start)
    p.next()
    return p.close(unit)
  }
  const tuple = p.node(K.tuple_type, start)
  for (;;) {
    p.attach(tuple, readType(p))
    if (!p.accept(T.comma)) break
    if (p.token === T.close) break
  }
  p.expect(T.close)
  return p.close(tuple)
}

/** `for<'a> Fn(&'a A)` in a bound. */
export function readHigherRanked(p: Lexer): number {
  const bound = p.node(K.higher_ranked_trait_bound, p.start)
  p.expect(T.for)
  p.attach(bound, readTypeParameters(p), F.type_parameters)
  p.attach(bound, readPlainType(p), F.type)
  return p.close(bound)
}

function readForLifetimes(p: Lexer): number {
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

/** From `fn` or its modifiers on; the node may hold lifetimes already. */
function readFunctionType(p: Lexer, type: number): number {
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
function readParameterTypes(p: Lexer): number {
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

function colonsAfter(p: Lexer): boolean {
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
  switch (p.token) {
    case T.crate:
      return p.leaf(K.crate)
    case T.self:
      return p.leaf(K.self)
    case T.super:
      return p.leaf(K.super)
    case T.underscore:
      return p.leaf(K.identifier)
    default:
      return p.identifier()
  }
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

export function readTypeArguments(p: Lexer): number {
  const { table } = p
  const list = p.node(K.type_arguments, p.start)
  p.expect(T.less)
  // The grammar knows no empty ones.
  if (p.token === T.greater) p.fail()
  while (p.token !== T.greater) {
    switch (p.token) {
      case T.lifetime:
        p.attach(list, readLifetime(p))
        break
      case T.openBrace:
      case T.integer:
      case T.char:
      case T.string:
      case T.true:
      case T.false:
        p.attach(list, readConstant(p))
        break
      default: {
        const type = readType(p)
        if (p.token === T.equals) {
          const binding = p.node(K.type_binding, table.starts[type] as number)
          if (table.kinds[type] === K.generic_type) {
            const name = table.field(type, F.type)
            const own = table.field(type, F.type_arguments)
            if (table.kinds[name] !== K.type_identifier) p.fail()
            table.nexts[name] = 0
            p.attach(binding, name, F.name)
            p.attach(binding, own, F.type_arguments)
          } else if (table.kinds[type] === K.type_identifier) p.attach(binding, type, F.name)
          else p.fail()
          p.next()
          p.attach(binding, readType(p), F.type)
          p.attach(list, p.close(binding))
        } else p.attach(list, type)
        if (p.token === T.colon) p.attach(list, readBounds(p))
      }
    }
    if (!p.accept(T.comma)) break
  }
  p.expect(T.greater)
  return p.close(list)
}

/** A constant in the place of a type. */
function readConstant(p: Lexer): number {
  switch (p.token) {
    case T.openBrace:
      return readBlock(p)
    case T.integer:
      return p.leaf(K.integer_literal)
    case T.char:
      return p.leaf(K.char_literal)
    case T.string:
      return p.leaf(K.string_literal)
    case T.true:
    case T.false:
      return p.leaf(K.boolean_literal)
    default:
      return p.identifier()
  }
}

/** From the colon on. */
export function readBounds(p: Lexer): number {
  const bounds = p.node(K.trait_bounds, p.start)
  p.expect(T.colon)
  for (;;) {
    if (p.token === T.lifetime) p.attach(bounds, readLifetime(p))
    else if (p.token === T.for) p.attach(bounds, readHigherRanked(p))
    else p.attach(bounds, readPlainType(p))
    if (!p.accept(T.plus)) return p.close(bounds)
  }
}

export function readTypeParameters(p: Lexer): number {
  const list = p.node(K.type_parameters, p.start)
  p.expect(T.less)
  // The grammar knows no empty ones.
  if (p.token === T.greater) p.fail()
  while (p.token !== T.greater) {
    const { start } = p
    if (p.token === T.lifetime) {
      const parameter = p.node(K.lifetime_parameter, start)
      p.attach(parameter, readLifetime(p), F.name)
      if (p.token === T.colon) p.attach(parameter, readBounds(p), F.bounds)
      p.attach(list, p.close(parameter))
    } else if (p.token === T.const) {
      const parameter = p.node(K.const_parameter, start)
      p.next()
      p.attach(parameter, p.identifier(), F.name)
      p.expect(T.colon)
      p.attach(parameter, readType(p), F.type)
      if (p.accept(T.equals)) p.attach(parameter, readConstant(p), F.value)
      p.attach(list, p.close(parameter))
    } else {
      const parameter = p.node(K.type_parameter, start)
      p.attach(parameter, p.identifier(K.type_identifier), F.name)
      if (p.token === T.colon) p.attach(parameter, readBounds(p), F.bounds)
      if (p.accept(T.equals)) p.attach(parameter, readType(p), F.default_type)
      p.attach(list, p.close(parameter))
    }
    if (!p.accept(T.comma)) break
  }
  p.expect(T.greater)
  return p.close(list)
}

/** The kinds that may stand before the colon of a predicate. */
const PREDICATES = new Set<number>([
  K.type_identifier,
  K.scoped_type_identifier,
  K.generic_type,
  K.reference_type,
  K.pointer_type,
  K.tuple_type,
  K.array_type,
  K.primitive_type,
])

/** From `where` on. */
export function readWhere(p: Lexer): number {
  const clause = p.node(K.where_clause, p.start)
  p.expect(T.where)
  while (p.token !== T.openBrace && p.token !== T.semicolon && p.token !== T.equals) {
    const predicate = p.node(K.where_predicate, p.start)
    if (p.token === T.lifetime) p.attach(predicate, readLifetime(p), F.left)
    else if (p.token === T.for) p.attach(predicate, readHigherRanked(p), F.left)
    else {
      const left = readPlainType(p)
      if (!PREDICATES.has(p.table.kinds[left] as number)) p.fail()
      p.attach(predicate, left, F.left)
    }
    p.attach(predicate, readBounds(p), F.bounds)
    p.attach(clause, p.close(predicate))
    if (!p.accept(T.comma)) break
  }
  return p.close(clause)
}
