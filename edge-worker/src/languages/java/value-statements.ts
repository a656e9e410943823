import type { Place } from '../reading.js'
import { typeOrigin, UNKNOWN, withOp } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { readClassBody, readLocalType } from './value-declarations.js'
import { readExpression } from './value-expressions.js'
import { inner, type JavaReading } from './value-place.js'
import { declaredOrigin, readTypes, typeText } from './value-types.js'

type Read = (java: JavaReading, node: ValueNode, place: Place) => void

export function isStatement(type: string): boolean {
  return READERS[type] !== undefined
}

/** Emits the references of a statement; what it declares is bound in the scope of `place`. */
export function readStatement(java: JavaReading, node: ValueNode, place: Place): void {
  if (java.isLate()) return
  const read = READERS[node.type]
  if (read === undefined) readExpression(java, node, place)
  else read(java, node, place)
}

const READERS: Readonly<Record<string, Read | undefined>> = {
  block: readBlock,
  constructor_body: readBlock,
  switch_block: readParts,
  switch_block_statement_group: readBlock,
  switch_rule: readBlock,
  switch_label: readLabel,
  local_variable_declaration: readVariables,
  enhanced_for_statement: readForEach,
  for_statement: readBlock,
  while_statement: readParts,
  try_with_resources_statement: readBlock,
  resource_specification: readParts,
  resource: readResource,
  catch_clause: readCatch,
  class_declaration: readLocalType,
  interface_declaration: readLocalType,
  enum_declaration: readLocalType,
  record_declaration: readLocalType,
  class_body: (java, node, place) => readClassBody(java, node, UNKNOWN, place),
}

function readParts(java: JavaReading, node: ValueNode, place: Place): void {
  for (const child of node.children) readStatement(java, child, place)
}

function readBlock(java: JavaReading, node: ValueNode, place: Place): void {
  readParts(java, node, inner(place))
}

function readVariables(java: JavaReading, node: ValueNode, place: Place): void {
  const type = field(node, 'type')
  readTypes(java, type, place)
  readModifiers(java, node, place)
  for (const declarator of node.children) {
    const name = declarator.type === 'variable_declarator' ? field(declarator, 'name') : undefined
    if (name === undefined || type === undefined) continue
    const value = readExpression(java, field(declarator, 'value'), place)
    place.scope.bind(java.reading.slice(name), typeText(java, type) === 'var' ? value : declaredOrigin(java, type, declarator))
  }
}

function readForEach(java: JavaReading, node: ValueNode, place: Place): void {
  const within = inner(place)
  const type = field(node, 'type')
  const name = field(node, 'name')
  readTypes(java, type, within)
  const value = readExpression(java, field(node, 'value'), within)
  if (name !== undefined && type !== undefined) {
    const item = typeText(java, type) === 'var' ? withOp(value, 'iter_item') : declaredOrigin(java, type, node)
    within.scope.bind(java.reading.slice(name), item)
  }
  const body = field(node, 'body')
  if (body !== undefined) readStatement(java, body, within)
}

function readResource(java: JavaReading, node: ValueNode, place: Place): void {
  const type = field(node, 'type')
  const name = field(node, 'name')
  readTypes(java, type, place)
  const value = readExpression(java, field(node, 'value') ?? (name === undefined ? node.children[0] : undefined), place)
  if (name === undefined || type === undefined) return
  place.scope.bind(java.reading.slice(name), typeText(java, type) === 'var' ? value : typeOrigin(typeText(java, type)))
}

function readCatch(java: JavaReading, node: ValueNode, place: Place): void {
  const within = inner(place)
  const parameter = childOfType(node, 'catch_formal_parameter')
  const types = parameter === undefined ? undefined : childOfType(parameter, 'catch_type')
  const name = parameter === undefined ? undefined : field(parameter, 'name')
  readTypes(java, types, within)
  if (name !== undefined) {
    // Of `A | B` only what both have in common is known.
    const [only, ...more] = types?.children ?? []
    within.scope.bind(java.reading.slice(name), only === undefined || more.length > 0 ? UNKNOWN : typeOrigin(typeText(java, only)))
  }
  const body = field(node, 'body')
  if (body !== undefined) readStatement(java, body, within)
}

/** Constants of an enum are named bare, so that only patterns and guards say something. */
function readLabel(java: JavaReading, node: ValueNode, place: Place): void {
  for (const child of node.children) {
    if (child.type === 'pattern' || child.type.endsWith('_pattern')) readPattern(java, child, place)
    else if (child.type === 'guard' || child.type === 'field_access') readExpression(java, child, place)
  }
}

/** `Circle c`, `Point(int x, var y)`: names that a test binds. */
export function readPattern(java: JavaReading, node: ValueNode, place: Place): void {
  const name = node.children.find(({ type }) => type === 'identifier')
  const type = node.children.find((child) => child.type.endsWith('_type') || child.type.endsWith('type_identifier'))
  readTypes(java, type, place)
  const isComponent = node.type === 'type_pattern' || node.type === 'record_pattern_component'
  if (isComponent && name !== undefined) {
    place.scope.bind(
      java.reading.slice(name),
      type === undefined || typeText(java, type) === 'var' ? UNKNOWN : typeOrigin(typeText(java, type)),
    )
  } else if (node.type === 'record_pattern' && type === undefined && name !== undefined) {
    java.reading.addOnce('type', name, place, [java.reading.slice(name)])
  }
  for (const child of node.children) if (child.type.includes('pattern')) readPattern(java, child, place)
}

/** Binds parameters with their types. */
export function bindParameters(java: JavaReading, list: ValueNode | undefined, place: Place): void {
  for (const node of list?.children ?? []) {
    readModifiers(java, node, place)
    if (node.type === 'formal_parameter') {
      const type = field(node, 'type')
      const name = field(node, 'name')
      readTypes(java, type, place)
      if (name !== undefined && type !== undefined) place.scope.bind(java.reading.slice(name), declaredOrigin(java, type, node))
    } else if (node.type === 'spread_parameter') {
      const declarator = childOfType(node, 'variable_declarator')
      const type = node.children.find((child) => child.type !== 'modifiers' && child !== declarator)
      const name = declarator === undefined ? undefined : field(declarator, 'name')
      readTypes(java, type, place)
      if (name !== undefined && type !== undefined) place.scope.bind(java.reading.slice(name), typeOrigin(`${typeText(java, type)}[]`))
    }
  }
}

/** Annotations are types that are used. */
export function readModifiers(java: JavaReading, node: ValueNode, place: Place): void {
  for (const child of childOfType(node, 'modifiers')?.children ?? []) readExpression(java, child, place)
}
