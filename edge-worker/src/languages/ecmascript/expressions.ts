import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { closureOrigin, isUnknown, oneOf, tupleOrigin, typeOrigin, UNKNOWN, withOp, withStep } from '../value-origin.js'
import { readClass } from './classes.js'
import { readFunctionParts } from './functions.js'
import { nameOf } from './header.js'
import { nameOrigin, type ScriptPlace, type ScriptReading } from './script-reading.js'
import { readStatement, STATEMENTS } from './statements.js'
import { FUNCTION_VALUES, partsOf, stringText } from './tree.js'
import { readTypes } from './type-references.js'

type Read = (reading: ScriptReading, node: ValueNode, place: ScriptPlace) => ValueOrigin

/** Emits the references of an expression or a statement and tells where its value comes from. */
export function readExpression(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  if (FUNCTION_VALUES.has(node.type)) return readFunctionValue(reading, node, place)
  const read = EXPRESSIONS[node.type]
  if (read !== undefined) return read(reading, node, place)
  if (STATEMENTS[node.type] !== undefined) {
    readStatement(reading, node, place)
    return UNKNOWN
  }
  return readParts(reading, node, place)
}

const EXPRESSIONS: Readonly<Record<string, Read | undefined>> = {
  identifier: readName,
  shorthand_property_identifier: readName,
  undefined: () => UNKNOWN,
  this: (_reading, _node, place) => place.self,
  super: () => typeOrigin('super'),
  string: () => typeOrigin('string'),
  template_string: (reading, node, place) => (readParts(reading, node, place), typeOrigin('string')),
  number: () => typeOrigin('number'),
  true: () => typeOrigin('boolean'),
  false: () => typeOrigin('boolean'),
  regex: () => typeOrigin('RegExp'),
  call_expression: readCall,
  new_expression: readNew,
  member_expression: readMember,
  subscript_expression: readSubscript,
  await_expression: (reading, node, place) => withOp(last(reading, node, place), 'await'),
  parenthesized_expression: last,
  non_null_expression: last,
  sequence_expression: last,
  as_expression: readAs,
  satisfies_expression: readAs,
  type_assertion: readAssertion,
  ternary_expression: readTernary,
  binary_expression: readBinary,
  assignment_expression: readAssignment,
  array: (reading, node, place) => tupleOrigin(partsOf(node).map((part) => readExpression(reading, part, place))),
  pair: readPair,
  method_definition: (reading, node, place) => (readFunctionParts(reading, node, place), UNKNOWN),
  class: (reading, node, place) => (readClass(reading, node, place), UNKNOWN),
  jsx_opening_element: readElement,
  jsx_self_closing_element: readElement,
  jsx_closing_element: () => UNKNOWN,
  property_identifier: () => UNKNOWN,
  private_property_identifier: () => UNKNOWN,
  type_annotation: (reading, node, place) => (readTypes(reading, node, place), UNKNOWN),
  type_arguments: (reading, node, place) => (readTypes(reading, node, place), UNKNOWN),
  type_parameters: (reading, node, place) => (readTypes(reading, node, place), UNKNOWN),
}

export function readParts(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  for (const child of node.children) readExpression(reading, child, place)
  return UNKNOWN
}

/** The value of the last part; the parts before it are read too. */
function last(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  let value = UNKNOWN
  for (const part of partsOf(node)) value = readExpression(reading, part, place)
  return value
}

function readName(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const origin = named(reading, node, place)
  const { base, steps } = origin
  if (base.kind === 'path' && steps.length === 0) reading.addOnce('value', node, place, base.path)
  return origin
}

/** What a name stands for, without a reference to it: the receiver of a call is no value handed on. */
function named(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const name = reading.slice(node)
  return place.scope.get(name) ?? nameOrigin([name])
}

function receiverOf(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  return node.type === 'identifier' ? named(reading, node, place) : readExpression(reading, node, place)
}

function readMember(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const object = field(node, 'object')
  const property = field(node, 'property')
  if (object === undefined || property === undefined) return readParts(reading, node, place)
  return withStep(receiverOf(reading, object, place), { field: reading.slice(property) })
}

