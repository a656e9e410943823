import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { readExpression } from './expressions.js'
import type { ScriptPlace, ScriptReading } from './script-reading.js'
import { partsOf } from './tree.js'

/** Emits a `type` reference for each type that a type's text names. */
export function readTypes(reading: ScriptReading, node: ValueNode | undefined, place: ScriptPlace): void {
  if (node === undefined) return
  switch (node.type) {
    case 'type_identifier':
      reading.addOnce('type', node, place, [reading.slice(node)])
      return
    case 'nested_type_identifier':
      reading.addOnce('type', node, place, reading.slice(node).split(/\s*\.\s*/))
      return
    case 'type_query':
      // `typeof settings` names a value.
      for (const part of partsOf(node)) if (part.type === 'identifier') reading.addOnce('type', part, place, [reading.slice(part)])
      return
    case 'type_parameter':
      for (const child of node.children) if (child.field !== 'name') readTypes(reading, child, place)
      return
    case 'property_signature':
    case 'method_signature':
    case 'required_parameter':
    case 'optional_parameter':
      for (const child of node.children) if (child.field !== 'name' && child.field !== 'pattern') readTypes(reading, child, place)
      return
    default:
      for (const child of node.children) readTypes(reading, child, place)
  }
}

/** `<T extends Base = Base>`: facts of the symbol that has them. */
export function readGenerics(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const parameters = field(node, 'type_parameters')
  if (parameters === undefined) return
  const owner = reading.ownerAt(parameters.start)
  for (const parameter of parameters.children) {
    const name = field(parameter, 'name')
    if (parameter.type !== 'type_parameter' || name === undefined) continue
    const bound = field(parameter, 'constraint')
    const fallback = field(parameter, 'value')
    reading.fact(owner, 'generic', {
      name: reading.slice(name),
      type: fallback === undefined ? '' : reading.slice(fallback).replace(/^=\s*/, ''),
      trait: bound === undefined ? null : reading.slice(bound).replace(/^extends\s+/, ''),
    })
  }
  readTypes(reading, parameters, place)
}

/** What a class or interface extends and implements. */
export function readHeritage(reading: ScriptReading, node: ValueNode, place: ScriptPlace, owner: SymbolId | null): void {
  for (const clause of node.children) {
    if (clause.type === 'class_heritage') {
      const isPlain = childOfType(clause, 'extends_clause') === undefined && childOfType(clause, 'implements_clause') === undefined
      // JavaScript's grammar has the expression itself, TypeScript's a clause of each kind.
      if (isPlain) readParent(reading, partsOf(clause)[0], undefined, { place, owner })
      else readHeritage(reading, clause, place, owner)
    } else if (clause.type === 'extends_clause') {
      const [first] = partsOf(clause)
      readParent(reading, field(clause, 'value') ?? first, field(clause, 'type_arguments'), { place, owner })
    } else if (clause.type === 'implements_clause' || clause.type === 'extends_type_clause') {
      for (const type of partsOf(clause)) readInterface(reading, type, { place, owner })
    }
  }
}

interface Heir {
  readonly place: ScriptPlace
  readonly owner: SymbolId | null
}

function readParent(reading: ScriptReading, value: ValueNode | undefined, types: ValueNode | undefined, { place, owner }: Heir): void {
  if (value === undefined) return
  const written = reading.written(value) + (types === undefined ? '' : reading.written(types))
  reading.fact(owner, 'supertrait', { trait: written })
  if (/^[\w$]+(?:\s*\.\s*[\w$]+)*$/.test(reading.slice(value))) reading.add('implements', value, place, pathOf(reading, value))
  else readExpression(reading, value, place)
  readTypes(reading, types, place)
}

function readInterface(reading: ScriptReading, type: ValueNode, { place, owner }: Heir): void {
  reading.fact(owner, 'supertrait', { trait: reading.slice(type) })
  const name = type.type === 'generic_type' ? field(type, 'name') : type
  if (name?.type === 'type_identifier' || name?.type === 'nested_type_identifier')
    reading.add('implements', name, place, pathOf(reading, name))
  if (type.type === 'generic_type') readTypes(reading, field(type, 'type_arguments'), place)
}

function pathOf(reading: ScriptReading, node: ValueNode): string[] {
  return reading.slice(node).split(/\s*\.\s*/)
}
