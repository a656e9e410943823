import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { Place } from '../reading.js'
import { closureOrigin, typeOrigin, UNKNOWN, withOp } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { readExpression } from './value-expressions.js'
import { inner, type CReading } from './value-place.js'
import { bindParameters, readStatement } from './value-statements.js'
import { pathOf, readTypes, templateArguments } from './value-types.js'

/** `f(..)`, `ns::f(..)`, `value.f(..)`, `value->f(..)`, `static_cast<T>(..)`. */
export function readCall(c: CReading, node: ValueNode, place: Place): ValueOrigin {
  const { reading } = c
  const called = field(node, 'function')
  const given = field(node, 'arguments')
  if (called === undefined) return UNKNOWN
  if (called.type === 'field_expression') return readMethodCall(c, called, given, place)
  const isName = ['identifier', 'qualified_identifier', 'template_function', 'dependent_name'].includes(called.type)
  const path = isName ? pathOf(c, called) : []
  const [first = ''] = path
  if (!isName || (path.length === 1 && place.scope.get(first) !== undefined)) {
    const callee = readExpression(c, called, place)
    readArguments(c, given, place)
    return withOp(callee, 'call')
  }
  const types = lastTemplate(c, called)
  for (const child of called.children) if (child.type === 'template_argument_list') readTypes(c, child, place)
  const name = path[path.length - 1] ?? ''
  const [made] = types
  if (made !== undefined && CASTS.has(name)) {
    readArguments(c, given, place)
    return typeOrigin(made)
  }
  if (first === 'std' && path.length === 2) {
    if (name === 'move' || name === 'forward') return readArguments(c, given, place)[0] ?? UNKNOWN
    const holder = HOLDERS[name]
    if (made !== undefined && holder !== undefined) {
      const type = /^[\w:]+$/.exec(made)?.[0]
      if (type === undefined) readArguments(c, given, place)
      else finish(c, reading.add('call', called, place, [...type.split('::').filter((part) => part !== ''), 'constructor']), given, place)
      return typeOrigin(`${holder}<${made}>`)
    }
  }
  return finish(c, reading.add('call', called, place, path, { type_args: types }), given, place)
}

const CASTS = new Set(['static_cast', 'dynamic_cast', 'reinterpret_cast', 'const_cast', 'bit_cast'])
const HOLDERS: Readonly<Record<string, string | undefined>> = {
  make_unique: 'std::unique_ptr',
  make_shared: 'std::shared_ptr',
  make_optional: 'std::optional',
}

function readMethodCall(c: CReading, called: ValueNode, given: ValueNode | undefined, place: Place): ValueOrigin {
  const object = field(called, 'argument')
  const named = field(called, 'field')
  if (named === undefined) return UNKNOWN
  const receiver = readExpression(c, object, place)
  const types = templateArguments(c, named)
  const path = pathOf(c, named)
  const name = path[path.length - 1] ?? ''
  if (path.length > 1) {
    // `value.Base::f()` says itself whose it is.
    return finish(c, c.reading.add('call', named, place, path, { type_args: types }), given, place)
  }
  return finish(c, c.reading.add('method_call', named, place, [name], { receiver, type_args: types }), given, place)
}

function lastTemplate(c: CReading, node: ValueNode): string[] {
  if (node.type === 'qualified_identifier') {
    const name = field(node, 'name')
    return name === undefined ? [] : lastTemplate(c, name)
  }
  return templateArguments(c, node)
}

/** `new T(..)`, `new T[4]`. */
export function readNew(c: CReading, node: ValueNode, place: Place): ValueOrigin {
  const type = field(node, 'type')
  const given = field(node, 'arguments')
  const placement = field(node, 'placement')
  if (placement !== undefined) readArguments(c, placement, place)
  if (type === undefined) return UNKNOWN
  readTypes(c, type, place)
  construct(c, type, given, place)
  return typeOrigin(`${oneLine(c.reading.slice(type))} *`)
}

/** A value of a class is made: its constructor runs. */
export function construct(c: CReading, type: ValueNode, given: ValueNode | undefined, place: Place): void {
  if (!CLASS_TYPES.has(type.type)) readArguments(c, given, place)
  else {
    const types = lastTemplate(c, type)
    finish(c, c.reading.add('call', type, place, [...pathOf(c, type), 'constructor'], { type_args: types }), given, place)
  }
}

const CLASS_TYPES = new Set(['type_identifier', 'qualified_identifier', 'template_type'])

/** `[this](int a) { .. }` */
export function readLambda(c: CReading, node: ValueNode, place: Place, of?: { reference: number; argument: number }): ValueOrigin {
  const within = inner(place)
  const declarator = field(node, 'declarator')
  for (const capture of field(node, 'captures')?.children ?? []) {
    const [name, value] = capture.type === 'lambda_capture_initializer' ? [field(capture, 'left'), field(capture, 'right')] : []
    if (name !== undefined) within.scope.bind(c.reading.slice(name), readExpression(c, value, place))
  }
  bindParameters(c, declarator === undefined ? undefined : field(declarator, 'parameters'), within, (parameter) =>
    of === undefined ? UNKNOWN : { base: { kind: 'closure_parameter', ...of, parameter }, steps: [] },
  )
  const trailing = declarator === undefined ? undefined : childOfType(declarator, 'trailing_return_type')
  readTypes(c, trailing, within)
  const body = field(node, 'body')
  if (body !== undefined) readStatement(c, body, within)
  return closureOrigin(trailing === undefined ? UNKNOWN : typeOrigin(oneLine(c.reading.slice(trailing)).replace(/^->\s*/, '')))
}

export function readArguments(c: CReading, given: ValueNode | undefined, place: Place): ValueOrigin[] {
  return (given?.children ?? []).map((child) => readExpression(c, child, place))
}

export function finish(c: CReading, index: number, given: ValueNode | undefined, place: Place): ValueOrigin {
  c.reading.setArguments(
    index,
    (given?.children ?? []).map((child, argument) =>
      child.type === 'lambda_expression' ? readLambda(c, child, place, { reference: index, argument }) : readExpression(c, child, place),
    ),
  )
  return { base: { kind: 'result', reference: index }, steps: [] }
}
