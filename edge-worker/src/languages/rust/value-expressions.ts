import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { ITEMS, readItem } from './value-items.js'
import { closureOrigin, isUnknown, oneOf, tupleOrigin, typeOrigin, UNKNOWN, withOp, withStep } from '../value-origin.js'
import { pathOf, readTypes } from './value-paths.js'
import { bindPattern } from './value-patterns.js'
import type { Place } from '../reading.js'
import { Scope } from '../reading.js'
import type { RustReading } from './value-reading.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'

type Read = (reading: RustReading, node: ValueNode, place: Place) => ValueOrigin

/** Emits the references of an expression, a statement or a whole block, and tells where its value comes from. */
export function readExpression(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  if (ITEMS.has(node.type)) {
    readItem(reading, node, place)
    return UNKNOWN
  }
  return (READERS[node.type] ?? readParts)(reading, node, place)
}

const READERS: Readonly<Record<string, Read | undefined>> = {
  identifier: readName,
  scoped_identifier: readName,
  self: (_reading, _node, { scope }) => scope.get('self') ?? typeOrigin('Self'),
  call_expression: readCall,
  macro_invocation: readMacro,
  closure_expression: readClosure,
  block: readBlock,
  async_block: readBlock,
  unsafe_block: readBlock,
  const_block: readBlock,
  try_block: readBlock,
  gen_block: readBlock,
  let_declaration: readLet,
  let_condition: readLetCondition,
  if_expression: readIf,
  match_expression: readMatch,
  for_expression: readFor,
  while_expression: (reading, node, place) => readParts(reading, node, inner(place)),
  expression_statement: (reading, node, place) => last(reading, node, place),
  parenthesized_expression: (reading, node, place) => last(reading, node, place),
  else_clause: (reading, node, place) => last(reading, node, place),
  field_expression: readField,
  index_expression: readIndex,
  try_expression: (reading, node, place) => withOp(last(reading, node, place), 'try'),
  await_expression: (reading, node, place) => withOp(last(reading, node, place), 'await'),
  reference_expression: (reading, node, place) =>
    withOp(last(reading, node, place), node.children[0]?.type === 'mutable_specifier' ? 'ref_mut' : 'ref'),
  unary_expression: (reading, node, place) => withOp(last(reading, node, place), reading.text[node.start] === '*' ? 'deref' : 'binary'),
  binary_expression: readBinary,
  assignment_expression: (reading, node, place) => (readParts(reading, node, place), typeOrigin('()')),
  compound_assignment_expr: (reading, node, place) => (readParts(reading, node, place), typeOrigin('()')),
  type_cast_expression: readCast,
  range_expression: (reading, node, place) => (readParts(reading, node, place), typeOrigin('::core::ops::Range<usize>')),
  tuple_expression: (reading, node, place) => tupleOrigin(node.children.map((child) => readExpression(reading, child, place))),
  array_expression: (reading, node, place) => (readParts(reading, node, place), typeOrigin('[_; 0]')),
  struct_expression: readStruct,
  unit_expression: () => typeOrigin('()'),
  boolean_literal: () => typeOrigin('bool'),
  char_literal: (reading, node) => typeOrigin(reading.text[node.start] === 'b' ? 'u8' : 'char'),
  integer_literal: (reading, node) => typeOrigin(/[iu](?:8|16|32|64|128|size)$/.exec(reading.slice(node))?.[0] ?? 'i32'),
  float_literal: (reading, node) => typeOrigin(/f(?:32|64)$/.exec(reading.slice(node))?.[0] ?? 'f64'),
  string_literal: (reading, node) => typeOrigin(reading.text[node.start] === 'b' ? '&[u8; 0]' : '&str'),
  raw_string_literal: (reading, node) => typeOrigin(reading.text[node.start] === 'b' ? '&[u8; 0]' : '&str'),
  return_expression: (reading, node, place) => (readParts(reading, node, place), UNKNOWN),
  break_expression: (reading, node, place) => (readParts(reading, node, place), UNKNOWN),
  label: () => UNKNOWN,
  attribute_item: () => UNKNOWN,
  inner_attribute_item: () => UNKNOWN,
  token_tree: () => UNKNOWN,
}

function inner(place: Place): Place {
  return { ...place, scope: new Scope(place.scope) }
}

function readParts(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  for (const child of node.children) readExpression(reading, child, place)
  return UNKNOWN
}

/** The value of the last part; the parts before it are read too. */
function last(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  let value = UNKNOWN
  for (const child of node.children)
    if (!child.type.endsWith('attribute_item') && child.type !== 'mutable_specifier') value = readExpression(reading, child, place)
  return value
}

