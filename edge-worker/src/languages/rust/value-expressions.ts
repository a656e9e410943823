import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { F, K } from './kinds.js'
import { readItem } from './value-items.js'
import { closureOrigin, isUnknown, oneOf, tupleOrigin, typeOrigin, UNKNOWN, withOp, withStep } from '../value-origin.js'
import { pathOf, readTypes } from './value-paths.js'
import { bindPattern } from './value-patterns.js'
import type { Place } from '../reading.js'
import type { RustReading } from './value-reading.js'
import { Scope } from '../reading.js'

type Read = (reading: RustReading, node: number, place: Place) => ValueOrigin

/** Emits the references of an expression, a statement or a whole block, and tells where its value comes from. */
export function readExpression(reading: RustReading, node: number, place: Place): ValueOrigin {
  reading.depth++
  const read = READERS[reading.table.kinds[node] as number]
  const value = read !== undefined ? read(reading, node, place) : readItem(reading, node, place) ? UNKNOWN : readParts(reading, node, place)
  reading.depth--
  return value
}

const nothing: Read = () => UNKNOWN
const BOOL = typeOrigin('bool')
const UNIT = typeOrigin('()')
const RANGE = typeOrigin('::core::ops::Range<usize>')
const ARRAY = typeOrigin('[_; 0]')
const BYTES = typeOrigin('&[u8; 0]')
const STR = typeOrigin('&str')
const SELF = typeOrigin('Self')
const LOWER_B = 98
const STAR = 42
const SEMICOLON = 59

const READERS: Readonly<Record<number, Read | undefined>> = {
  [K.identifier]: readName,
  [K.scoped_identifier]: readName,
  [K.self]: (_reading, _node, { scope }) => scope.get('self') ?? SELF,
  [K.call_expression]: readCall,
  [K.macro_invocation]: readMacro,
  [K.closure_expression]: (reading, node, place) => readClosure(reading, node, place),
  [K.block]: readBlock,
  [K.async_block]: readBlock,
  [K.unsafe_block]: readBlock,
  [K.const_block]: readBlock,
  [K.try_block]: readBlock,
  [K.gen_block]: readBlock,
  [K.let_declaration]: readLet,
  [K.let_condition]: readLetCondition,
  [K.if_expression]: readIf,
  [K.match_expression]: readMatch,
  [K.for_expression]: readFor,
  [K.while_expression]: (reading, node, place) => readParts(reading, node, inner(place)),
  [K.expression_statement]: last,
  [K.parenthesized_expression]: last,
  [K.else_clause]: last,
  [K.field_expression]: readField,
  [K.index_expression]: readIndex,
  [K.try_expression]: (reading, node, place) => withOp(last(reading, node, place), 'try'),
  [K.await_expression]: (reading, node, place) => withOp(last(reading, node, place), 'await'),
  [K.reference_expression]: (reading, node, place) => {
    const isMutable = reading.table.kinds[reading.table.firsts[node] as number] === K.mutable_specifier
    return withOp(last(reading, node, place), isMutable ? 'ref_mut' : 'ref')
  },
  [K.unary_expression]: (reading, node, place) => withOp(last(reading, node, place), reading.firstUnit(node) === STAR ? 'deref' : 'binary'),
  [K.binary_expression]: readBinary,
  [K.assignment_expression]: (reading, node, place) => (readParts(reading, node, place), UNIT),
  [K.compound_assignment_expr]: (reading, node, place) => (readParts(reading, node, place), UNIT),
  [K.type_cast_expression]: readCast,
  [K.range_expression]: (reading, node, place) => (readParts(reading, node, place), RANGE),
  [K.tuple_expression]: (reading, node, place) => tupleOrigin(readEach(reading, node, place)),
  [K.array_expression]: (reading, node, place) => (readParts(reading, node, place), ARRAY),
  [K.struct_expression]: readStruct,
  [K.unit_expression]: () => UNIT,
  [K.boolean_literal]: () => BOOL,
  [K.char_literal]: (reading, node) => typeOrigin(reading.firstUnit(node) === LOWER_B ? 'u8' : 'char'),
  [K.integer_literal]: (reading, node) => typeOrigin(/[iu](?:8|16|32|64|128|size)$/.exec(reading.slice(node))?.[0] ?? 'i32'),
  [K.float_literal]: (reading, node) => typeOrigin(/f(?:32|64)$/.exec(reading.slice(node))?.[0] ?? 'f64'),
  [K.string_literal]: readString,
  [K.raw_string_literal]: readString,
  [K.return_expression]: readParts,
  [K.break_expression]: readParts,
  [K.label]: nothing,
  [K.attribute_item]: nothing,
  [K.inner_attribute_item]: nothing,
  [K.token_tree]: nothing,
  [K.macro_definition]: nothing,
}

