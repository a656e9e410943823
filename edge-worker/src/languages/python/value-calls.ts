import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { oneOf, typeOrigin, UNKNOWN, withOp } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { readExpression, readLambda } from './value-expressions.js'
import { dottedPath, type PythonPlace, type PythonReading } from './value-place.js'
import { readTypeNames } from './value-types.js'

/** Builtins whose result holds what their argument holds. */
const SAME_ITEMS = new Set(['list', 'tuple', 'set', 'frozenset', 'sorted', 'reversed', 'iter'])

/** A call and its arguments. The value is what the call gives back. */
export function readCall(python: PythonReading, node: ValueNode, place: PythonPlace): ValueOrigin {
  const { reading } = python
  let called = field(node, 'function')
  const given = field(node, 'arguments')
  while (called?.type === 'parenthesized_expression' && called.children.length === 1) called = called.children[0]
  const types: string[] = []
  if (called?.type === 'subscript' && dottedPath(field(called, 'value'), reading.text) !== null) {
    // `Stack[int]()`
    for (const each of called.children) if (each.field === 'subscript') types.push(oneLine(reading.slice(each)))
    called = field(called, 'value')
  }
  if (called === undefined) return UNKNOWN
  if (called.type === 'identifier') {
    const special = builtinCall(python, reading.slice(called), given, place)
    if (special !== null) return special
  }
  const path = dottedPath(called, reading.text)
  const local = path === null ? undefined : place.scope.get(path[0] ?? '')
  if (path !== null && local === undefined && (path.length < 3 || isImported(python, path))) {
    return finish(reading.add('call', called, place, path, { type_args: types }))
  }
  if (called.type === 'attribute') return readMethodCall(called)
  if (path !== null && local !== undefined && isOwnClass(local, place)) {
    return finish(reading.add('call', called, place, place.holder?.path ?? [], {}))
  }
  const callee = readExpression(python, called, place)
  readArguments(python, given, place)
  return withOp(callee, 'call')

  function readMethodCall(attribute: ValueNode): ValueOrigin {
    const name = field(attribute, 'attribute')
    const receiver = readReceiver(python, field(attribute, 'object'), place)
    if (name === undefined) return UNKNOWN
    return finish(reading.add('method_call', name, place, [reading.slice(name)], { receiver }))
  }

  function finish(index: number): ValueOrigin {
    reading.setArguments(index, readArguments(python, given, place, index))
    return { base: { kind: 'result', reference: index }, steps: [] }
  }
}

function readArguments(python: PythonReading, given: ValueNode | undefined, place: PythonPlace, reference?: number): ValueOrigin[] {
  // `f(x for x in y)` has a generator for its list of arguments.
  const list = given === undefined ? [] : given.type === 'argument_list' ? given.children : [given]
  return list.map((node, argument) =>
    node.type === 'lambda' && reference !== undefined
      ? readLambda(python, node, place, { reference, argument })
      : readExpression(python, node, place),
  )
}

/** What a method is called on. `super()` is the class above. */
function readReceiver(python: PythonReading, node: ValueNode | undefined, place: PythonPlace): ValueOrigin {
  const called = node?.type === 'call' ? field(node, 'function') : undefined
  if (node !== undefined && called?.type === 'identifier' && python.reading.slice(called) === 'super') {
    readArguments(python, field(node, 'arguments'), place)
    return typeOrigin('super')
  }
  return readExpression(python, node, place)
}

/** Calls that say something about types, `null` for any other. A name that the module defines itself is no builtin. */
function builtinCall(python: PythonReading, name: string, given: ValueNode | undefined, place: PythonPlace): ValueOrigin | null {
  const [first, second] = given?.children ?? []
  if (first === undefined || given?.type !== 'argument_list' || place.scope.get(name) !== undefined) return null
  if (name === 'cast' && second !== undefined) {
    readTypeNames(python, first, place)
    readExpression(python, second, place)
    return typeOrigin(oneLine(python.reading.slice(first)))
  }
  if (python.defined.has(name)) return null
  const isSame = SAME_ITEMS.has(name)
  if (!isSame && name !== 'next' && name !== 'type') return null
  const [value = UNKNOWN, ...others] = readArguments(python, given, place)
  if (name === 'type') return isInstance(value) ? typeOrigin('cls') : UNKNOWN
  if (isSame) return value
  return oneOf([withOp(value, 'iter_item'), ...others.slice(0, 1)])
}

/** `cls` and what `type(self)` gives: calling it makes one of the class around. */
function isOwnClass({ base, steps }: ValueOrigin, place: PythonPlace): boolean {
  return place.holder !== null && base.kind === 'type' && base.text === 'cls' && steps.length === 0
}

function isInstance({ base, steps }: ValueOrigin): boolean {
  return base.kind === 'type' && base.text === 'self' && steps.length === 0
}

/** A path whose first name is a module or a class: its names are looked up one after the other. */
function isImported(python: PythonReading, path: readonly string[]): boolean {
  return python.defined.has(path[0] ?? '')
}
