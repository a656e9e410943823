import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { closureOrigin, oneOf, tupleOrigin, typeOrigin, UNKNOWN, withOp, withStep } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { FlowScope, isNone } from './flow-scope.js'
import { readParameters } from './parameters.js'
import { readCall } from './value-calls.js'
import { dottedPath, type PythonPlace, type PythonReading } from './value-place.js'
import { bindTarget } from './value-targets.js'
import { readTypeNames } from './value-types.js'

type Read = (python: PythonReading, node: ValueNode, place: PythonPlace) => ValueOrigin

/** Emits the references of an expression and tells where its value comes from. */
export function readExpression(python: PythonReading, node: ValueNode | undefined, place: PythonPlace): ValueOrigin {
  return node === undefined ? UNKNOWN : (READERS[node.type] ?? readParts)(python, node, place)
}

const READERS: Readonly<Record<string, Read | undefined>> = {
  identifier: readName,
  attribute: readAttribute,
  call: (python, node, place) => readCall(python, node, place),
  await: (python, node, place) => withOp(readExpression(python, node.children[0], place), 'await'),
  parenthesized_expression: (python, node, place) => readLast(python, node, place),
  named_expression: readWalrus,
  conditional_expression: readConditional,
  boolean_operator: readBoolean,
  not_operator: (python, node, place) => (readParts(python, node, place), typeOrigin('bool')),
  comparison_operator: (python, node, place) => (readParts(python, node, place), typeOrigin('bool')),
  binary_operator: (python, node, place) => {
    const left = readExpression(python, field(node, 'left'), place)
    readExpression(python, field(node, 'right'), place)
    return withOp(left, 'binary')
  },
  subscript: readSubscript,
  lambda: (python, node, place) => readLambda(python, node, place),
  list: (python, node, place) => tupleOrigin(node.children.map((child) => readExpression(python, child, place))),
  tuple: (python, node, place) => tupleOrigin(node.children.map((child) => readExpression(python, child, place))),
  set: (python, node, place) => tupleOrigin(node.children.map((child) => readExpression(python, child, place))),
  expression_list: (python, node, place) => tupleOrigin(node.children.map((child) => readExpression(python, child, place))),
  pattern_list: (python, node, place) => tupleOrigin(node.children.map((child) => readExpression(python, child, place))),
  list_comprehension: readComprehension,
  set_comprehension: readComprehension,
  dictionary_comprehension: readComprehension,
  generator_expression: readComprehension,
  dictionary: (python, node, place) => (readParts(python, node, place), typeOrigin('dict')),
  keyword_argument: (python, node, place) => readExpression(python, field(node, 'value'), place),
  string: (python, node, place) => (
    readParts(python, node, place),
    typeOrigin(/^[rR]?[bB]/.test(python.reading.slice(node)) ? 'bytes' : 'str')
  ),
  concatenated_string: (python, node, place) => (readParts(python, node, place), typeOrigin('str')),
  integer: () => typeOrigin('int'),
  float: () => typeOrigin('float'),
  true: () => typeOrigin('bool'),
  false: () => typeOrigin('bool'),
  none: () => typeOrigin('None'),
  type: (python, node, place) => (readTypeNames(python, node, place), typeOrigin(oneLine(python.reading.slice(node)))),
}

function readParts(python: PythonReading, node: ValueNode, place: PythonPlace): ValueOrigin {
  for (const child of node.children) readExpression(python, child, place)
  return UNKNOWN
}

function readLast(python: PythonReading, node: ValueNode, place: PythonPlace): ValueOrigin {
  let value = UNKNOWN
  for (const child of node.children) value = readExpression(python, child, place)
  return value
}

function readName(python: PythonReading, node: ValueNode, place: PythonPlace): ValueOrigin {
  const name = python.reading.slice(node)
  const local = place.scope.get(name)
  if (local !== undefined) return local
  if (name === '') return UNKNOWN
  python.reading.addOnce('value', node, place, [name])
  return { base: { kind: 'path', path: [name] }, steps: [] }
}

function readAttribute(python: PythonReading, node: ValueNode, place: PythonPlace): ValueOrigin {
  const path = dottedPath(node, python.reading.text)
  if (path !== null && place.scope.get(path[0] ?? '') === undefined) {
    python.reading.addOnce('value', node, place, path)
    return { base: { kind: 'path', path: path.slice(0, 1) }, steps: path.slice(1).map((name) => ({ field: name })) }
  }
  const name = field(node, 'attribute')
  const object = readExpression(python, field(node, 'object'), place)
  return name === undefined ? UNKNOWN : withStep(object, { field: python.reading.slice(name) })
}

function readWalrus(python: PythonReading, node: ValueNode, place: PythonPlace): ValueOrigin {
  const value = readExpression(python, field(node, 'value'), place)
  bindTarget(python, field(node, 'name'), value, place)
  return value
}

