import type { SymbolId } from '@doctown/common/contracts/ids.js'
import { Scope, type Place } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { lastPart, readDeclarator } from './declarators.js'
import { finish } from './value-calls.js'
import { readExpression } from './value-expressions.js'
import { inner, type CReading } from './value-place.js'
import { bindParameters, readStatement } from './value-statements.js'
import { declaredText, pathOf, readTypes } from './value-types.js'

/** A declaration outside of functions, or a type inside of one. `place.owner` is what it is written in. */
export function readTop(c: CReading, node: ValueNode, place: Place): void {
  if (c.isLate()) return
  switch (node.type) {
    case 'function_definition':
      readFunction(c, node, place)
      return
    case 'declaration':
    case 'field_declaration':
      readDeclared(c, node, place)
      return
    case 'type_definition':
      readTypedef(c, node, place)
      return
    case 'struct_specifier':
    case 'class_specifier':
    case 'union_specifier':
    case 'enum_specifier':
      readTagged(c, node, place)
      return
    case 'template_declaration': {
      const declared = node.children[node.children.length - 1]
      if (declared !== undefined) readTemplate(c, node, declared, place)
      return
    }
    case 'namespace_definition': {
      const body = field(node, 'body')
      const owner = c.reading.ownerAt(node.start)
      for (const child of body?.children ?? []) readTop(c, child, { ...place, owner })
      return
    }
    case 'using_declaration':
      readUsing(c, node, place)
      return
    case 'alias_declaration': {
      const name = field(node, 'name')
      const type = field(node, 'type')
      const owner = c.reading.ownerAt((name ?? node).start)
      if (type !== undefined && owner !== place.owner) c.reading.fact(owner, 'alias', { type: oneLine(c.reading.slice(type)) })
      readTypes(c, type, { ...place, owner })
      return
    }
    case 'namespace_alias_definition': {
      const [name, target] = node.children
      if (name !== undefined && target !== undefined) {
        c.reading.add('import', node, place, ['', pathOf(c, target).join('::')], { alias: c.reading.slice(name) })
      }
      return
    }
    case 'friend_declaration': {
      const defined = childOfType(node, 'function_definition')
      if (defined !== undefined) readFunction(c, defined, place)
      return
    }
    case 'linkage_specification':
    case 'declaration_list':
    case 'field_declaration_list':
    case 'ERROR':
      for (const child of node.children) readTop(c, child, place)
      return
    default:
  }
}

/** `using ns::X` binds `X`, `using namespace ns` all of it. */
function readUsing(c: CReading, node: ValueNode, place: Place): void {
  const [name] = node.children
  if (name === undefined) return
  const path = pathOf(c, name)
  const isNamespace = /^using\s+namespace\b/.test(c.reading.text.slice(node.start, node.start + 40))
  const alias = isNamespace ? '*' : (path[path.length - 1] ?? '')
  c.reading.add('import', node, place, ['', path.join('::')], { alias })
}

function readTemplate(c: CReading, node: ValueNode, declared: ValueNode, place: Place): void {
  const within = inner(place)
  const names: { readonly name: string; readonly bound: string | null }[] = []
  for (const parameter of field(node, 'parameters')?.children ?? []) {
    const name = field(parameter, 'name') ?? childOfType(parameter, 'type_identifier')
    if (parameter.type.includes('type_parameter') && name !== undefined) names.push({ name: c.reading.slice(name), bound: null })
    readTypes(c, field(parameter, 'default_type'), within)
  }
  const target = symbolOf(c, declared)
  if (target !== null && target !== place.owner)
    for (const { name, bound } of names) c.reading.fact(target, 'generic', { name, trait: bound })
  readTop(c, declared, place)
}

/** The symbol that a declaration makes, by the offset of its name. */
function symbolOf(c: CReading, node: ValueNode): SymbolId | null {
  const name = field(node, 'name') ?? readDeclarator(field(node, 'declarator'), c.reading.text)?.name ?? node
  return c.reading.ownerAt(name.start)
}