function inner(place: Place): Place {
  return { owner: place.owner, scope: new Scope(place.scope), inMacro: place.inMacro }
}

function readString(reading: RustReading, node: number): ValueOrigin {
  return reading.firstUnit(node) === LOWER_B ? BYTES : STR
}

function readParts(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  for (let child = table.firsts[node] as number; child !== 0; child = table.nexts[child] as number) readExpression(reading, child, place)
  return UNKNOWN
}

function readEach(reading: RustReading, node: number, place: Place): ValueOrigin[] {
  const { table } = reading
  const values: ValueOrigin[] = []
  for (let child = table.firsts[node] as number; child !== 0; child = table.nexts[child] as number) {
    values.push(readExpression(reading, child, place))
  }
  return values
}

/** The value of the last part; the parts before it are read too. */
function last(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  let value = UNKNOWN
  for (let child = table.firsts[node] as number; child !== 0; child = table.nexts[child] as number) {
    const kind = table.kinds[child]
    if (kind === K.attribute_item || kind === K.inner_attribute_item || kind === K.mutable_specifier) continue
    value = readExpression(reading, child, place)
  }
  return value
}

function readName(reading: RustReading, node: number, place: Place): ValueOrigin {
  if (reading.table.kinds[node] === K.identifier) {
    const name = reading.slice(node)
    const local = place.scope.get(name)
    if (local !== undefined) return local
    const path = [name]
    reading.addNodeOnce('value', node, place, path)
    return { base: { kind: 'path', path }, steps: [] }
  }
  const path = pathOf(reading, node)
  reading.addNodeOnce('value', node, place, path)
  return { base: { kind: 'path', path }, steps: [] }
}

function readCall(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  let called = table.field(node, F.function)
  const given = table.field(node, F.arguments)
  if (called === 0) return readParts(reading, node, place)
  let typeArgs: string[] | undefined
  if (table.kinds[called] === K.generic_function) {
    const typeArguments = table.field(called, F.type_arguments)
    readTypes(reading, typeArguments, place)
    typeArgs = []
    for (let type = table.firsts[typeArguments] as number; type !== 0; type = table.nexts[type] as number) {
      if (table.kinds[type] !== K.lifetime) typeArgs.push(reading.slice(type))
    }
    called = table.field(called, F.function) || called
  }
  const kind = table.kinds[called]
  const name = kind === K.field_expression ? table.field(called, F.field) : 0
  if (table.kinds[name] === K.field_identifier) {
    const value = table.field(called, F.value)
    const receiver = value === 0 ? UNKNOWN : readExpression(reading, value, place)
    const more = typeArgs === undefined ? { receiver } : { receiver, type_args: typeArgs }
    return readArguments(reading, given, place, reading.addNode('method_call', name, place, [reading.slice(name)], more))
  }
  const isPath = kind === K.scoped_identifier || (kind === K.identifier && place.scope.get(reading.slice(called)) === undefined)
  if (!isPath) {
    const callee = readExpression(reading, called, place)
    if (given !== 0) readParts(reading, given, place)
    return withOp(callee, 'call')
  }
  const qualifier = table.field(called, F.path)
  if (qualifier !== 0 && table.kinds[qualifier] !== K.identifier) readTypes(reading, qualifier, place)
  const more = typeArgs === undefined ? undefined : { type_args: typeArgs }
  return readArguments(reading, given, place, reading.addNode('call', called, place, pathOf(reading, called), more))
}