/** `a if condition else b`. */
function readConditional(python: PythonReading, node: ValueNode, place: PythonPlace): ValueOrigin {
  const [value, condition, other] = node.children
  readExpression(python, condition, place)
  return eitherOf([readExpression(python, value, place), readExpression(python, other, place)])
}

function readBoolean(python: PythonReading, node: ValueNode, place: PythonPlace): ValueOrigin {
  const left = readExpression(python, field(node, 'left'), place)
  const right = readExpression(python, field(node, 'right'), place)
  const isOr = /^\s*or\b/.test(python.reading.text.slice(field(node, 'left')?.end ?? node.start, node.end))
  return isOr ? eitherOf([left, right]) : right
}

/** One of them, and nothing where one of them is not known; None has no methods to call. */
function eitherOf(values: readonly ValueOrigin[]): ValueOrigin {
  const kept = values.filter((value) => !isNone(value))
  return kept.some((value) => value.base.kind === 'unknown') ? UNKNOWN : oneOf(kept)
}

function readSubscript(python: PythonReading, node: ValueNode, place: PythonPlace): ValueOrigin {
  const value = readExpression(python, field(node, 'value'), place)
  const subscripts = node.children.filter((child) => child.field === 'subscript')
  for (const each of subscripts) readExpression(python, each, place)
  const [first] = subscripts
  if (value.base.kind === 'tuple' && value.steps.length === 0 && first?.type === 'integer')
    return withStep(value, { field: python.reading.slice(first) })
  if (first?.type === 'slice') return withOp(value, 'slice')
  const isNumber = first?.type === 'integer' && subscripts.length === 1
  // `pair[0]` of a function's result may be a tuple's part or a list's: the resolver knows which.
  return isNumber ? oneOf([withOp(value, 'index'), withStep(value, { field: python.reading.slice(first) })]) : withOp(value, 'index')
}

export function readLambda(
  python: PythonReading,
  node: ValueNode,
  place: PythonPlace,
  of?: { readonly reference: number; readonly argument: number },
): ValueOrigin {
  const scope = new FlowScope(place.scope)
  readParameters(field(node, 'parameters'), python.reading.text).forEach(({ name, value }, parameter) => {
    if (value !== undefined) readExpression(python, value, place)
    scope.bind(name, of === undefined ? UNKNOWN : { base: { kind: 'closure_parameter', ...of, parameter }, steps: [] })
  })
  return closureOrigin(readExpression(python, field(node, 'body'), { ...place, scope }))
}

/** `[f(x) for x in xs if g(x)]`: the loops come first, because the rest uses their names. */
function readComprehension(python: PythonReading, node: ValueNode, place: PythonPlace): ValueOrigin {
  const within = { ...place, scope: new FlowScope(place.scope) }
  const body = field(node, 'body')
  for (const child of node.children) {
    if (child.type === 'for_in_clause') readLoopHead(python, child, within)
    else if (child !== body) readExpression(python, child, within)
  }
  const value = readExpression(python, body, within)
  if (node.type === 'dictionary_comprehension') return typeOrigin('dict')
  // One item stands for all of them.
  return tupleOrigin([value])
}

/** Binds the names of `for a, b in values`. */
export function readLoopHead(python: PythonReading, node: ValueNode, place: PythonPlace): void {
  const values = node.children.filter((child) => child.field === 'right')
  const items = values.map((value) => itemsOf(python, value, place))
  bindTarget(python, field(node, 'left'), items.length === 1 ? (items[0] ?? UNKNOWN) : oneOf(items), place)
}

/** What a loop over a value gets: of `enumerate(..)`, `zip(..)` and `d.items()` pairs. */
function itemsOf(python: PythonReading, node: ValueNode, place: PythonPlace): ValueOrigin {
  const called = node.type === 'call' ? field(node, 'function') : undefined
  const given = node.type === 'call' ? (field(node, 'arguments')?.children ?? []) : []
  const name = called === undefined ? '' : python.reading.slice(called)
  const isBuiltin = called?.type === 'identifier' && place.scope.get(name) === undefined && !python.defined.has(name)
  const [first] = given
  if (isBuiltin && name === 'enumerate' && first !== undefined) {
    for (const each of given.slice(1)) readExpression(python, each, place)
    return tupleOrigin([typeOrigin('int'), itemsOf(python, first, place)])
  }
  if (isBuiltin && name === 'zip') return tupleOrigin(given.map((each) => itemsOf(python, each, place)))
  if (called?.type === 'attribute' && name.endsWith('.items') && given.length === 0) {
    const value = readCall(python, node, place)
    const reference = value.base.kind === 'result' ? python.reading.references[value.base.reference] : undefined
    const held = reference?.receiver
    if (held !== null && held !== undefined) return tupleOrigin([withOp(held, 'iter_item'), withOp(held, 'index')])
    return withOp(value, 'iter_item')
  }
  return withOp(readExpression(python, node, place), 'iter_item')
}
