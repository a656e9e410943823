import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { Scope, type Place } from '../reading.js'
import { UNKNOWN } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { finish } from './value-calls.js'
import { readExpression } from './value-expressions.js'
import { inner, localMethod, type JavaReading } from './value-place.js'
import { bindParameters, readModifiers, readStatement } from './value-statements.js'
import { declaredOrigin, readTypes, typePath, typeText } from './value-types.js'

/** A type, method, field or constant, or whatever else may stand in the body of a class. `place.owner` is the class. */
export function readDeclaration(java: JavaReading, node: ValueNode, place: Place): void {
  if (java.isLate()) return
  switch (node.type) {
    case 'class_declaration':
    case 'record_declaration':
    case 'interface_declaration':
    case 'annotation_type_declaration':
    case 'enum_declaration':
      readType(java, node, place)
      return
    case 'method_declaration':
    case 'constructor_declaration':
    case 'compact_constructor_declaration':
    case 'annotation_type_element_declaration':
      readMethod(java, node, place)
      return
    case 'field_declaration':
    case 'constant_declaration':
      readFields(java, node, place)
      return
    case 'enum_constant':
      readConstant(java, node, place)
      return
    case 'enum_body_declarations':
    case 'ERROR':
      for (const child of node.children) readDeclaration(java, child, place)
      return
    case 'block':
    case 'static_initializer':
      for (const child of node.type === 'block' ? [node] : node.children) readStatement(java, child, place)
      return
    default:
  }
}

function readType(java: JavaReading, node: ValueNode, place: Place): void {
  const name = field(node, 'name')
  const body = field(node, 'body')
  const owner = java.reading.ownerAt((name ?? node).start)
  const within: Place = { owner, scope: new Scope(), inMacro: false }
  const id = owner === place.owner ? null : owner
  readModifiers(java, node, within)
  readGenerics(java, node, within, id)
  readBases(java, node, within, id)
  for (const component of field(node, 'parameters')?.children ?? []) {
    const named = field(component, 'name')
    const type = field(component, 'type')
    if (component.type !== 'formal_parameter' || named === undefined || type === undefined) continue
    readTypes(java, type, within)
    java.reading.fact(id, 'field', { name: java.reading.slice(named), type: typeText(java, type) })
  }
  for (const member of body?.children ?? []) readDeclaration(java, member, within)
}

/** What it extends and implements: names for edges, whole types for members that are inherited. */
function readBases(java: JavaReading, node: ValueNode, place: Place, id: SymbolId | null): void {
  for (const clause of node.children) {
    if (!BASES.has(clause.type)) continue
    for (const type of basesIn(clause)) {
      const path = typePath(java, type)
      if (clause.type !== 'permits') {
        java.reading.fact(id, 'supertrait', { trait: typeText(java, type) })
        if (id !== null && path.length > 0) java.reading.add('implements', type, place, path)
        for (const child of type.children) if (child.type === 'type_arguments') readTypes(java, child, place)
      } else readTypes(java, type, place)
    }
  }
}

const BASES = new Set(['superclass', 'super_interfaces', 'extends_interfaces', 'permits'])

function basesIn(clause: ValueNode): ValueNode[] {
  return clause.children
    .flatMap((child) => (child.type === 'type_list' ? child.children : [child]))
    .filter(({ type }) => type !== 'block_comment')
}

function readGenerics(java: JavaReading, node: ValueNode, place: Place, id: SymbolId | null): void {
  for (const parameter of field(node, 'type_parameters')?.children ?? []) {
    const name = parameter.children.find(({ type }) => type === 'type_identifier' || type === 'identifier')
    if (name === undefined) continue
    const bound = childOfType(parameter, 'type_bound')
    readTypes(java, bound, place)
    java.reading.fact(id, 'generic', {
      name: java.reading.slice(name),
      trait: bound === undefined ? null : typeText(java, bound).replace(/^extends\s+/, ''),
    })
  }
}

