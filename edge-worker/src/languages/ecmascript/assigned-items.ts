import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { nameOf, parametersOf, returnTypeOf, written } from './header.js'
import { readClassBody, readObjectMembers } from './members.js'
import { FUNCTION_VALUES, unwrapped } from './tree.js'
import { isRequire } from './variables.js'
import { ownWrapping, readInside, type Place, type Walk, type Wrapping } from './walk-items.js'

/** What an assignment's left-hand side names. */
type Target =
  | { readonly kind: 'export'; readonly name: string }
  /** `exports = ..`, which by itself exports nothing. */
  | { readonly kind: 'alias' }
  | { readonly kind: 'member'; readonly owner: string; readonly name: string; readonly isPrototype: boolean }
  | { readonly kind: 'prototype'; readonly owner: string }
  | { readonly kind: 'other' }

/** CommonJS exports, and functions put on objects and prototypes. False when the assignment is neither. */
export function readAssignment(walk: Walk, statement: ValueNode, assignment: ValueNode, place: Place): boolean {
  const { text } = walk
  const targets: Target[] = []
  const lefts: ValueNode[] = []
  let value = assignment
  while (value.type === 'assignment_expression') {
    const left = field(value, 'left')
    const right = field(value, 'right')
    if (left === undefined || right === undefined) return false
    targets.push(targetOf(text, left))
    lefts.push(left)
    value = unwrapped(right)
  }
  const exported = targets.flatMap((target) => (target.kind === 'export' ? [target.name] : []))
  const [member] = targets.flatMap((target) => (target.kind === 'member' ? [target] : []))
  const [prototype] = targets.flatMap((target) => (target.kind === 'prototype' ? [target] : []))
  if (exported.length > 0) {
    walk.isModule = true
    readExported(walk, statement, value, { exported, place })
    return true
  }
  if (prototype !== undefined && value.type === 'object') {
    readPrototype(walk, value, prototype.owner)
    return true
  }
  // What else is put on a name of this file is a field of it; of other names nothing is known.
  if (member === undefined || value.type === 'identifier' || (!FUNCTION_VALUES.has(value.type) && !walk.names.has(member.owner)))
    return false
  addAssigned(walk, statement, value, { name: member.name, owner: member.owner, place, isExported: true })
  for (const [index, target] of targets.entries()) {
    const left = lefts[index]
    if (target.kind === 'member' && target !== member && left !== undefined) addSecondName(walk, left, value, { target, place })
  }
  return true
}

/** `req.get = req.header = function ..`: the text is the first name's, the second has its own place. */
function addSecondName(
  walk: Walk,
  left: ValueNode,
  value: ValueNode,
  { target, place }: { readonly target: Extract<Target, { readonly kind: 'member' }>; readonly place: Place },
): void {
  const isFunction = FUNCTION_VALUES.has(value.type)
  const header = isFunction ? { parameters: parametersOf(walk.text, value), returnType: returnTypeOf(walk.text, value) } : {}
  const { name, owner } = target
  const shared = { name, owner, parent: place.parent, body: left.end, signatureEnd: left.end, isExported: true }
  walk.add(left, { ...shared, ...header, type: isFunction ? 'method' : 'field', visibility: 'inherited' })
}

/** Names under which the end of a chain of assignments, `var app = exports = module.exports = {}`, is exported. */
export function assignedExports(text: string, value: ValueNode | undefined): string[] {
  const names: string[] = []
  for (let at = value; at?.type === 'assignment_expression'; at = field(at, 'right')) {
    const left = field(at, 'left')
    const target = left === undefined ? null : targetOf(text, left)
    if (target?.kind === 'export') names.push(target.name)
  }
  return names
}

export function targetOf(text: string, left: ValueNode): Target {
  if (left.type === 'identifier') return written(text, left) === 'exports' ? { kind: 'alias' } : { kind: 'other' }
  const object = field(left, 'object')
  const property = field(left, 'property')
  if (left.type !== 'member_expression' || object === undefined || property === undefined) return { kind: 'other' }
  const name = written(text, property)
  const owner = text.slice(object.start, object.end)
  if (owner === 'module' && name === 'exports') return { kind: 'export', name: 'default' }
  if (owner === 'exports' || owner === 'module.exports') return { kind: 'export', name }
  if (object.type === 'identifier')
    return name === 'prototype' ? { kind: 'prototype', owner } : { kind: 'member', owner, name, isPrototype: false }
  const prototypeOf = /^([\w$]+)\.prototype$/.exec(owner)?.[1]
  return prototypeOf === undefined ? { kind: 'other' } : { kind: 'member', owner: prototypeOf, name, isPrototype: true }
}

