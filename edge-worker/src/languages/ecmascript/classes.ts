import type { SymbolId } from '@doctown/common/contracts/ids.js'
import { Scope } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { typeOrigin } from '../value-origin.js'
import { readExpression } from './expressions.js'
import { readFunctionParts, typeText } from './functions.js'
import { nameOf } from './header.js'
import { documentedTypes } from './jsdoc-types.js'
import type { ScriptPlace, ScriptReading } from './script-reading.js'
import { madeType } from './statements.js'
import { hasMark, partsOf, unwrapped } from './tree.js'
import { readGenerics, readHeritage, readTypes } from './type-references.js'

const FIELDS: ReadonlySet<string> = new Set(['public_field_definition', 'field_definition', 'property_signature'])

export function readClass(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const body = field(node, 'body')
  const owner = body === undefined ? null : reading.ownerAt(body.start)
  const within: ScriptPlace = { ...place, scope: new Scope(place.scope), level: 'body', self: typeOrigin('this'), returns: [] }
  for (const child of node.children) if (child.type === 'decorator') readExpression(reading, child, place)
  readGenerics(reading, node, within)
  readHeritage(reading, node, within, owner)
  const declared = new Set<string>()
  for (const member of body?.children ?? []) {
    if (FIELDS.has(member.type)) readField(reading, member, within, { owner, declared })
    else if (member.type.endsWith('_signature') || member.type === 'method_definition') {
      readFunctionParts(reading, member, within)
      if (nameOf(reading.text, field(member, 'name')) === 'constructor') readConstructor(reading, member, { owner, declared })
    } else if (member.type === 'index_signature') readTypes(reading, member, within)
    else readExpression(reading, member, within)
  }
}

export function readInterface(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const body = field(node, 'body')
  const owner = body === undefined ? null : reading.ownerAt(body.start)
  readGenerics(reading, node, place)
  readHeritage(reading, node, place, owner)
  for (const member of body?.children ?? []) {
    if (FIELDS.has(member.type)) readField(reading, member, place, { owner, declared: new Set() })
    else if (member.type === 'method_signature') readFunctionParts(reading, member, place)
    else readTypes(reading, member, place)
  }
}

interface Fields {
  readonly owner: SymbolId | null
  /** Names whose type is known. */
  readonly declared: Set<string>
}

function readField(reading: ScriptReading, member: ValueNode, place: ScriptPlace, { owner, declared }: Fields): void {
  const key = field(member, 'name') ?? field(member, 'property')
  for (const child of member.children) if (child.type === 'decorator') readExpression(reading, child, place)
  if (key?.type === 'computed_property_name') readExpression(reading, key, place)
  const type = field(member, 'type')
  const value = field(member, 'value')
  readTypes(reading, type, place)
  if (value !== undefined) readExpression(reading, value, place)
  const text = type === undefined ? madeType(reading, value === undefined ? undefined : unwrapped(value)) : typeText(reading, type)
  const name = nameOf(reading.text, key)
  if (text === null || name === '') return
  declared.add(name)
  reading.fact(owner, 'field', { name, type: text })
}

/** Fields that a constructor declares in its parameters, and the types that it gives to fields: `this.log = new Log()`, `this.path = path`. */
function readConstructor(reading: ScriptReading, node: ValueNode, { owner, declared }: Fields): void {
  const types = new Map<string, string>()
  for (const parameter of partsOf(field(node, 'parameters') ?? node)) {
    const pattern = field(parameter, 'pattern')
    const type = field(parameter, 'type')
    if (pattern?.type !== 'identifier' || type === undefined) continue
    const name = reading.slice(pattern)
    types.set(name, typeText(reading, type))
    const isField =
      hasMark(parameter, 'readonly') || parameter.children.some((child) => /^(?:accessibility|override)_modifier$/.test(child.type))
    if (isField) tell(name, typeText(reading, type))
  }
  for (const statement of field(node, 'body')?.children ?? []) {
    const [assignment] = statement.type === 'expression_statement' ? partsOf(statement) : []
    const left = assignment?.type === 'assignment_expression' ? field(assignment, 'left') : undefined
    const right = assignment === undefined ? undefined : field(assignment, 'right')
    if (left?.type !== 'member_expression' || right === undefined || field(left, 'object')?.type !== 'this') continue
    const value = unwrapped(right)
    const said = documentedTypes(reading.docs.get(reading.ownerAt(left.start) ?? ('' as SymbolId))).type
    const type = said ?? (value.type === 'identifier' ? types.get(reading.slice(value)) : madeType(reading, value))
    if (typeof type === 'string') tell(nameOf(reading.text, field(left, 'property')), type)
  }

  function tell(name: string, type: string): void {
    if (declared.has(name)) return
    declared.add(name)
    reading.fact(owner, 'field', { name, type })
  }
}
