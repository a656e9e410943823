import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { Place } from '../reading.js'
import { oneOf, typeOrigin, UNKNOWN, withOp, withStep } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { readArguments, readCall, readLambda, readNew } from './value-calls.js'
import type { CReading } from './value-place.js'
import { isStatement, readStatement } from './value-statements.js'
import { pathOf, pointedAt, readTypes } from './value-types.js'

type Read = (c: CReading, node: ValueNode, place: Place) => ValueOrigin

/** Emits the references of an expression and tells where its value comes from. */
export function readExpression(c: CReading, node: ValueNode | undefined, place: Place): ValueOrigin {
  if (node === undefined) return UNKNOWN
  if (isStatement(node.type)) {
    readStatement(c, node, place)
    return UNKNOWN
  }
  return (READERS[node.type] ?? readParts)(c, node, place)
}

const READERS: Readonly<Record<string, Read | undefined>> = {
  identifier: readName,
  qualified_identifier: readName,
  template_function: readName,
  this: () => typeOrigin('this'),
  call_expression: readCall,
  new_expression: readNew,
  lambda_expression: (c, node, place) => readLambda(c, node, place),
  field_expression: (c, node, place) => {
    const name = field(node, 'field')
    const value = readExpression(c, field(node, 'argument'), place)
    return name === undefined ? UNKNOWN : withStep(value, { field: pathOf(c, name)[0] ?? '' })
  },
  subscript_expression: (c, node, place) => {
    const value = readExpression(c, field(node, 'argument'), place)
    for (const child of node.children) if (child.field !== 'argument') readExpression(c, child, place)
    return pointedAt(value) ?? withOp(value, 'index')
  },
  pointer_expression: (c, node, place) => {
    const value = readExpression(c, field(node, 'argument'), place)
    // The address of a value has the members of the value.
    return c.reading.text[node.start] === '*' ? (pointedAt(value) ?? withOp(value, 'deref')) : value
  },
  parenthesized_expression: (c, node, place) => readExpression(c, node.children[0], place),
  condition_clause: (c, node, place) => readParts(c, node, place),
  conditional_expression: (c, node, place) => {
    readExpression(c, field(node, 'condition'), place)
    return oneOf([readExpression(c, field(node, 'consequence'), place), readExpression(c, field(node, 'alternative'), place)])
  },
  assignment_expression: (c, node, place) => {
    const value = readExpression(c, field(node, 'left'), place)
    readExpression(c, field(node, 'right'), place)
    return value
  },
  binary_expression: (c, node, place) => {
    const value = readExpression(c, field(node, 'left'), place)
    readExpression(c, field(node, 'right'), place)
    return withOp(value, 'binary')
  },
  comma_expression: (c, node, place) => {
    let value: ValueOrigin = UNKNOWN
    for (const child of node.children) value = readExpression(c, child, place)
    return value
  },
  cast_expression: (c, node, place) => {
    const type = field(node, 'type')
    readTypes(c, type, place)
    readExpression(c, field(node, 'value'), place)
    return type === undefined ? UNKNOWN : typeOrigin(oneLine(c.reading.slice(type)))
  },
  compound_literal_expression: (c, node, place) => {
    const type = field(node, 'type')
    readTypes(c, type, place)
    readExpression(c, field(node, 'value'), place)
    return type === undefined ? UNKNOWN : typeOrigin(oneLine(c.reading.slice(type)))
  },
  initializer_list: (c, node, place) => (readArguments(c, node, place), UNKNOWN),
  initializer_pair: (c, node, place) => (readExpression(c, field(node, 'value'), place), UNKNOWN),
  sizeof_expression: (c, node, place) => {
    readTypes(c, field(node, 'type'), place)
    readExpression(c, field(node, 'value'), place)
    return typeOrigin('size_t')
  },
  type_descriptor: (c, node, place) => (readTypes(c, node, place), typeOrigin(oneLine(c.reading.slice(node)))),
  string_literal: () => typeOrigin('const char *'),
  number_literal: () => typeOrigin('int'),
  char_literal: () => typeOrigin('char'),
  true: () => typeOrigin('bool'),
  false: () => typeOrigin('bool'),
  null: () => UNKNOWN,
  primitive_type: () => UNKNOWN,
  field_identifier: () => UNKNOWN,
  statement_identifier: () => UNKNOWN,
  field_designator: () => UNKNOWN,
}

export function readParts(c: CReading, node: ValueNode, place: Place): ValueOrigin {
  for (const child of node.children) readExpression(c, child, place)
  return UNKNOWN
}

function readName(c: CReading, node: ValueNode, place: Place): ValueOrigin {
  const path = pathOf(c, node)
  const [name = ''] = path
  const local = path.length === 1 ? place.scope.get(name) : undefined
  if (local !== undefined) return local
  if (path.length === 0 || name === 'NULL') return UNKNOWN
  c.reading.addOnce('value', node, place, path)
  return { base: { kind: 'path', path }, steps: [] }
}