/** Gives a call its arguments and tells what it gives back. */
function readArguments(reading: RustReading, given: number, place: Place, reference: number): ValueOrigin {
  const { table } = reading
  const args: ValueOrigin[] = []
  for (let child = table.firsts[given] as number; child !== 0; child = table.nexts[child] as number) {
    const kind = table.kinds[child]
    if (kind === K.attribute_item) continue
    if (kind === K.closure_expression) args.push(readClosure(reading, child, place, { reference, argument: args.length }))
    else args.push(readExpression(reading, child, place))
  }
  reading.setArguments(reference, args)
  return { base: { kind: 'result', reference }, steps: [] }
}

function readClosure(reading: RustReading, node: number, place: Place, of?: { reference: number; argument: number }): ValueOrigin {
  const { table } = reading
  const within = inner(place)
  const parameters = table.field(node, F.parameters)
  let parameter = 0
  for (let child = table.firsts[parameters] as number; child !== 0; child = table.nexts[child] as number) {
    const isTyped = table.kinds[child] === K.parameter
    const type = isTyped ? table.field(child, F.type) : 0
    const pattern = isTyped ? table.field(child, F.pattern) : child
    readTypes(reading, type, place)
    const told: ValueOrigin =
      of === undefined
        ? UNKNOWN
        : { base: { kind: 'closure_parameter', reference: of.reference, argument: of.argument, parameter }, steps: [] }
    bindPattern(reading, pattern, type === 0 ? told : typeOrigin(reading.slice(type)), within)
    parameter++
  }
  const returned = table.field(node, F.return_type)
  readTypes(reading, returned, place)
  const body = table.field(node, F.body)
  const value = body === 0 ? UNKNOWN : readExpression(reading, body, within)
  return closureOrigin(returned === 0 ? value : typeOrigin(reading.slice(returned)))
}

/** Their tokens are text for somebody else: nothing in them is called here. */
const QUOTING = /(?:^|:)(?:(?:parse_)?quote(?:_\w+)?|stringify|concat|include\w*|env|option_env|cfg|compile_error)$/

function readMacro(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  const name = table.field(node, F.macro)
  const tokens = table.childOfKind(node, K.token_tree)
  if (name === 0) return UNKNOWN
  const index = reading.addNode('macro_call', name, place, pathOf(reading, name))
  const tree = tokens === 0 || QUOTING.test(reading.slice(name)) ? 0 : reading.parseTokens(tokens)
  if (tree !== 0) {
    const within: Place = { owner: place.owner, scope: new Scope(place.scope), inMacro: true }
    const content = table.firsts[table.firsts[tree] as number] as number
    const kind = content === 0 ? K.other : table.kinds[content]
    if (kind === K.block) readBlock(reading, content, within)
    else if (kind === K.tuple_expression || kind === K.parenthesized_expression || kind === K.array_expression) {
      reading.setArguments(index, readEach(reading, content, within))
    } else readParts(reading, tree, within)
  }
  return { base: { kind: 'result', reference: index }, steps: [] }
}

/** The value of a block is that of an expression at its end that no semicolon closes. */
function readBlock(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table, text } = reading
  const within = inner(place)
  const body = table.kinds[node] === K.block ? node : table.childOfKind(node, K.block)
  if (body === 0) return readParts(reading, node, within)
  let value = UNKNOWN
  for (let child = table.firsts[body] as number; child !== 0; child = table.nexts[child] as number) {
    const kind = table.kinds[child]
    if (kind === K.macro_definition) continue
    const read = readExpression(reading, child, within)
    const isStatement =
      kind === K.let_declaration || (kind === K.expression_statement && text.charCodeAt((table.ends[child] as number) - 1) === SEMICOLON)
    value = isStatement ? UNKNOWN : read
  }
  return value
}

function readLet(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  const value = table.field(node, F.value)
  const type = table.field(node, F.type)
  readTypes(reading, type, place)
  let origin = value === 0 ? UNKNOWN : readExpression(reading, value, place)
  if (type !== 0) reading.expect(origin, reading.slice(type))
  const alternative = table.field(node, F.alternative)
  if (alternative !== 0) readExpression(reading, alternative, place)
  if (type !== 0) {
    const text = reading.slice(type)
    // `Vec<_>` tells less than the value does, unless the value is a `collect()` or the like.
    const written = typeOrigin(text)
    if (text !== '_') origin = /\b_\b/.test(text) && !isUnknown(origin) ? oneOf([origin, written]) : written
  }
  bindPattern(reading, table.field(node, F.pattern), origin, place)
  return UNKNOWN
}

