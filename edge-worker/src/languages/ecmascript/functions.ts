import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { Scope } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneOf, typeOrigin, UNKNOWN } from '../value-origin.js'
import { readExpression, type ArgumentOf } from './expressions.js'
import { nameOf } from './header.js'
import { documentedTypes } from './jsdoc-types.js'
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
  const self = isArrow || node.type === 'method_definition' ? place.self : made(reading, node)
  const within: ScriptPlace = { ...place, scope: new Scope(place.scope), level: 'body', returns: [], self: selfOf(reading, node) ?? self }
  readGenerics(reading, node, within)
  const key = field(node, 'name')
  if (key?.type === 'computed_property_name') readExpression(reading, key, place)
  const told = documentedParameters(reading, node, place)
  readParameters(reading, node, within, { of, told })
  readTypes(reading, field(node, 'return_type'), within)
  const body = field(node, 'body')
  if (body === undefined) return UNKNOWN
  if (body.type !== 'statement_block') return readExpression(reading, body, within)
  readBody(reading, body, within)
  return oneOf(within.returns)
}

/** `this` of a function that makes objects, as its capital letter tells. */
function made(reading: ScriptReading, node: ValueNode): ValueOrigin {
  const name = nameOf(reading.text, field(node, 'name'))
  return node.type === 'function_declaration' && /^[A-Z]/.test(name) ? typeOrigin(name) : UNKNOWN
}

/** `function (this: Window)`. */
function selfOf(reading: ScriptReading, node: ValueNode): ValueOrigin | null {
  const [first] = partsOf(field(node, 'parameters') ?? node)
  const type = first === undefined || field(first, 'pattern')?.type !== 'this' ? undefined : field(first, 'type')
  return type === undefined ? null : typeOrigin(typeText(reading, type))
}

interface Told {
  readonly of: ArgumentOf | undefined
  readonly told: ReadonlyMap<string, string> | null
}

function readParameters(reading: ScriptReading, node: ValueNode, place: ScriptPlace, { of, told }: Told): void {
  const single = field(node, 'parameter')
  const list = field(node, 'parameters')
  const parameters = single !== undefined ? [single] : list === undefined ? [] : partsOf(list)
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

/**
 * Types that `@param {Type} name` tells, by name; `null` where the function has no docs of its own: one without a name inside
 * of another would be given the other's.
 */
function documentedParameters(reading: ScriptReading, node: ValueNode, around: ScriptPlace): ReadonlyMap<string, string> | null {
  const owner = reading.ownerAt(node.start)
  const name = nameOf(reading.text, field(node, 'name'))
  if (owner === null || (name === '' ? around.level === 'body' : !owner.replace(/~\d+$/, '').endsWith(name))) return null
  return documentedTypes(reading.docs.get(owner)).parameters
}