function readMethod(java: JavaReading, node: ValueNode, place: Place): void {
  const name = field(node, 'name')
  const owner = java.reading.ownerAt((name ?? node).start)
  const within: Place = { ...place, owner, scope: new Scope(place.scope) }
  readModifiers(java, node, within)
  readGenerics(java, node, within, owner === place.owner ? null : owner)
  readTypes(java, field(node, 'type'), within)
  bindParameters(java, field(node, 'parameters'), within)
  const thrown = childOfType(node, 'throws')
  readTypes(java, thrown, within)
  const body = field(node, 'body')
  if (body !== undefined) readStatement(java, body, within)
  readExpression(java, field(node, 'value'), within)
}

function readFields(java: JavaReading, node: ValueNode, place: Place): void {
  const type = field(node, 'type')
  if (type === undefined) return
  for (const declarator of node.children) {
    const name = declarator.type === 'variable_declarator' ? field(declarator, 'name') : undefined
    if (name === undefined) continue
    const owner = java.reading.ownerAt(name.start)
    const within = { ...place, owner }
    const { base } = declaredOrigin(java, type, declarator)
    const written = base.kind === 'type' ? base.text : ''
    if (owner !== place.owner) {
      java.reading.fact(owner, 'value', { type: written })
      java.reading.fact(place.owner, 'field', { name: java.reading.slice(name), type: written })
    }
    readModifiers(java, node, within)
    readTypes(java, type, within)
    readExpression(java, field(declarator, 'value'), within)
  }
}

/** A constant of an enum makes an object of it. */
function readConstant(java: JavaReading, node: ValueNode, place: Place): void {
  const name = field(node, 'name')
  if (name === undefined) return
  const owner = java.reading.ownerAt(name.start)
  const within = { ...place, owner }
  readModifiers(java, node, within)
  const given = field(node, 'arguments')
  if (owner !== place.owner && place.owner !== null) {
    const type = simpleName(place.owner)
    java.reading.fact(owner, 'value', { type })
    java.reading.fact(place.owner, 'field', { name: java.reading.slice(name), type })
    if (given !== undefined) finish(java, java.reading.add('call', name, within, [type, 'constructor']), given, within)
  }
  const body = field(node, 'body')
  if (body !== undefined) readClassBody(java, body, UNKNOWN, within)
}

/** `src/A.java#Outer.Kind~2` is `Kind`. */
function simpleName(id: SymbolId): string {
  const path = id.slice(id.indexOf('#') + 1).replace(/~\d+$/, '')
  return path.slice(path.lastIndexOf('.') + 1)
}

/** The body of a class without a symbol: `this` is of the type that it extends, its own methods are nobody else's. */
export function readClassBody(java: JavaReading, body: ValueNode, self: ValueOrigin, place: Place): void {
  const within = inner(place)
  within.scope.bind('this', self)
  for (const member of body.children) {
    const name = field(member, 'name')
    if (member.type === 'method_declaration' && name !== undefined) within.scope.bind(localMethod(java.reading.slice(name)), UNKNOWN)
    if (member.type !== 'field_declaration') continue
    const type = field(member, 'type')
    for (const declarator of member.children) {
      const variable = declarator.type === 'variable_declarator' ? field(declarator, 'name') : undefined
      if (variable !== undefined && type !== undefined)
        within.scope.bind(java.reading.slice(variable), declaredOrigin(java, type, declarator))
    }
  }
  for (const member of body.children) readDeclaration(java, member, within)
}

/** A class in a method: seen by that method alone, so that it is part of it. */
export function readLocalType(java: JavaReading, node: ValueNode, place: Place): void {
  readModifiers(java, node, place)
  for (const clause of node.children) if (BASES.has(clause.type)) for (const type of basesIn(clause)) readTypes(java, type, place)
  const body = field(node, 'body')
  if (body !== undefined) readClassBody(java, body, UNKNOWN, place)
}
