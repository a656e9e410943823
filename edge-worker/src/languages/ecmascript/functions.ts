import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { Scope } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneOf, typeOrigin, UNKNOWN } from '../value-origin.js'
import { readExpression, type ArgumentOf } from './expressions.js'
import { bindPattern } from './patterns.js'
import type { ScriptPlace, ScriptReading } from './script-reading.js'
import { readBody } from './statements.js'
import { partsOf } from './tree.js'
import { readGenerics, readTypes } from './type-references.js'

/**
 * Parameters, types and body of a function or method of any kind; the value is what it gives back, as its `return`s tell.
 * `of` names the call whose argument it is.
 */
export function readFunctionParts(reading: ScriptReading, node: ValueNode, place: ScriptPlace, of?: ArgumentOf): ValueOrigin {
  const isArrow = node.type === 'arrow_function'
  const self = isArrow || node.type === 'method_definition' ? place.self : UNKNOWN
  const within: ScriptPlace = { ...place, scope: new Scope(place.scope), level: 'body', returns: [], self: selfOf(reading, node) ?? self }
  readGenerics(reading, node, within)
  const key = field(node, 'name')
  if (key?.type === 'computed_property_name') readExpression(reading, key, place)
  readParameters(reading, node, within, of)
  readTypes(reading, field(node, 'return_type'), within)
  const body = field(node, 'body')
  if (body === undefined) return UNKNOWN
  if (body.type !== 'statement_block') return readExpression(reading, body, within)
  readBody(reading, body, within)
  return oneOf(within.returns)
}

/** `function (this: Window)`. */
function selfOf(reading: ScriptReading, node: ValueNode): ValueOrigin | null {
  const [first] = partsOf(field(node, 'parameters') ?? node)
  const type = first === undefined || field(first, 'pattern')?.type !== 'this' ? undefined : field(first, 'type')
  return type === undefined ? null : typeOrigin(typeText(reading, type))
}

function readParameters(reading: ScriptReading, node: ValueNode, place: ScriptPlace, of: ArgumentOf | undefined): void {
  const single = field(node, 'parameter')
  const list = field(node, 'parameters')
  const parameters = single !== undefined ? [single] : list === undefined ? [] : partsOf(list)
  const told = parameters.length === 0 ? null : documentedTypes(reading, node)
  parameters.forEach((parameter, index) => {
    const pattern = field(parameter, 'pattern') ?? parameter
    for (const decorator of parameter.children) if (decorator.type === 'decorator') readExpression(reading, decorator, place)
    const type = field(parameter, 'type')
    const value = field(parameter, 'value')
    readTypes(reading, type, place)
    const fallback = value === undefined ? UNKNOWN : readExpression(reading, value, place)
    const documented = told?.get(reading.slice(field(pattern, 'left') ?? pattern))
    const handed: ValueOrigin =
      of === undefined
        ? fallback
        : { base: { kind: 'closure_parameter', reference: of.reference, argument: of.argument, parameter: index }, steps: [] }
    const origin = type !== undefined ? typeOrigin(typeText(reading, type)) : documented !== undefined ? typeOrigin(documented) : handed
    bindPattern(reading, pattern, origin, place)
  })
}

export function typeText(reading: ScriptReading, annotation: ValueNode): string {
  return reading.written(annotation).replace(/^\??:\s*/, '')
}

/** Types that `@param {Type} name` tells, by name; `null` where the function has no docs of its own. */
function documentedTypes(reading: ScriptReading, node: ValueNode): ReadonlyMap<string, string> | null {
  const owner = reading.ownerAt(node.start)
  const docs =
    owner === null || (node.type === 'arrow_function' && reading.ownerAt(node.end) === owner) ? undefined : reading.docs.get(owner)
  if (docs === undefined || !docs.includes('@param')) return null
  const types = new Map<string, string>()
  for (const match of docs.matchAll(/@param\s+\{([^{}\n]{1,200})\}\s+\[?([\w$]+)(?![\w$.[])/g)) {
    if (match[1] !== undefined && match[2] !== undefined) types.set(match[2], match[1].replace(/=$/, '').replace(/^\.\.\.(.*)$/, '$1[]'))
  }
  return types
}