function readSubscript(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const object = field(node, 'object')
  const index = field(node, 'index')
  const origin = object === undefined ? UNKNOWN : receiverOf(reading, object, place)
  const key = stringText(reading.text, index)
  if (index !== undefined) readExpression(reading, index, place)
  return key === null ? withOp(origin, 'index') : withStep(origin, { field: key })
}

function readCall(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const callee = field(node, 'function')
  if (callee === undefined) return readParts(reading, node, place)
  const types = typeArguments(reading, node, place)
  const called = callee.type === 'parenthesized_expression' && partsOf(callee).length === 1 ? (partsOf(callee)[0] ?? callee) : callee
  if (called.type === 'super') return finish(reading.add('call', called, place, ['super', 'constructor'], { type_args: types }))
  if (called.type === 'import') return readDynamicImport(reading, node, place)
  if (called.type === 'member_expression') {
    const object = field(called, 'object')
    const property = field(called, 'property')
    if (object === undefined || property === undefined) return readParts(reading, node, place)
    const receiver = receiverOf(reading, object, place)
    return finish(reading.add('method_call', property, place, [reading.slice(property)], { receiver, type_args: types }))
  }
  const origin = called.type === 'identifier' ? named(reading, called, place) : readExpression(reading, called, place)
  const { base, steps } = origin
  const step = steps[steps.length - 1]
  if (called.type === 'identifier' && base.kind === 'path' && step === undefined) {
    return finish(reading.add('call', called, place, base.path, { type_args: types }))
  }
  // A method under a name of its own: `const { read } = file; read()`.
  if (called.type === 'identifier' && step !== undefined && 'field' in step && !('variant' in step)) {
    const receiver = { base, steps: steps.slice(0, -1) }
    return finish(reading.add('method_call', called, place, [step.field], { receiver, type_args: types }))
  }
  readArguments(reading, node, place, null)
  return withOp(origin, 'call')

  function finish(index: number): ValueOrigin {
    reading.setArguments(index, readArguments(reading, node, place, index))
    return { base: { kind: 'result', reference: index }, steps: [] }
  }
}

function typeArguments(reading: ScriptReading, node: ValueNode, place: ScriptPlace): string[] {
  const types = field(node, 'type_arguments')
  readTypes(reading, types, place)
  return types === undefined ? [] : partsOf(types).map((type) => reading.written(type))
}

function readArguments(reading: ScriptReading, node: ValueNode, place: ScriptPlace, reference: number | null): ValueOrigin[] {
  const given = field(node, 'arguments')
  if (given === undefined) return []
  // A template's own name: tag`text ${value}`.
  if (given.type === 'template_string') return (readParts(reading, given, place), [])
  return partsOf(given).map((part, argument) => {
    if (reference === null || !FUNCTION_VALUES.has(part.type)) return readExpression(reading, part, place)
    return readFunctionValue(reading, part, place, { reference, argument })
  })
}

function readDynamicImport(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const [first] = partsOf(field(node, 'arguments') ?? node)
  const specifier = stringText(reading.text, first)
  if (specifier === null) readArguments(reading, node, place, null)
  else reading.add('import', node, place, [specifier], { alias: null })
  return UNKNOWN
}

/** `new ns.Type<A>(..)` calls the constructor of the path. */
function readNew(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const made = field(node, 'constructor')
  const types = typeArguments(reading, node, place)
  const path = made === undefined ? null : pathOf(reading, made, place)
  if (made === undefined || path === null) {
    if (made !== undefined) readExpression(reading, made, place)
    readArguments(reading, node, place, null)
    return UNKNOWN
  }
  const index = reading.add('call', made, place, [...path, 'constructor'], { type_args: types })
  reading.setArguments(index, readArguments(reading, node, place, index))
  return { base: { kind: 'result', reference: index }, steps: [] }
}

