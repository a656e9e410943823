import type { SymbolType } from '@doctown/common/contracts/symbol.js'
import { shortSegment } from '../written-text.js'
import type { Item } from './walk-items.js'

const TYPES: Readonly<Record<string, SymbolType>> = {
  function_item: 'function',
  function_signature_item: 'function',
  struct_item: 'struct',
  enum_item: 'enum',
  union_item: 'union',
  trait_item: 'trait',
  impl_item: 'impl',
  const_item: 'const',
  static_item: 'static',
  type_item: 'type_alias',
  associated_type: 'type_alias',
  macro_definition: 'macro',
  mod_item: 'module',
}

/** A function in an impl or a trait is a method, with or without self. */
export function symbolTypeOf(item: Item, parent: Item | undefined): SymbolType {
  const type = TYPES[item.type] ?? 'function'
  const inside = parent?.type === 'impl_item' || parent?.type === 'trait_item'
  return type === 'function' && inside ? 'method' : type
}

/** What an item adds to the path that its id is made of. */
export function idSegment(item: Item): string {
  if (item.type !== 'impl_item') return shortSegment(item.header.name)
  const { trait, type } = item.header
  return shortSegment(trait === null ? `impl ${ownType(item)}` : `impl ${trait} for ${type ?? ''}`)
}

/** What the members of an item put before their own names: `TcpStream`, `<TcpStream as AsyncRead>`. */
export function memberPrefix(item: Item): string {
  if (item.type !== 'impl_item') return shortSegment(item.header.name)
  const { trait, type } = item.header
  if (trait !== null) return shortSegment(`<${type ?? ''} as ${trait}>`)
  const own = ownType(item)
  return shortSegment(/^[\w:]+$/.test(own) ? own : `<${own}>`)
}

/** `impl<T> Stack<T>` is `Stack`, because that is how it is called; `impl Stack<u8>` keeps what tells it apart. */
function ownType(item: Item): string {
  const type = item.header.type ?? ''
  const open = type.indexOf('<')
  if (open <= 0 || !/^[\w:]+$/.test(type.slice(0, open)) || !type.endsWith('>')) return type
  const own = new Set(item.header.typeParameters?.match(/'?\w+/g) ?? [])
  const plain = type
    .slice(open + 1, -1)
    .split(',')
    .every((argument) => /^'?\w+$/.test(argument.trim()) && (own.has(argument.trim()) || argument.trim().startsWith("'")))
  return plain ? type.slice(0, open) : type
}
