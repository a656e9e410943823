import type { SymbolId } from '@doctown/common/contracts/ids.js'
import { readExpression } from './value-expressions.js'
import { readImport } from './value-imports.js'
import { typeOrigin } from '../value-origin.js'
import { pathOf, readTypes } from './value-paths.js'
import { bindPattern } from './value-patterns.js'
import type { Place } from '../reading.js'
import { Scope } from '../reading.js'
import type { RustReading } from './value-reading.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'

type Read = (reading: RustReading, node: ValueNode, place: Place) => void

/** Emits the references and type facts of an item and of all that stands in it. */
export function readItem(reading: RustReading, node: ValueNode, place: Place): void {
  READERS[node.type]?.(reading, node, place)
}

const READERS: Readonly<Record<string, Read | undefined>> = {
  function_item: readFunction,
  function_signature_item: readFunction,
  impl_item: readImpl,
  trait_item: readTrait,
  struct_item: readStruct,
  union_item: readStruct,
  enum_item: readEnum,
  type_item: readAlias,
  associated_type: readAssociatedType,
  const_item: readConstant,
  static_item: readConstant,
  mod_item: readModule,
  foreign_mod_item: readBody,
  use_declaration: readImport,
  extern_crate_declaration: readImport,
}

export const ITEMS: ReadonlySet<string> = new Set(Object.keys(READERS))

/** What stands inside an item sees none of the locals around it. */
function within(reading: RustReading, node: ValueNode, place: Place): Place {
  const name = field(node, 'name') ?? field(node, 'type') ?? node
  return { owner: reading.ownerAt(name.start), scope: new Scope(), inMacro: place.inMacro }
}

/** An item that is no symbol (one that the parser left out) owns nothing; its facts would be told of the item around it. */
function idOf(inside: Place, outside: Place): SymbolId | null {
  return inside.owner === outside.owner ? null : inside.owner
}

function readFunction(reading: RustReading, node: ValueNode, place: Place): void {
  const inside = within(reading, node, place)
  readGenerics(reading, node, inside, idOf(inside, place))
  for (const parameter of field(node, 'parameters')?.children ?? []) {
    if (parameter.type === 'self_parameter') {
      inside.scope.bind('self', typeOrigin(reading.text[parameter.start] === '&' ? '&Self' : 'Self'))
      continue
    }
    const type = field(parameter, 'type')
    if (type === undefined) continue
    readTypes(reading, type, inside)
    bindPattern(reading, field(parameter, 'pattern'), typeOrigin(reading.slice(type)), inside)
  }
  readTypes(reading, field(node, 'return_type'), inside)
  const body = field(node, 'body')
  if (body !== undefined) readExpression(reading, body, inside)
}

function readImpl(reading: RustReading, node: ValueNode, place: Place): void {
  const inside = within(reading, node, place)
  const id = idOf(inside, place)
  const type = field(node, 'type')
  const trait = field(node, 'trait')
  const isNegative = trait !== undefined && /!\s*$/.test(reading.text.slice(Math.max(node.start, trait.start - 8), trait.start))
  readGenerics(reading, node, inside, id)
  readTypes(reading, type, inside)
  if (type !== undefined && !isNegative) {
    reading.fact(id, 'impl', { type: reading.slice(type), trait: trait === undefined ? null : reading.slice(trait) })
    if (trait !== undefined) {
      reading.add('implements', trait, inside, pathOf(reading, trait))
      for (const child of trait.children) if (child.field !== 'type') readTypes(reading, child, inside)
    }
  }
  for (const member of field(node, 'body')?.children ?? []) {
    const name = member.type === 'type_item' ? field(member, 'name') : undefined
    const right = member.type === 'type_item' ? field(member, 'type') : undefined
    if (name !== undefined && right !== undefined) reading.fact(id, 'assoc', { name: reading.slice(name), type: reading.slice(right) })
    readExpression(reading, member, inside)
  }
}

function readTrait(reading: RustReading, node: ValueNode, place: Place): void {
  const inside = within(reading, node, place)
  const id = idOf(inside, place)
  readGenerics(reading, node, inside, id)
  const bounds = field(node, 'bounds')
  if (bounds !== undefined) {
    reading.fact(id, 'supertrait', { trait: boundsText(reading, bounds) })
    readTypes(reading, bounds, inside)
  }
  for (const member of field(node, 'body')?.children ?? []) {
    const name = member.type === 'associated_type' ? field(member, 'name') : undefined
    if (name !== undefined) reading.fact(id, 'assoc', { name: reading.slice(name), trait: boundsText(reading, field(member, 'bounds')) })
    readExpression(reading, member, inside)
  }
}

