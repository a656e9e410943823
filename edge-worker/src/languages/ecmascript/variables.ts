import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { assignedExports } from './assigned-items.js'
import { nameOf, parametersOf, returnTypeOf, written } from './header.js'
import { readClassBody, readObjectMembers } from './members.js'
import { FUNCTION_VALUES, hasMark, stringText, unwrapped } from './tree.js'
import { ownWrapping, readInside, type Level, type Place, type Walk, type Wrapping } from './walk-items.js'

/** Names that `const`, `let` and `var` declare at the top of a file or namespace. */
export function readVariables(walk: Walk, node: ValueNode, place: Place, wrapping?: Wrapping): void {
  const declarators = node.children.filter((child) => child.type === 'variable_declarator')
  const around = wrapping ?? ownWrapping(walk.text, node)
  const isVar = hasMark(node, 'var')
  for (const [index, declarator] of declarators.entries()) {
    const value = valueOf(declarator)
    if (!isItemDeclarator(place.level, isVar, value) || isRequire(walk.text, value))
      readInside(walk, declarator, { ...place, exportsAll: false })
    else readDeclarator(walk, node, declarator, { place, around, index, count: declarators.length })
  }
}

interface Declared {
  readonly place: Place
  readonly around: Wrapping
  readonly index: number
  readonly count: number
}

function readDeclarator(walk: Walk, statement: ValueNode, declarator: ValueNode, { place, around, index, count }: Declared): void {
  const { text } = walk
  const name = field(declarator, 'name')
  if (name === undefined) return
  const words = text.slice(around.head, statement.children.find((child) => child.type === 'variable_declarator')?.start).trim()
  const isSole = count === 1
  const first: Wrapping = { ...around, end: isSole ? around.end : declarator.end }
  const own: Wrapping = { ...around, start: declarator.start, head: declarator.start, end: declarator.end, decorators: [] }
  if (name.type !== 'identifier') return readPattern(walk, declarator, name, { place, around, words })
  const wrapping = index === 0 ? first : own
  const value = valueOf(declarator)
  const body = field(declarator, 'value')?.start ?? wrapping.end
  const type = hasMark(statement, 'const') ? 'const' : 'variable'
  const shared = { name: written(text, name), parent: place.parent, prefix: index === 0 ? '' : `${words} ` }
  if (value !== undefined && FUNCTION_VALUES.has(value.type)) {
    const start = field(value, 'body')?.start ?? body
    const header = { parameters: parametersOf(text, value), returnType: returnTypeOf(text, value) }
    const item = walk.add(declarator, { ...shared, ...header, type: 'function', body: start, signatureEnd: start }, wrapping)
    readInside(walk, value, { parent: item, level: 'body', exportsAll: false })
  } else if (value?.type === 'class') {
    const start = field(value, 'body')?.start ?? body
    const item = walk.add(declarator, { ...shared, type: 'class', body: start, signatureEnd: start }, wrapping)
    readClassBody(walk, value, place, item)
  } else {
    const item = walk.add(declarator, { ...shared, type, body, signatureEnd: body }, wrapping)
    if (value?.type === 'object') readObjectMembers(walk, value, item)
    else readInside(walk, declarator, { parent: item, level: 'body', exportsAll: false })
  }
  for (const exported of assignedExports(text, field(declarator, 'value')))
    walk.exports.push({ local: shared.name, exported, parent: place.parent, node: declarator })
}

/** Each name that a pattern binds. */
function readPattern(
  walk: Walk,
  declarator: ValueNode,
  pattern: ValueNode,
  { place, around, words }: { readonly place: Place; readonly around: Wrapping; readonly words: string },
): void {
  for (const name of boundNames(pattern)) {
    const wrapping: Wrapping = { ...around, start: name.start, head: name.start, end: name.end, decorators: [] }
    const type = /\bconst\b/.test(words) ? 'const' : 'variable'
    const item = {
      type,
      name: nameOf(walk.text, name),
      parent: place.parent,
      prefix: `${words} `,
      body: name.end,
      signatureEnd: name.end,
    } as const
    walk.add(name, { ...item, at: around.start, start: name.start }, wrapping)
  }
  readInside(walk, declarator, { ...place, level: 'body', exportsAll: false })
}

export function boundNames(pattern: ValueNode): ValueNode[] {
  switch (pattern.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      return [pattern]
    case 'pair_pattern':
      return [field(pattern, 'value')].flatMap((value) => (value === undefined ? [] : boundNames(value)))
    case 'assignment_pattern':
    case 'object_assignment_pattern':
      return [field(pattern, 'left')].flatMap((left) => (left === undefined ? [] : boundNames(left)))
    case 'object_pattern':
    case 'array_pattern':
    case 'rest_pattern':
      return pattern.children.flatMap(boundNames)
    default:
      return []
  }
}

/** The value at the end of `a = exports = module.exports = {}`. */
export function valueOf(declarator: ValueNode): ValueNode | undefined {
  let value = field(declarator, 'value')
  if (value === undefined) return undefined
  value = unwrapped(value)
  while (value.type === 'assignment_expression') {
    const right = field(value, 'right')
    if (right === undefined) return value
    value = unwrapped(right)
  }
  return value
}

/** Names at the top of a file or namespace are items; in a block there, what outlives it and what can be called. */
export function isItemDeclarator(level: Level, isVar: boolean, value: ValueNode | undefined): boolean {
  return level === 'module' || (level === 'block' && (isVar || (value !== undefined && isCallable(value))))
}

function isCallable(value: ValueNode): boolean {
  return FUNCTION_VALUES.has(value.type) || value.type === 'class'
}

/** `require('x')`, `require('x').y`: an import, whatever it is bound to. */
export function isRequire(text: string, value: ValueNode | undefined): boolean {
  return requiredModule(text, value) !== null
}

/** The specifier of `require('x')` and the property read of it, `null` for any other value. */
export function requiredModule(
  text: string,
  value: ValueNode | undefined,
): { readonly specifier: string; readonly property: string | null } | null {
  if (value === undefined) return null
  if (value.type === 'member_expression') {
    const object = field(value, 'object')
    const required = requiredModule(text, object === undefined ? undefined : unwrapped(object))
    return required?.property === null ? { ...required, property: nameOf(text, field(value, 'property')) } : null
  }
  if (value.type !== 'call_expression') return null
  const callee = field(value, 'function')
  if (callee?.type !== 'identifier' || text.slice(callee.start, callee.end) !== 'require') return null
  const specifier = stringText(text, field(value, 'arguments')?.children[0])
  return specifier === null ? null : { specifier, property: null }
}
