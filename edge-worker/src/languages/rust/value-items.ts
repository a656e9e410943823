import type { SymbolId } from '@doctown/common/contracts/ids.js'
import { F, K } from './kinds.js'
import { readExpression } from './value-expressions.js'
import { readImport } from './value-imports.js'
import { typeOrigin } from '../value-origin.js'
import { pathOf, readTypes } from './value-paths.js'
import { bindPattern } from './value-patterns.js'
import type { Place } from '../reading.js'
import type { RustReading } from './value-reading.js'
import { Scope } from '../reading.js'

/** Emits the references and type facts of an item and of all that stands in it; false when the node is no item. */
export function readItem(reading: RustReading, node: number, place: Place): boolean {
  switch (reading.table.kinds[node]) {
    case K.function_item:
    case K.function_signature_item:
      readFunction(reading, node, place)
      return true
    case K.impl_item:
      readImpl(reading, node, place)
      return true
    case K.trait_item:
      readTrait(reading, node, place)
      return true
    case K.struct_item:
    case K.union_item:
      readStruct(reading, node, place)
      return true
    case K.enum_item:
      readEnum(reading, node, place)
      return true
    case K.type_item:
      readAlias(reading, node, place)
      return true
    case K.associated_type:
      readTypes(reading, reading.table.field(node, F.bounds), within(reading, node, place))
      return true
    case K.const_item:
    case K.static_item:
      readConstant(reading, node, place)
      return true
    case K.mod_item:
      readBody(reading, node, within(reading, node, place))
      return true
    case K.foreign_mod_item:
      readBody(reading, node, place)
      return true
    case K.use_declaration:
    case K.extern_crate_declaration:
      readImport(reading, node, place)
      return true
    default:
      return false
  }
}

/** What stands inside an item sees none of the locals around it. */
function within(reading: RustReading, node: number, place: Place): Place {
  const { table } = reading
  const name = table.field(node, F.name) || table.field(node, F.type) || node
  return { owner: reading.ownerAt(table.starts[name] as number), scope: new Scope(), inMacro: place.inMacro }
}

/** An item that is no symbol (one that the parser left out) owns nothing; its facts would be told of the item around it. */
function idOf(inside: Place, outside: Place): SymbolId | null {
  return inside.owner === outside.owner ? null : inside.owner
}

function readFunction(reading: RustReading, node: number, place: Place): void {
  const { table } = reading
  const inside = within(reading, node, place)
  readGenerics(reading, node, inside, idOf(inside, place))
  const parameters = table.field(node, F.parameters)
  for (let parameter = table.firsts[parameters] as number; parameter !== 0; parameter = table.nexts[parameter] as number) {
    if (table.kinds[parameter] === K.self_parameter) {
      inside.scope.bind('self', typeOrigin(reading.firstUnit(parameter) === AMPERSAND ? '&Self' : 'Self'))
      continue
    }
    const type = table.field(parameter, F.type)
    if (type === 0) continue
    readTypes(reading, type, inside)
    bindPattern(reading, table.field(parameter, F.pattern), typeOrigin(reading.slice(type)), inside)
  }
  readTypes(reading, table.field(node, F.return_type), inside)
  const body = table.field(node, F.body)
  if (body !== 0) readExpression(reading, body, inside)
}

const AMPERSAND = 38

function readImpl(reading: RustReading, node: number, place: Place): void {
  const { table, text } = reading
  const inside = within(reading, node, place)
  const id = idOf(inside, place)
  const type = table.field(node, F.type)
  const trait = table.field(node, F.trait)
  const traitStart = table.starts[trait] as number
  const isNegative = trait !== 0 && /!\s*$/.test(text.slice(Math.max(table.starts[node] as number, traitStart - 8), traitStart))
  readGenerics(reading, node, inside, id)
  readTypes(reading, type, inside)
  if (type !== 0 && !isNegative) {
    reading.fact(id, 'impl', { type: reading.slice(type), trait: trait === 0 ? null : reading.slice(trait) })
    if (trait !== 0) {
      reading.addNode('implements', trait, inside, pathOf(reading, trait))
      for (let child = table.firsts[trait] as number; child !== 0; child = table.nexts[child] as number) {
        if (table.fields[child] !== F.type) readTypes(reading, child, inside)
      }
    }
  }
  const body = table.field(node, F.body)
  for (let member = table.firsts[body] as number; member !== 0; member = table.nexts[member] as number) {
    if (table.kinds[member] === K.type_item) {
      const name = table.field(member, F.name)
      const right = table.field(member, F.type)
      if (name !== 0 && right !== 0) reading.fact(id, 'assoc', { name: reading.slice(name), type: reading.slice(right) })
    }
    readExpression(reading, member, inside)
  }
}

