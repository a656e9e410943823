import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { Place } from '../reading.js'
import { UNKNOWN, withOp } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { readDeclarator } from './declarators.js'
import { construct } from './value-calls.js'
import { readTop } from './value-declarations.js'
import { readExpression } from './value-expressions.js'
import { inner, type CReading } from './value-place.js'
import { declaredOrigin, isAuto, readTypes } from './value-types.js'

type Read = (c: CReading, node: ValueNode, place: Place) => void

export function isStatement(type: string): boolean {
  return READERS[type] !== undefined
}

/** Emits the references of a statement; what it declares is bound in the scope of `place`. */
export function readStatement(c: CReading, node: ValueNode, place: Place): void {
  if (c.isLate()) return
  const read = READERS[node.type]
  if (read === undefined) readExpression(c, node, place)
  else read(c, node, place)
}

const READERS: Readonly<Record<string, Read | undefined>> = {
  compound_statement: readBlock,
  for_statement: readBlock,
  if_statement: readBlock,
  while_statement: readBlock,
  switch_statement: readBlock,
  for_range_loop: readForRange,
  catch_clause: readCatch,
  declaration: readVariables,
  using_declaration: readTop,
  alias_declaration: readTop,
  type_definition: readTop,
  namespace_alias_definition: readTop,
  struct_specifier: readTop,
  class_specifier: readTop,
  union_specifier: readTop,
  enum_specifier: readTop,
}

function readBlock(c: CReading, node: ValueNode, place: Place): void {
  const within = inner(place)
  for (const child of node.children) readStatement(c, child, within)
}

/** Local variables. A prototype in a function binds nothing. */
export function readVariables(c: CReading, node: ValueNode, place: Place): void {
  const type = field(node, 'type')
  if (type === undefined) return
  if (field(type, 'body') !== undefined) readTop(c, type, place)
  readTypes(c, type, place)
  for (const child of node.children) {
    if (child.field !== 'declarator') continue
    const declared = readDeclarator(child, c.reading.text)
    const value = field(child, 'value')
    const isList = value?.type === 'argument_list' || value?.type === 'initializer_list'
    let origin: ValueOrigin = UNKNOWN
    if (value !== undefined && !isList) origin = readExpression(c, value, place)
    const isPlain = declared !== null && declared.pointers === '' && declared.after === '' && !declared.isFunction
    if (
      c.isCpp &&
      isPlain &&
      !isAuto(c, type) &&
      (value === undefined || isList) &&
      !/\bextern\b/.test(c.reading.text.slice(node.start, type.start))
    ) {
      construct(c, type, value, place)
    } else if (isList) readExpression(c, value, place)
    bindDeclared(c, child, isAuto(c, type) ? origin : declaredOrigin(c, type, declared), place)
  }
}

/** A name, or the names of `auto [a, b]`, of which nothing is known. */
function bindDeclared(c: CReading, node: ValueNode, origin: ValueOrigin, place: Place): void {
  const declared = readDeclarator(node, c.reading.text)
  if (declared === null) {
    for (const name of structuredNames(node)) place.scope.bind(c.reading.slice(name), UNKNOWN)
    return
  }
  if (!declared.isFunction) place.scope.bind(c.reading.slice(declared.name), origin)
}

function* structuredNames(node: ValueNode): Generator<ValueNode> {
  for (const child of node.children) {
    if (node.type === 'structured_binding_declarator' && child.type === 'identifier') yield child
    else if (child.type.endsWith('declarator')) yield* structuredNames(child)
  }
}

function readForRange(c: CReading, node: ValueNode, place: Place): void {
  const within = inner(place)
  const type = field(node, 'type')
  const declarator = field(node, 'declarator')
  const initializer = field(node, 'initializer')
  if (initializer !== undefined) readStatement(c, initializer, within)
  const value = readExpression(c, field(node, 'right'), within)
  readTypes(c, type, within)
  if (type !== undefined && declarator !== undefined) {
    const item = isAuto(c, type) ? withOp(value, 'iter_item') : declaredOrigin(c, type, readDeclarator(declarator, c.reading.text))
    bindDeclared(c, declarator, item, within)
  }
  const body = field(node, 'body')
  if (body !== undefined) readStatement(c, body, within)
}

function readCatch(c: CReading, node: ValueNode, place: Place): void {
  const within = inner(place)
  bindParameters(c, field(node, 'parameters'), within)
  const body = field(node, 'body')
  if (body !== undefined) readStatement(c, body, within)
}

/** Binds parameters with their types; `told` says what is known of one whose type is `auto`. */
export function bindParameters(
  c: CReading,
  list: ValueNode | undefined,
  place: Place,
  told: (parameter: number) => ValueOrigin = () => UNKNOWN,
): void {
  let index = 0
  for (const node of list?.children ?? []) {
    if (!node.type.endsWith('parameter_declaration')) continue
    const parameter = index++
    const type = field(node, 'type')
    const declarator = field(node, 'declarator')
    readTypes(c, type, place)
    const value = field(node, 'default_value')
    if (value !== undefined) readExpression(c, value, place)
    if (type === undefined || declarator === undefined) continue
    const declared = readDeclarator(declarator, c.reading.text)
    if (declared === null) {
      const pack = childOfType(declarator, 'identifier')
      if (pack !== undefined) place.scope.bind(c.reading.slice(pack), UNKNOWN)
      continue
    }
    const origin = declared.isFunction ? UNKNOWN : isAuto(c, type) ? told(parameter) : declaredOrigin(c, type, declared)
    place.scope.bind(c.reading.slice(declared.name), origin)
  }
}