function readStruct(reading: RustReading, node: ValueNode, place: Place): void {
  const inside = within(reading, node, place)
  const id = idOf(inside, place)
  readGenerics(reading, node, inside, id)
  readFields(reading, field(node, 'body'), { ...inside, owner: id }, '')
}

function readEnum(reading: RustReading, node: ValueNode, place: Place): void {
  const inside = within(reading, node, place)
  const id = idOf(inside, place)
  readGenerics(reading, node, inside, id)
  for (const variant of field(node, 'body')?.children ?? []) {
    const name = variant.type === 'enum_variant' ? field(variant, 'name') : undefined
    if (name === undefined) continue
    reading.fact(id, 'variant', { name: reading.slice(name) })
    readFields(reading, field(variant, 'body'), { ...inside, owner: id }, `${reading.slice(name)}.`)
    const value = field(variant, 'value')
    if (value !== undefined) readExpression(reading, value, inside)
  }
}

function readFields(reading: RustReading, body: ValueNode | undefined, place: Place, prefix: string): void {
  let index = 0
  for (const child of body?.children ?? []) {
    const isNamed = child.type === 'field_declaration'
    const type = isNamed ? field(child, 'type') : child.field === 'type' && !NO_TYPES.has(child.type) ? child : undefined
    if (type === undefined) continue
    const named = field(child, 'name')
    const name = isNamed && named !== undefined ? reading.slice(named) : String(index++)
    reading.fact(place.owner, 'field', { name: prefix + name, type: reading.slice(type) })
    readTypes(reading, type, place)
  }
}

const NO_TYPES = new Set(['visibility_modifier', 'attribute_item'])

function readAlias(reading: RustReading, node: ValueNode, place: Place): void {
  const inside = within(reading, node, place)
  const id = idOf(inside, place)
  const type = field(node, 'type')
  readGenerics(reading, node, inside, id)
  if (type !== undefined) reading.fact(id, 'alias', { type: reading.slice(type) })
  readTypes(reading, type, inside)
}

function readAssociatedType(reading: RustReading, node: ValueNode, place: Place): void {
  readTypes(reading, field(node, 'bounds'), within(reading, node, place))
}

function readConstant(reading: RustReading, node: ValueNode, place: Place): void {
  const inside = within(reading, node, place)
  const type = field(node, 'type')
  const value = field(node, 'value')
  if (type !== undefined) reading.fact(idOf(inside, place), 'value', { type: reading.slice(type) })
  readTypes(reading, type, inside)
  if (value !== undefined) readExpression(reading, value, inside)
}

function readModule(reading: RustReading, node: ValueNode, place: Place): void {
  readBody(reading, node, within(reading, node, place))
}

function readBody(reading: RustReading, node: ValueNode, place: Place): void {
  for (const child of field(node, 'body')?.children ?? []) readExpression(reading, child, place)
}

function readGenerics(reading: RustReading, node: ValueNode, place: Place, id: SymbolId | null): void {
  for (const parameter of field(node, 'type_parameters')?.children ?? []) {
    const name = field(parameter, 'name')
    if (name === undefined || parameter.type === 'lifetime_parameter') continue
    const bounds = field(parameter, 'bounds')
    const standard = field(parameter, 'default_type')
    const type = parameter.type === 'const_parameter' ? 'const' : standard === undefined ? '' : reading.slice(standard)
    reading.fact(id, 'generic', { name: reading.slice(name), type, trait: boundsText(reading, bounds) })
    readTypes(reading, bounds, place)
    readTypes(reading, standard, place)
  }
  for (const predicate of childOfType(node, 'where_clause')?.children ?? []) {
    const left = field(predicate, 'left')
    const bounds = field(predicate, 'bounds')
    if (left === undefined || bounds === undefined) continue
    if (left.type !== 'lifetime') reading.fact(id, 'bound', { type: reading.slice(left), trait: boundsText(reading, bounds) })
    readTypes(reading, left, place)
    readTypes(reading, bounds, place)
  }
}

function boundsText(reading: RustReading, bounds: ValueNode | undefined): string | null {
  return bounds === undefined ? null : reading.slice(bounds).replace(/^:\s*/, '')
}
