import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { Place } from '../reading.js'
import { closureOrigin, typeOrigin, UNKNOWN } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { readClassBody } from './value-declarations.js'
import { readExpression } from './value-expressions.js'
import { inner, localMethod, type JavaReading } from './value-place.js'
import { bindParameters, readStatement } from './value-statements.js'
import { readTypes, typeArguments, typePath, typeText } from './value-types.js'

/** `name(..)`, `value.name(..)`, `Class.name(..)`. */
export function readCall(java: JavaReading, node: ValueNode, place: Place): ValueOrigin {
  const { reading } = java
  const name = field(node, 'name')
  const object = field(node, 'object')
  const written = field(node, 'type_arguments')
  if (name === undefined) return UNKNOWN
  readTypes(java, written, place)
  const more = { type_args: typeArguments(java, written) }
  const called = reading.slice(name)
  const given = field(node, 'arguments')
  if (object === undefined) {
    if (place.scope.get(localMethod(called)) !== undefined) {
      readArguments(java, given, place)
      return UNKNOWN
    }
    return finish(java, reading.add('call', name, place, [called], more), given, place)
  }
  const type = staticPath(java, object, place)
  if (type !== null) return finish(java, reading.add('call', object, place, [...type, called], more), given, place)
  const isOuter = object.type === 'super' || childOfType(node, 'super') !== undefined
  const receiver = isOuter ? typeOrigin('super') : readExpression(java, object, place)
  return finish(java, reading.add('method_call', name, place, [called], { ...more, receiver }), given, place)
}

/** `new Order<>(..) { .. }`. */
export function readCreation(java: JavaReading, node: ValueNode, place: Place): ValueOrigin {
  const type = field(node, 'type')
  const outer = node.children.find((child) => child !== type && child.field === null && child.start < (type?.start ?? 0))
  if (outer !== undefined && outer.type !== 'type_arguments') readExpression(java, outer, place)
  if (type === undefined) return UNKNOWN
  readTypes(java, type, place)
  const generic = type.type === 'generic_type' ? typeArguments(java, childOfType(type, 'type_arguments')) : []
  const path = typePath(java, type)
  const given = field(node, 'arguments')
  const body = childOfType(node, 'class_body')
  if (path.length > 0) {
    const index = java.reading.add('call', type, place, [...path, 'constructor'], { type_args: generic })
    finish(java, index, given, place)
  } else readArguments(java, given, place)
  // Of `new ArrayList<>()` the name is all that is said.
  const made = typeOrigin(typeText(java, type).replace(/<\s*>$/, ''))
  if (body !== undefined) readClassBody(java, body, made, place)
  return made
}

/** `this(..)` and `super(..)` at the beginning of a constructor. */
export function readConstructorCall(java: JavaReading, node: ValueNode, place: Place): ValueOrigin {
  const called = field(node, 'constructor')
  const object = field(node, 'object')
  if (object !== undefined) readExpression(java, object, place)
  if (called === undefined) return UNKNOWN
  return finish(java, java.reading.add('call', called, place, [java.reading.slice(called)]), field(node, 'arguments'), place)
}

/** `Order::total`, `this::run`, `Order::new`. */
export function readMethodReference(java: JavaReading, node: ValueNode, place: Place): ValueOrigin {
  const [object, ...rest] = node.children.filter(({ type }) => type !== 'block_comment')
  const name = rest[rest.length - 1]
  if (object === undefined) return UNKNOWN
  const isNew = name === undefined || !/^\w/.test(java.reading.slice(name)) || java.reading.text.slice(node.end - 3, node.end) === 'new'
  const type = staticPath(java, object, place) ?? (TYPES.has(object.type) ? typePath(java, object) : null)
  if (type !== null && type.length > 0) {
    if (TYPES.has(object.type)) readTypes(java, object, place)
    const simple = type[type.length - 1] ?? ''
    const path = [...type, isNew || name === undefined ? simple : java.reading.slice(name)]
    java.reading.addOnce('value', node, place, path)
    return isNew ? closureOrigin(typeOrigin(type.join('.'))) : UNKNOWN
  }
  if (object.type === 'this' && name !== undefined && place.scope.get('this') === undefined) {
    java.reading.addOnce('value', name, place, [java.reading.slice(name)])
    return UNKNOWN
  }
  if (object.type !== 'super') readExpression(java, object, place)
  return UNKNOWN
}

const TYPES = new Set(['type_identifier', 'scoped_type_identifier', 'generic_type', 'array_type', 'integral_type', 'floating_point_type'])

/** `(a, b) -> a + b`; `of` is the call that it is handed to. */
export function readLambda(java: JavaReading, node: ValueNode, place: Place, of?: { reference: number; argument: number }): ValueOrigin {
  const within = inner(place)
  const parameters = field(node, 'parameters')
  const told = (parameter: number): ValueOrigin =>
    of === undefined ? UNKNOWN : { base: { kind: 'closure_parameter', ...of, parameter }, steps: [] }
  if (parameters?.type === 'identifier') within.scope.bind(java.reading.slice(parameters), told(0))
  else if (parameters?.type === 'inferred_parameters') {
    const names = parameters.children.filter(({ type }) => type === 'identifier')
    names.forEach((name, index) => within.scope.bind(java.reading.slice(name), told(index)))
  } else bindParameters(java, parameters, within)
  const body = field(node, 'body')
  if (body?.type === 'block') {
    readStatement(java, body, within)
    return closureOrigin(UNKNOWN)
  }
  return closureOrigin(readExpression(java, body, within))
}

/** A class that names begin with, where no variable hides it: `Order`, `Order.State`, `org.shop.Order`. */
export function staticPath(java: JavaReading, node: ValueNode, place: Place): string[] | null {
  const path = dotted(java, node)
  if (path === null || place.scope.get(path[0] ?? '') !== undefined) return null
  const at = path.findIndex((name) => /^[A-Z]/.test(name))
  // After the class only nested classes may follow: a constant's own members are found through its type.
  return at < 0 || path.slice(at).some((name) => !/^[A-Z]\w*[a-z]/.test(name)) ? (path.length === 1 && at === 0 ? path : null) : path
}

function dotted(java: JavaReading, node: ValueNode): string[] | null {
  const names: string[] = []
  for (let at: ValueNode | undefined = node; at !== undefined; at = field(at, 'object')) {
    if (at.type === 'identifier') return [java.reading.slice(at), ...names.reverse()]
    const name = at.type === 'field_access' ? field(at, 'field') : undefined
    if (name?.type !== 'identifier') return null
    names.push(java.reading.slice(name))
  }
  return null
}

export function readArguments(java: JavaReading, given: ValueNode | undefined, place: Place): void {
  for (const child of given?.children ?? []) readExpression(java, child, place)
}

export function finish(java: JavaReading, index: number, given: ValueNode | undefined, place: Place): ValueOrigin {
  const args = (given?.children ?? []).filter(({ type }) => type !== 'block_comment')
  java.reading.setArguments(
    index,
    args.map((arg, argument) =>
      arg.type === 'lambda_expression' ? readLambda(java, arg, place, { reference: index, argument }) : readExpression(java, arg, place),
    ),
  )
  return { base: { kind: 'result', reference: index }, steps: [] }
}