interface Exported {
  readonly exported: readonly string[]
  readonly place: Place
}

function readExported(walk: Walk, statement: ValueNode, value: ValueNode, { exported, place }: Exported): void {
  const { text } = walk
  const [name = 'default'] = exported
  if (value.type === 'identifier') {
    const local = written(text, value)
    // `exports.a = undefined` comes first in what compilers write.
    if (local !== 'undefined') for (const each of exported) walk.exports.push({ local, exported: each, parent: place.parent, node: value })
    return
  }
  if (isRequire(text, value) || (value.type === 'unary_expression' && text.startsWith('void', value.start))) return
  if (value.type === 'object' && name === 'default') return readExportedObject(walk, value, place)
  const ownName = nameOf(text, field(value, 'name'))
  if (name === 'default' && ownName !== '') walk.exports.push({ local: ownName, exported: name, parent: place.parent, node: value })
  addAssigned(walk, statement, value, { name: name === 'default' && ownName !== '' ? ownName : name, owner: null, place, isExported: true })
}

/** `module.exports = { a, b: c, d() {} }`: each property is a name that others import. */
function readExportedObject(walk: Walk, object: ValueNode, place: Place): void {
  const { text } = walk
  for (const property of object.children) {
    const value = property.type === 'pair' ? unwrapped(field(property, 'value') ?? property) : property
    if (property.type === 'shorthand_property_identifier') {
      walk.exports.push({ local: written(text, property), exported: written(text, property), parent: place.parent, node: property })
    } else if (property.type === 'pair' && value.type === 'identifier') {
      walk.exports.push({
        local: written(text, value),
        exported: nameOf(text, field(property, 'key')),
        parent: place.parent,
        node: property,
      })
    } else if (property.type === 'method_definition') {
      addAssigned(walk, property, property, { name: nameOf(text, field(property, 'name')), owner: null, place, isExported: true })
    } else if (property.type === 'pair' && !isRequire(text, value)) {
      addAssigned(walk, property, value, { name: nameOf(text, field(property, 'key')), owner: null, place, isExported: true })
    } else readInside(walk, property, { ...place, level: 'body' })
  }
}

/** `Foo.prototype = { bar: function () {} }` */
function readPrototype(walk: Walk, object: ValueNode, owner: string): void {
  for (const property of object.children) {
    const value = property.type === 'pair' ? unwrapped(field(property, 'value') ?? property) : property
    const key = field(property, property.type === 'pair' ? 'key' : 'name')
    if (value.type !== 'method_definition' && !FUNCTION_VALUES.has(value.type)) continue
    const place: Place = { parent: -1, level: 'body', exportsAll: false }
    addAssigned(walk, property, value, { name: nameOf(walk.text, key), owner, place, isExported: true })
  }
}

interface Assigned {
  readonly name: string
  readonly owner: string | null
  readonly place: Place
  readonly isExported: boolean
}

function addAssigned(walk: Walk, statement: ValueNode, value: ValueNode, { name, owner, place, isExported }: Assigned): void {
  const { text } = walk
  const wrapping: Wrapping = { ...ownWrapping(text, statement), isExported: owner === null && isExported }
  const shared = { name, owner, parent: place.parent, isExported }
  const isFunction = FUNCTION_VALUES.has(value.type) || value.type === 'method_definition'
  if (isFunction) {
    const body = field(value, 'body')?.start ?? statement.end
    const header = { parameters: parametersOf(text, value), returnType: returnTypeOf(text, value) }
    const type = owner === null ? 'function' : 'method'
    const index = walk.add(statement, { ...shared, ...header, type, body, signatureEnd: body }, wrapping)
    return readInside(walk, value, { parent: index, level: 'body', exportsAll: false })
  }
  const body = value.type === 'class' ? (field(value, 'body')?.start ?? value.start) : value.start
  const type = value.type === 'class' ? 'class' : owner === null ? 'const' : 'field'
  const index = walk.add(statement, { ...shared, type, body, signatureEnd: body }, wrapping)
  if (value.type === 'class') readClassBody(walk, value, place, index)
  else if (value.type === 'object') readObjectMembers(walk, value, index)
  else readInside(walk, value, { parent: index, level: 'body', exportsAll: false })
}