function readFunction(c: CReading, node: ValueNode, place: Place): void {
  const declarator = field(node, 'declarator')
  const declared = readDeclarator(declarator, c.reading.text)
  const owner = c.reading.ownerAt((declared?.name ?? node).start)
  const within: Place = { owner, scope: new Scope(place.scope), inMacro: false }
  readTypes(c, field(node, 'type'), within)
  bindParameters(c, declared?.parameters, within)
  for (const child of node.children) {
    // `int f(a) int a; {`: types of parameters as C had them first.
    if (child.type === 'declaration') readStatement(c, child, within)
    else if (child.type === 'field_initializer_list') readInitializers(c, child, within)
    else if (child.type === 'compound_statement' || child.type === 'try_statement') readStatement(c, child, within)
  }
}

/** `Shop() : Base(1), count_(2)`: a base's constructor runs; of a member nobody sees from here which. */
function readInitializers(c: CReading, node: ValueNode, place: Place): void {
  for (const initializer of node.children) {
    const [name, given] = initializer.children
    if (initializer.type !== 'field_initializer' || name === undefined) continue
    const path = pathOf(c, name)
    finish(c, c.reading.add('call', name, place, [...path, 'constructor']), given, place)
  }
}

function readDeclared(c: CReading, node: ValueNode, place: Place): void {
  const type = field(node, 'type')
  const standard = field(node, 'default_value')
  if (type !== undefined && field(type, 'body') !== undefined) readTagged(c, type, place)
  for (const child of node.children) {
    if (child.field !== 'declarator') continue
    const declared = readDeclarator(child, c.reading.text)
    if (declared === null) continue
    const owner = c.reading.ownerAt(lastPart(declared.name).start)
    const within: Place = { ...place, owner, scope: new Scope(place.scope) }
    readTypes(c, type, within)
    if (declared.isFunction) {
      bindParameters(c, declared.parameters, within)
      continue
    }
    const written = type === undefined ? '' : declaredText(c, type, declared)
    if (owner !== place.owner) c.reading.fact(owner, 'value', { type: written })
    if (node.type === 'field_declaration') c.reading.fact(place.owner, 'field', { name: c.reading.slice(declared.name), type: written })
    readExpression(c, field(child, 'value') ?? standard, within)
  }
  if (type !== undefined && !node.children.some((child) => child.field === 'declarator')) readTypes(c, type, place)
}

function readTypedef(c: CReading, node: ValueNode, place: Place): void {
  const type = field(node, 'type')
  if (type === undefined) return
  if (field(type, 'body') !== undefined) readTagged(c, type, place, node)
  for (const child of node.children) {
    if (child.field !== 'declarator') continue
    const declared = readDeclarator(child, c.reading.text)
    const owner = declared === null ? null : c.reading.ownerAt(declared.name.start)
    if (declared === null || owner === null || owner === place.owner) continue
    // `typedef struct A A;` says nothing about what an A is.
    const written = declaredText(c, type, declared)
    const name = c.reading.slice(declared.name)
    if (!declared.isFunction && written.replace(/^(?:struct|union|enum)\s+/, '') !== name) c.reading.fact(owner, 'alias', { type: written })
    readTypes(c, type, { ...place, owner })
  }
}

/** A struct, union, enum or class with its bases, fields and members. */
function readTagged(c: CReading, node: ValueNode, place: Place, whole: ValueNode = node): void {
  const body = field(node, 'body')
  const name = field(node, 'name')
  if (body === undefined) return
  const owner = name === undefined && whole === node ? place.owner : c.reading.ownerAt((name ?? whole).start)
  const within: Place = { owner, scope: new Scope(place.scope), inMacro: false }
  const id = owner === place.owner ? null : owner
  for (const base of childOfType(node, 'base_class_clause')?.children ?? []) {
    if (base.type === 'access_specifier') continue
    const path = pathOf(c, base)
    if (path.length === 0 || !/^\w/.test(path[0] ?? '')) continue
    c.reading.fact(id, 'supertrait', { trait: oneLine(c.reading.slice(base)) })
    if (id !== null) c.reading.add('implements', base, within, path)
    for (const child of base.children) if (child.type === 'template_argument_list') readTypes(c, child, within)
  }
  for (const child of body.children) {
    if (child.type !== 'enumerator') {
      readTop(c, child, within)
      continue
    }
    const constant = field(child, 'name')
    if (constant === undefined) continue
    const own = c.reading.ownerAt(constant.start)
    if (name !== undefined && own !== owner) c.reading.fact(own, 'value', { type: c.reading.slice(name) })
    readExpression(c, field(child, 'value'), { ...within, owner: own })
  }
}
