import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { Place } from '../reading.js'
import { closureOrigin, typeOrigin, UNKNOWN, withOp, withStep } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { readCall, readConversion } from './value-calls.js'
import type { GoReading } from './value-place.js'
import { inner, isPackage } from './value-place.js'
import { bindParameters, readStatement } from './value-statements.js'
import { readTypes } from './value-types.js'

type Read = (go: GoReading, node: ValueNode, place: Place) => ValueOrigin

/** Emits the references of an expression and tells where its value comes from. */
export function readExpression(go: GoReading, node: ValueNode | undefined, place: Place): ValueOrigin {
  return node === undefined ? UNKNOWN : (READERS[node.type] ?? readParts)(go, node, place)
}

const READERS: Readonly<Record<string, Read | undefined>> = {
  identifier: readName,
  selector_expression: readSelector,
  call_expression: readCall,
  type_conversion_expression: readConversion,
  composite_literal: readLiteral,
  func_literal: readFunction,
  parenthesized_expression: (go, node, place) => readExpression(go, node.children[0], place),
  unary_expression: readUnary,
  binary_expression: readBinary,
  index_expression: readIndex,
  slice_expression: (go, node, place) => {
    const value = readExpression(go, field(node, 'operand'), place)
    for (const child of node.children) if (child.field !== 'operand') readExpression(go, child, place)
    return withOp(value, 'slice')
  },
  type_assertion_expression: (go, node, place) => {
    readExpression(go, field(node, 'operand'), place)
    const type = field(node, 'type')
    readTypes(go, type, place)
    return type === undefined ? UNKNOWN : typeOrigin(oneLine(go.reading.slice(type)))
  },
  variadic_argument: (go, node, place) => readExpression(go, node.children[0], place),
  literal_element: (go, node, place) => readExpression(go, node.children[0], place),
  keyed_element: readKeyed,
  interpreted_string_literal: () => typeOrigin('string'),
  raw_string_literal: () => typeOrigin('string'),
  int_literal: () => typeOrigin('int'),
  float_literal: () => typeOrigin('float64'),
  rune_literal: () => typeOrigin('rune'),
  true: () => typeOrigin('bool'),
  false: () => typeOrigin('bool'),
  comment: () => UNKNOWN,
  // Types stand among the arguments of `make` and `new`.
  type_identifier: readType,
  qualified_type: readType,
  pointer_type: readType,
  slice_type: readType,
  array_type: readType,
  map_type: readType,
  channel_type: readType,
  generic_type: readType,
  function_type: readType,
  struct_type: readType,
  interface_type: readType,
}

function readParts(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  for (const child of node.children) readExpression(go, child, place)
  return UNKNOWN
}

function readType(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  readTypes(go, node, place)
  return typeOrigin(oneLine(go.reading.slice(node)))
}

function readName(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  const name = go.reading.slice(node)
  const local = place.scope.get(name)
  if (local !== undefined) return local
  if (name === '_' || name === '') return UNKNOWN
  go.reading.addOnce('value', node, place, [name])
  return { base: { kind: 'path', path: [name] }, steps: [] }
}

function readSelector(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  const operand = field(node, 'operand')
  const name = field(node, 'field')
  if (name === undefined) return readParts(go, node, place)
  if (isPackage(go, operand, place)) {
    const path = [go.reading.slice(operand), go.reading.slice(name)]
    go.reading.addOnce('value', node, place, path)
    return { base: { kind: 'path', path }, steps: [] }
  }
  return withStep(readExpression(go, operand, place), { field: go.reading.slice(name) })
}

function readUnary(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  const value = readExpression(go, field(node, 'operand'), place)
  const mark = go.reading.text.slice(node.start, node.start + 2)
  if (mark === '<-') return withOp(value, 'iter_item')
  if (mark.startsWith('!')) return typeOrigin('bool')
  // A pointer has the members of what it points at.
  return value
}

function readBinary(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  const [left, right] = [field(node, 'left'), field(node, 'right')]
  const value = readExpression(go, left, place)
  readExpression(go, right, place)
  if (left === undefined || right === undefined) return UNKNOWN
  return /[=!<>]=|&&|\|\||^\s*[<>]\s*$/.test(go.reading.text.slice(left.end, right.start)) ? typeOrigin('bool') : withOp(value, 'binary')
}

function readIndex(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  const value = readExpression(go, field(node, 'operand'), place)
  readExpression(go, field(node, 'index'), place)
  return withOp(value, 'index')
}

/** `T{a: 1}`, `[]T{..}`, `map[K]T{..}`. */
function readLiteral(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  const type = field(node, 'type')
  readTypes(go, type, place)
  readExpression(go, field(node, 'body'), place)
  return type === undefined ? UNKNOWN : typeOrigin(oneLine(go.reading.slice(type)))
}

/** A plain word as a key is a field's name, or that of a constant which says little. */
function readKeyed(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  const key = field(node, 'key')
  if (key?.children[0]?.type !== 'identifier') readExpression(go, key, place)
  return readExpression(go, field(node, 'value'), place)
}

function readFunction(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  const within = inner(place)
  bindParameters(go, field(node, 'parameters'), within)
  const result = field(node, 'result')
  if (result?.type === 'parameter_list') bindParameters(go, result, within)
  else readTypes(go, result, place)
  const body = field(node, 'body')
  if (body !== undefined) readStatement(go, body, within)
  return closureOrigin(result === undefined ? UNKNOWN : typeOrigin(oneLine(go.reading.slice(result))))
}
