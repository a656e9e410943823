import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { Place } from '../reading.js'
import { oneOf, typeOrigin, UNKNOWN, withOp, withStep } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { readCall, readConstructorCall, readCreation, readLambda, readMethodReference, staticPath } from './value-calls.js'
import type { JavaReading } from './value-place.js'
import { isStatement, readPattern, readStatement } from './value-statements.js'
import { readTypes, typeText } from './value-types.js'

type Read = (java: JavaReading, node: ValueNode, place: Place) => ValueOrigin

/** Emits the references of an expression and tells where its value comes from. */
export function readExpression(java: JavaReading, node: ValueNode | undefined, place: Place): ValueOrigin {
  if (node === undefined) return UNKNOWN
  if (isStatement(node.type)) {
    readStatement(java, node, place)
    return UNKNOWN
  }
  return (READERS[node.type] ?? readParts)(java, node, place)
}

const READERS: Readonly<Record<string, Read | undefined>> = {
  identifier: readName,
  this: (_java, _node, place) => place.scope.get('this') ?? typeOrigin('this'),
  super: () => typeOrigin('super'),
  method_invocation: readCall,
  object_creation_expression: readCreation,
  explicit_constructor_invocation: readConstructorCall,
  method_reference: readMethodReference,
  lambda_expression: (java, node, place) => readLambda(java, node, place),
  field_access: readField,
  array_access: (java, node, place) => {
    const array = readExpression(java, field(node, 'array'), place)
    readExpression(java, field(node, 'index'), place)
    return withOp(array, 'index')
  },
  parenthesized_expression: (java, node, place) => readExpression(java, withoutComments(node)[0], place),
  assignment_expression: (java, node, place) => {
    readExpression(java, field(node, 'left'), place)
    return readExpression(java, field(node, 'right'), place)
  },
  ternary_expression: (java, node, place) => {
    readExpression(java, field(node, 'condition'), place)
    return oneOf([readExpression(java, field(node, 'consequence'), place), readExpression(java, field(node, 'alternative'), place)])
  },
  cast_expression: (java, node, place) => {
    const type = field(node, 'type')
    readTypes(java, type, place)
    readExpression(java, field(node, 'value'), place)
    return type === undefined ? UNKNOWN : typeOrigin(typeText(java, type))
  },
  instanceof_expression: readInstanceOf,
  array_creation_expression: (java, node, place) => {
    const type = field(node, 'type')
    readTypes(java, type, place)
    for (const child of node.children) if (child !== type) readExpression(java, child, place)
    const dimensions = node.children.reduce((count, child) => count + (child.type === 'dimensions_expr' ? 1 : dimensionsIn(java, child)), 0)
    return type === undefined ? UNKNOWN : typeOrigin(typeText(java, type) + '[]'.repeat(Math.max(1, dimensions)))
  },
  binary_expression: (java, node, place) => {
    const value = readExpression(java, field(node, 'left'), place)
    readExpression(java, field(node, 'right'), place)
    return withOp(value, 'binary')
  },
  class_literal: (java, node, place) => {
    for (const child of node.children) readTypes(java, child, place)
    return typeOrigin('Class')
  },
  marker_annotation: readAnnotation,
  annotation: readAnnotation,
  string_literal: () => typeOrigin('String'),
  template_expression: () => typeOrigin('String'),
  character_literal: () => typeOrigin('char'),
  decimal_integer_literal: () => typeOrigin('int'),
  hex_integer_literal: () => typeOrigin('int'),
  decimal_floating_point_literal: () => typeOrigin('double'),
  true: () => typeOrigin('boolean'),
  false: () => typeOrigin('boolean'),
  block_comment: () => UNKNOWN,
  dimensions: () => UNKNOWN,
}

function readParts(java: JavaReading, node: ValueNode, place: Place): ValueOrigin {
  for (const child of node.children) {
    if (child.type.endsWith('_type') || child.type === 'type_identifier' || child.type === 'scoped_type_identifier')
      readTypes(java, child, place)
    else readExpression(java, child, place)
  }
  return UNKNOWN
}

function readName(java: JavaReading, node: ValueNode, place: Place): ValueOrigin {
  const name = java.reading.slice(node)
  const local = place.scope.get(name)
  if (local !== undefined) return local
  // A field, of whatever class around: a bare name never means a method.
  return { base: { kind: 'path', path: [name] }, steps: [] }
}

function readField(java: JavaReading, node: ValueNode, place: Place): ValueOrigin {
  const object = field(node, 'object')
  const name = field(node, 'field')
  if (object === undefined || name === undefined) return readParts(java, node, place)
  // `Outer.this`
  if (name.type === 'this') return { base: { kind: 'type', text: java.reading.slice(object) }, steps: [] }
  const type = staticPath(java, object, place)
  if (type === null) return withStep(readExpression(java, object, place), { field: java.reading.slice(name) })
  java.reading.addOnce('type', object, place, type)
  return { base: { kind: 'path', path: type }, steps: [{ field: java.reading.slice(name) }] }
}

/** `shape instanceof Circle c`: the name is known wherever the test holds, which may be after the `if`. */
function readInstanceOf(java: JavaReading, node: ValueNode, place: Place): ValueOrigin {
  readExpression(java, field(node, 'left'), place)
  const type = field(node, 'right')
  const name = field(node, 'name')
  const pattern = field(node, 'pattern')
  readTypes(java, type, place)
  if (type !== undefined && name !== undefined) place.scope.bind(java.reading.slice(name), typeOrigin(typeText(java, type)))
  if (pattern !== undefined) readPattern(java, pattern, place)
  return typeOrigin('boolean')
}

function readAnnotation(java: JavaReading, node: ValueNode, place: Place): ValueOrigin {
  const name = field(node, 'name')
  if (name !== undefined) java.reading.addOnce('type', name, place, java.reading.slice(name).split('.'))
  for (const child of field(node, 'arguments')?.children ?? []) {
    readExpression(java, child.type === 'element_value_pair' ? field(child, 'value') : child, place)
  }
  return UNKNOWN
}

function dimensionsIn(java: JavaReading, node: ValueNode): number {
  return node.type === 'dimensions' ? java.reading.slice(node).split('[').length - 1 : 0
}

function withoutComments(node: ValueNode): ValueNode[] {
  return node.children.filter(({ type }) => type !== 'block_comment')
}