/** `a.b.c` as a path, when its first name is no local variable; `null` for any other expression. */
function pathOf(reading: ScriptReading, node: ValueNode, place: ScriptPlace): readonly string[] | null {
  const origin =
    node.type === 'identifier'
      ? named(reading, node, place)
      : node.type === 'member_expression'
        ? readMember(reading, node, place)
        : UNKNOWN
  if (origin.base.kind !== 'path') return null
  const names = origin.steps.map((step) => ('field' in step && !('variant' in step) ? step.field : null))
  return names.some((name) => name === null) ? null : [...origin.base.path, ...names.filter((name) => name !== null)]
}

export interface ArgumentOf {
  readonly reference: number
  readonly argument: number
}

/** A function as a value: its parameters get what the call hands to them, its own value is what it gives back. */
export function readFunctionValue(reading: ScriptReading, node: ValueNode, place: ScriptPlace, of?: ArgumentOf): ValueOrigin {
  const returned = field(node, 'return_type')
  const value = readFunctionParts(reading, node, place, of)
  if (returned === undefined) return closureOrigin(value)
  return closureOrigin(typeOrigin(reading.written(returned).replace(/^:\s*/, '')))
}

function readAs(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const [value, type] = partsOf(node)
  const origin = value === undefined ? UNKNOWN : readExpression(reading, value, place)
  if (type === undefined) return origin
  readTypes(reading, type, place)
  const written = reading.written(type)
  return node.type === 'satisfies_expression' || /^(?:const|any|unknown|never)$/.test(written) ? origin : typeOrigin(written)
}

function readAssertion(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const parts = partsOf(node)
  const value = parts[parts.length - 1]
  const types = parts.length > 1 ? parts[0] : undefined
  readTypes(reading, types, place)
  const origin = value === undefined ? UNKNOWN : readExpression(reading, value, place)
  return types === undefined ? origin : typeOrigin(reading.written(types).replace(/^<|>$/g, ''))
}

function readTernary(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const condition = field(node, 'condition')
  if (condition !== undefined) readExpression(reading, condition, place)
  return oneOf(
    ['consequence', 'alternative'].flatMap((name) => {
      const part = field(node, name)
      return part === undefined ? [] : [readExpression(reading, part, place)]
    }),
  )
}

function readBinary(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const left = field(node, 'left')
  const right = field(node, 'right')
  if (left === undefined || right === undefined) return readParts(reading, node, place)
  const operator = reading.text
    .slice(left.end, right.start)
    .replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, '')
    .trim()
  const first = readExpression(reading, left, place)
  const second = readExpression(reading, right, place)
  if (operator === '||' || operator === '??') return oneOf([first, second])
  if (operator === '&&') return second
  return /^(?:[=!<>]=?=?|in|instanceof)$/.test(operator) ? typeOrigin('boolean') : UNKNOWN
}

function readAssignment(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const left = field(node, 'left')
  const right = field(node, 'right')
  if (left !== undefined && left.type !== 'identifier') readExpression(reading, left, place)
  return right === undefined ? UNKNOWN : readExpression(reading, right, place)
}

function readPair(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const key = field(node, 'key')
  if (key?.type === 'computed_property_name') readParts(reading, key, place)
  const value = field(node, 'value')
  return value === undefined ? UNKNOWN : readExpression(reading, value, place)
}

/** `<Panel.Title size={1}>` uses what it names; an element in small letters is the page's. */
function readElement(reading: ScriptReading, node: ValueNode, place: ScriptPlace): ValueOrigin {
  const name = field(node, 'name')
  for (const child of node.children) if (child !== name) readExpression(reading, child, place)
  if (name === undefined) return UNKNOWN
  const path = nameOf(reading.text, name).split('.')
  const origin = place.scope.get(path[0] ?? '')
  const isLocal = origin !== undefined && !(origin.base.kind === 'path' && isUnknown(origin) === false && origin.steps.length === 0)
  if (/^[\p{Lu}$_]/u.test(path[0] ?? '') && !isLocal) reading.addOnce('value', name, place, path)
  return UNKNOWN
}