function readTrait(reading: RustReading, node: number, place: Place): void {
  const { table } = reading
  const inside = within(reading, node, place)
  const id = idOf(inside, place)
  readGenerics(reading, node, inside, id)
  const bounds = table.field(node, F.bounds)
  if (bounds !== 0) {
    reading.fact(id, 'supertrait', { trait: boundsText(reading, bounds) })
    readTypes(reading, bounds, inside)
  }
  const body = table.field(node, F.body)
  for (let member = table.firsts[body] as number; member !== 0; member = table.nexts[member] as number) {
    const name = table.kinds[member] === K.associated_type ? table.field(member, F.name) : 0
    if (name !== 0) reading.fact(id, 'assoc', { name: reading.slice(name), trait: boundsText(reading, table.field(member, F.bounds)) })
    readExpression(reading, member, inside)
  }
}

function readStruct(reading: RustReading, node: number, place: Place): void {
  const inside = within(reading, node, place)
  const id = idOf(inside, place)
  readGenerics(reading, node, inside, id)
  readFields(reading, reading.table.field(node, F.body), { ...inside, owner: id }, '')
}

function readEnum(reading: RustReading, node: number, place: Place): void {
  const { table } = reading
  const inside = within(reading, node, place)
  const id = idOf(inside, place)
  readGenerics(reading, node, inside, id)
  const body = table.field(node, F.body)
  for (let variant = table.firsts[body] as number; variant !== 0; variant = table.nexts[variant] as number) {
    const name = table.kinds[variant] === K.enum_variant ? table.field(variant, F.name) : 0
    if (name === 0) continue
    reading.fact(id, 'variant', { name: reading.slice(name) })
    readFields(reading, table.field(variant, F.body), { ...inside, owner: id }, `${reading.slice(name)}.`)
    const value = table.field(variant, F.value)
    if (value !== 0) readExpression(reading, value, inside)
  }
}

function readFields(reading: RustReading, body: number, place: Place, prefix: string): void {
  const { table } = reading
  let index = 0
  for (let child = table.firsts[body] as number; child !== 0; child = table.nexts[child] as number) {
    const kind = table.kinds[child]
    const isNamed = kind === K.field_declaration
    const isTyped = table.fields[child] === F.type && kind !== K.visibility_modifier && kind !== K.attribute_item
    const type = isNamed ? table.field(child, F.type) : isTyped ? child : 0
    if (type === 0) continue
    const named = table.field(child, F.name)
    const name = isNamed && named !== 0 ? reading.slice(named) : String(index++)
    reading.fact(place.owner, 'field', { name: prefix + name, type: reading.slice(type) })
    readTypes(reading, type, place)
  }
}

function readAlias(reading: RustReading, node: number, place: Place): void {
  const inside = within(reading, node, place)
  const id = idOf(inside, place)
  const type = reading.table.field(node, F.type)
  readGenerics(reading, node, inside, id)
  if (type !== 0) reading.fact(id, 'alias', { type: reading.slice(type) })
  readTypes(reading, type, inside)
}

function readConstant(reading: RustReading, node: number, place: Place): void {
  const { table } = reading
  const inside = within(reading, node, place)
  const type = table.field(node, F.type)
  const value = table.field(node, F.value)
  if (type !== 0) reading.fact(idOf(inside, place), 'value', { type: reading.slice(type) })
  readTypes(reading, type, inside)
  if (value !== 0) readExpression(reading, value, inside)
}

function readBody(reading: RustReading, node: number, place: Place): void {
  const { table } = reading
  const body = table.field(node, F.body)
  for (let child = table.firsts[body] as number; child !== 0; child = table.nexts[child] as number) readExpression(reading, child, place)
}

function readGenerics(reading: RustReading, node: number, place: Place, id: SymbolId | null): void {
  const { table } = reading
  const parameters = table.field(node, F.type_parameters)
  for (let parameter = table.firsts[parameters] as number; parameter !== 0; parameter = table.nexts[parameter] as number) {
    const kind = table.kinds[parameter]
    const name = table.field(parameter, F.name)
    if (name === 0 || kind === K.lifetime_parameter) continue
    const bounds = table.field(parameter, F.bounds)
    const standard = table.field(parameter, F.default_type)
    const type = kind === K.const_parameter ? 'const' : standard === 0 ? '' : reading.slice(standard)
    reading.fact(id, 'generic', { name: reading.slice(name), type, trait: boundsText(reading, bounds) })
    readTypes(reading, bounds, place)
    readTypes(reading, standard, place)
  }
  const where = table.childOfKind(node, K.where_clause)
  for (let predicate = table.firsts[where] as number; predicate !== 0; predicate = table.nexts[predicate] as number) {
    const left = table.field(predicate, F.left)
    const bounds = table.field(predicate, F.bounds)
    if (left === 0 || bounds === 0) continue
    if (table.kinds[left] !== K.lifetime) reading.fact(id, 'bound', { type: reading.slice(left), trait: boundsText(reading, bounds) })
    readTypes(reading, left, place)
    readTypes(reading, bounds, place)
  }
}

function boundsText(reading: RustReading, bounds: number): string | null {
  return bounds === 0 ? null : reading.slice(bounds).replace(/^:\s*/, '')
}