function readName(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  if (node.type === 'identifier') {
    const local = place.scope.get(reading.slice(node))
    if (local !== undefined) return local
  }
  const path = pathOf(reading, node)
  reading.addOnce('value', node, place, path)
  return { base: { kind: 'path', path }, steps: [] }
}

function readCall(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  let called = field(node, 'function')
  const given = field(node, 'arguments')
  if (called === undefined) return readParts(reading, node, place)
  const types: string[] = []
  if (called.type === 'generic_function') {
    const typeArguments = field(called, 'type_arguments')
    readTypes(reading, typeArguments, place)
    for (const type of typeArguments?.children ?? []) if (type.type !== 'lifetime') types.push(reading.slice(type))
    called = field(called, 'function') ?? called
  }
  const name = called.type === 'field_expression' ? field(called, 'field') : undefined
  if (name?.type === 'field_identifier') {
    const value = field(called, 'value')
    const receiver = value === undefined ? UNKNOWN : readExpression(reading, value, place)
    return finish(reading.add('method_call', name, place, [reading.slice(name)], { receiver, type_args: types }))
  }
  const isPath =
    called.type === 'scoped_identifier' || (called.type === 'identifier' && place.scope.get(reading.slice(called)) === undefined)
  if (!isPath) {
    const callee = readExpression(reading, called, place)
    if (given !== undefined) readParts(reading, given, place)
    return withOp(callee, 'call')
  }
  const qualifier = field(called, 'path')
  if (qualifier !== undefined && qualifier.type !== 'identifier') readTypes(reading, qualifier, place)
  return finish(reading.add('call', called, place, pathOf(reading, called), { type_args: types }))

  function finish(index: number): ValueOrigin {
    const args = (given?.children ?? []).filter((child) => child.type !== 'attribute_item')
    reading.setArguments(
      index,
      args.map((arg, argument) =>
        arg.type === 'closure_expression'
          ? readClosure(reading, arg, place, { reference: index, argument })
          : readExpression(reading, arg, place),
      ),
    )
    return { base: { kind: 'result', reference: index }, steps: [] }
  }
}

function readClosure(reading: RustReading, node: ValueNode, place: Place, of?: { reference: number; argument: number }): ValueOrigin {
  const within = inner(place)
  const parameters = field(node, 'parameters')?.children ?? []
  parameters.forEach((child, parameter) => {
    const type = child.type === 'parameter' ? field(child, 'type') : undefined
    const pattern = child.type === 'parameter' ? field(child, 'pattern') : child
    readTypes(reading, type, place)
    const told = of === undefined ? UNKNOWN : { base: { kind: 'closure_parameter' as const, ...of, parameter }, steps: [] }
    bindPattern(reading, pattern, type === undefined ? told : typeOrigin(reading.slice(type)), within)
  })
  const returned = field(node, 'return_type')
  readTypes(reading, returned, place)
  const body = field(node, 'body')
  const value = body === undefined ? UNKNOWN : readExpression(reading, body, within)
  return closureOrigin(returned === undefined ? value : typeOrigin(reading.slice(returned)))
}

/** Their tokens are text for somebody else: nothing in them is called here. */
const QUOTING = /(?:^|:)(?:(?:parse_)?quote(?:_\w+)?|stringify|concat|include\w*|env|option_env|cfg|compile_error)$/

function readMacro(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const name = field(node, 'macro')
  const tokens = childOfType(node, 'token_tree')
  if (name === undefined) return UNKNOWN
  const index = reading.add('macro_call', name, place, pathOf(reading, name))
  const isQuoted = QUOTING.test(reading.slice(name))
  const tree = tokens === undefined || isQuoted ? null : reading.parseTokens(tokens)
  if (tree !== null) {
    const within: Place = { ...inner(place), inMacro: true }
    const content = tree.children[0]?.children[0]
    const isList = content !== undefined && ['tuple_expression', 'parenthesized_expression', 'array_expression'].includes(content.type)
    if (content?.type === 'block') readBlock(reading, content, within)
    else if (!isList) readParts(reading, tree, within)
    else
      reading.setArguments(
        index,
        content.children.map((child) => readExpression(reading, child, within)),
      )
  }
  return { base: { kind: 'result', reference: index }, steps: [] }
}

