import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { Place } from '../reading.js'
import { typeOrigin, UNKNOWN, withOp } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { readExpression } from './value-expressions.js'
import type { GoReading } from './value-place.js'
import { isPackage } from './value-place.js'
import { readTypes } from './value-types.js'

/** A call and its arguments. The value is what the call gives back. */
export function readCall(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  const { reading } = go
  const called = field(node, 'function')
  const given = field(node, 'arguments')?.children.filter((child) => child.type !== 'comment') ?? []
  const written = field(node, 'type_arguments')
  readTypes(go, written, place)
  const more = { type_args: typeArguments(go, written) }
  if (called === undefined) return UNKNOWN
  if (called.type === 'identifier') {
    const name = reading.slice(called)
    if (place.scope.get(name) === undefined)
      return builtinCall(go, name, given, place) ?? finish(reading.add('call', called, place, [name], more))
  }
  if (called.type === 'selector_expression') {
    const [operand, name] = [field(called, 'operand'), field(called, 'field')]
    if (name === undefined) return UNKNOWN
    if (isPackage(go, operand, place)) {
      return finish(reading.add('call', called, place, [reading.slice(operand), reading.slice(name)], more))
    }
    const receiver = readExpression(go, operand, place)
    return finish(reading.add('method_call', name, place, [reading.slice(name)], { ...more, receiver }))
  }
  const pointed = conversionTarget(called)
  if (pointed !== null) {
    // `(*T)(nil)`
    for (const each of given) readExpression(go, each, place)
    reading.addOnce('type', pointed, place, reading.slice(pointed).split('.'))
    return typeOrigin(reading.slice(pointed))
  }
  const callee = readExpression(go, called, place)
  for (const each of given) readExpression(go, each, place)
  return withOp(callee, 'call')

  function finish(index: number): ValueOrigin {
    reading.setArguments(
      index,
      given.map((each) => readExpression(go, each, place)),
    )
    return { base: { kind: 'result', reference: index }, steps: [] }
  }
}

/** `Stack[int](x)` may be a call of a function or a conversion: the resolver knows which. `[]byte(x)` is a conversion. */
export function readConversion(go: GoReading, node: ValueNode, place: Place): ValueOrigin {
  const { reading } = go
  const type = field(node, 'type')
  const operand = field(node, 'operand')
  const named = type?.type === 'generic_type' ? field(type, 'type') : undefined
  if (type === undefined || named === undefined) {
    readTypes(go, type, place)
    readExpression(go, operand, place)
    return type === undefined ? UNKNOWN : typeOrigin(oneLine(reading.slice(type)))
  }
  const written = field(type, 'type_arguments')
  readTypes(go, written, place)
  const index = reading.add('call', named, place, reading.slice(named).split('.'), { type_args: typeArguments(go, written) })
  reading.setArguments(index, [readExpression(go, operand, place)])
  return { base: { kind: 'result', reference: index }, steps: [] }
}

function typeArguments(go: GoReading, written: ValueNode | undefined): string[] {
  return (written?.children ?? []).filter((child) => child.type !== 'comment').map((child) => oneLine(go.reading.slice(child)))
}

/** What Go's own functions give back, `null` for any other name. */
function builtinCall(go: GoReading, name: string, given: readonly ValueNode[], place: Place): ValueOrigin | null {
  if (!BUILTINS.has(name)) return null
  const [value = UNKNOWN] = given.map((each) => readExpression(go, each, place))
  const [first] = given
  if ((name === 'make' || name === 'new') && first !== undefined) {
    // A type's name alone looks like a variable's.
    return value.base.kind === 'type' ? value : typeOrigin(oneLine(go.reading.slice(first)))
  }
  if (name === 'append') return value
  return name === 'len' || name === 'cap' ? typeOrigin('int') : UNKNOWN
}

/** Others, such as `min`, are newer than many packages that have a function of that name. */
const BUILTINS = new Set(['append', 'cap', 'len', 'make', 'new', 'panic', 'recover'])

/** `T` of `(*T)`, `pkg.T` of `(*pkg.T)`. */
function conversionTarget(called: ValueNode): ValueNode | null {
  const [inside] = called.type === 'parenthesized_expression' ? called.children : []
  const target = inside?.type === 'unary_expression' ? field(inside, 'operand') : undefined
  if (target?.type === 'identifier') return target
  return target?.type === 'selector_expression' && field(target, 'operand')?.type === 'identifier' ? target : null
}