function readLetCondition(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  const value = table.field(node, F.value)
  const origin = value === 0 ? UNKNOWN : readExpression(reading, value, place)
  bindPattern(reading, table.field(node, F.pattern), origin, place)
  return BOOL
}

function readIf(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  const within = inner(place)
  const condition = table.field(node, F.condition)
  const consequence = table.field(node, F.consequence)
  const alternative = table.field(node, F.alternative)
  if (condition !== 0) readExpression(reading, condition, within)
  const values = consequence === 0 ? [] : [readExpression(reading, consequence, within)]
  if (alternative !== 0) values.push(readExpression(reading, alternative, place))
  return oneOf(values)
}

function readMatch(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  const value = table.field(node, F.value)
  const origin = value === 0 ? UNKNOWN : readExpression(reading, value, place)
  const values: ValueOrigin[] = []
  const body = table.field(node, F.body)
  for (let arm = table.firsts[body] as number; arm !== 0; arm = table.nexts[arm] as number) {
    if (table.kinds[arm] !== K.match_arm) continue
    const within = inner(place)
    const pattern = table.field(arm, F.pattern)
    bindPattern(reading, pattern, origin, within)
    const condition = pattern === 0 ? 0 : table.field(pattern, F.condition)
    if (condition !== 0) readExpression(reading, condition, within)
    const result = table.field(arm, F.value)
    if (result !== 0) values.push(readExpression(reading, result, within))
  }
  return oneOf(values)
}

function readFor(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  const value = table.field(node, F.value)
  const within = inner(place)
  const origin = value === 0 ? UNKNOWN : readExpression(reading, value, place)
  bindPattern(reading, table.field(node, F.pattern), withOp(origin, 'iter_item'), within)
  const body = table.field(node, F.body)
  if (body !== 0) readExpression(reading, body, within)
  return UNIT
}

function readField(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  const value = table.field(node, F.value)
  const name = table.field(node, F.field)
  const origin = value === 0 ? UNKNOWN : readExpression(reading, value, place)
  return name === 0 ? UNKNOWN : withStep(origin, { field: reading.slice(name) })
}

function readIndex(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  const value = table.firsts[node] as number
  const index = table.nexts[value] as number
  const origin = value === 0 ? UNKNOWN : readExpression(reading, value, place)
  if (index !== 0) readExpression(reading, index, place)
  return withOp(origin, index !== 0 && table.kinds[index] === K.range_expression ? 'slice' : 'index')
}

function readBinary(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  const left = table.field(node, F.left)
  const right = table.field(node, F.right)
  const origin = left === 0 ? UNKNOWN : readExpression(reading, left, place)
  if (right !== 0) readExpression(reading, right, place)
  const operator = left === 0 || right === 0 ? '' : reading.text.slice(table.ends[left], table.starts[right])
  return /[<>=!]=|&&|\|\||^[^<>]*[<>][^<>]*$/.test(operator) ? BOOL : withOp(origin, 'binary')
}

function readCast(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  const value = table.field(node, F.value)
  const type = table.field(node, F.type)
  if (value !== 0) readExpression(reading, value, place)
  readTypes(reading, type, place)
  return type === 0 ? UNKNOWN : typeOrigin(reading.slice(type))
}

function readStruct(reading: RustReading, node: number, place: Place): ValueOrigin {
  const { table } = reading
  const name = table.field(node, F.name)
  readTypes(reading, name, place)
  const body = table.field(node, F.body)
  for (let child = table.firsts[body] as number; child !== 0; child = table.nexts[child] as number) {
    const value = table.field(child, F.value)
    if (value !== 0) readExpression(reading, value, place)
    else readParts(reading, child, place)
  }
  return name === 0 ? UNKNOWN : typeOrigin(reading.slice(name))
}