/** The value of a block is that of an expression at its end that no semicolon closes. */
function readBlock(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const within = inner(place)
  const body = node.type === 'block' ? node : childOfType(node, 'block')
  if (body === undefined) return readParts(reading, node, within)
  let value = UNKNOWN
  for (const child of body.children) {
    const read = readExpression(reading, child, within)
    const isStatement = child.type === 'let_declaration' || (child.type === 'expression_statement' && reading.text[child.end - 1] === ';')
    value = isStatement ? UNKNOWN : read
  }
  return value
}

function readLet(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const value = field(node, 'value')
  const type = field(node, 'type')
  readTypes(reading, type, place)
  let origin = value === undefined ? UNKNOWN : readExpression(reading, value, place)
  if (type !== undefined) reading.expect(origin, reading.slice(type))
  const alternative = field(node, 'alternative')
  if (alternative !== undefined) readExpression(reading, alternative, place)
  if (type !== undefined && reading.slice(type) !== '_') {
    // `Vec<_>` tells less than the value does, unless the value is a `collect()` or the like.
    const written = typeOrigin(reading.slice(type))
    origin = /\b_\b/.test(written.base.kind === 'type' ? written.base.text : '') && !isUnknown(origin) ? oneOf([origin, written]) : written
  }
  bindPattern(reading, field(node, 'pattern'), origin, place)
  return UNKNOWN
}

function readLetCondition(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const value = field(node, 'value')
  bindPattern(reading, field(node, 'pattern'), value === undefined ? UNKNOWN : readExpression(reading, value, place), place)
  return typeOrigin('bool')
}

function readIf(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const within = inner(place)
  const condition = field(node, 'condition')
  const consequence = field(node, 'consequence')
  const alternative = field(node, 'alternative')
  if (condition !== undefined) readExpression(reading, condition, within)
  const values = consequence === undefined ? [] : [readExpression(reading, consequence, within)]
  if (alternative !== undefined) values.push(readExpression(reading, alternative, place))
  return oneOf(values)
}

function readMatch(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const value = field(node, 'value')
  const origin = value === undefined ? UNKNOWN : readExpression(reading, value, place)
  const values: ValueOrigin[] = []
  for (const arm of field(node, 'body')?.children ?? []) {
    if (arm.type !== 'match_arm') continue
    const within = inner(place)
    const pattern = field(arm, 'pattern')
    bindPattern(reading, pattern, origin, within)
    const condition = pattern === undefined ? undefined : field(pattern, 'condition')
    if (condition !== undefined) readExpression(reading, condition, within)
    const result = field(arm, 'value')
    if (result !== undefined) values.push(readExpression(reading, result, within))
  }
  return oneOf(values)
}

function readFor(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const value = field(node, 'value')
  const within = inner(place)
  const origin = value === undefined ? UNKNOWN : readExpression(reading, value, place)
  bindPattern(reading, field(node, 'pattern'), withOp(origin, 'iter_item'), within)
  const body = field(node, 'body')
  if (body !== undefined) readExpression(reading, body, within)
  return typeOrigin('()')
}

function readField(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const value = field(node, 'value')
  const name = field(node, 'field')
  const origin = value === undefined ? UNKNOWN : readExpression(reading, value, place)
  return name === undefined ? UNKNOWN : withStep(origin, { field: reading.slice(name) })
}

function readIndex(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const [value, index] = node.children
  const origin = value === undefined ? UNKNOWN : readExpression(reading, value, place)
  if (index !== undefined) readExpression(reading, index, place)
  return withOp(origin, index?.type === 'range_expression' ? 'slice' : 'index')
}

function readBinary(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const left = field(node, 'left')
  const right = field(node, 'right')
  const origin = left === undefined ? UNKNOWN : readExpression(reading, left, place)
  if (right !== undefined) readExpression(reading, right, place)
  const operator = left === undefined || right === undefined ? '' : reading.text.slice(left.end, right.start)
  return /[<>=!]=|&&|\|\||^[^<>]*[<>][^<>]*$/.test(operator) ? typeOrigin('bool') : withOp(origin, 'binary')
}

function readCast(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const value = field(node, 'value')
  const type = field(node, 'type')
  if (value !== undefined) readExpression(reading, value, place)
  readTypes(reading, type, place)
  return type === undefined ? UNKNOWN : typeOrigin(reading.slice(type))
}

function readStruct(reading: RustReading, node: ValueNode, place: Place): ValueOrigin {
  const name = field(node, 'name')
  readTypes(reading, name, place)
  for (const child of field(node, 'body')?.children ?? []) {
    const value = field(child, 'value')
    if (value !== undefined) readExpression(reading, value, place)
    else readParts(reading, child, place)
  }
  return name === undefined ? UNKNOWN : typeOrigin(reading.slice(name))
}
