import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { Scope } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { typeOrigin, UNKNOWN, withOp } from '../value-origin.js'
import { readAssignmentStatement } from './assignments.js'
import { readClass, readInterface } from './classes.js'
import { readExpression, readParts } from './expressions.js'
import { readFunctionParts, typeText } from './functions.js'
import { nameOf } from './header.js'
import { readImport, readReexport, readRequire } from './imports.js'
import { bindPattern } from './patterns.js'
import { inner, nameOrigin, type ScriptPlace, type ScriptReading } from './script-reading.js'
import { FUNCTION_VALUES, hasMark, partsOf, unwrapped } from './tree.js'
import { readGenerics, readTypes } from './type-references.js'
import { boundNames, isItemDeclarator, valueOf } from './variables.js'
import { calledAtOnce } from './walk-items.js'

type Read = (reading: ScriptReading, node: ValueNode, place: ScriptPlace) => void

export const STATEMENTS: Readonly<Record<string, Read | undefined>> = {
  import_statement: readImport,
  export_statement: readExport,
  import_alias: readAliasImport,
  ambient_declaration: readAmbient,
  function_declaration: readFunctionParts,
  generator_function_declaration: readFunctionParts,
  function_signature: readFunctionParts,
  class_declaration: readClass,
  abstract_class_declaration: readClass,
  interface_declaration: readInterface,
  type_alias_declaration: readAlias,
  enum_declaration: readEnum,
  internal_module: readNamespace,
  module: readNamespace,
  lexical_declaration: readVariables,
  variable_declaration: readVariables,
  expression_statement: readExpressionStatement,
  statement_block: readBlock,
  switch_body: readBlock,
  for_statement: (reading, node, place) => void readParts(reading, node, inner(place)),
  for_in_statement: readForIn,
  catch_clause: readCatch,
  return_statement: readReturn,
  labeled_statement: (reading, node, place) => {
    const body = field(node, 'body')
    if (body !== undefined) readExpression(reading, body, place)
  },
  break_statement: () => undefined,
  continue_statement: () => undefined,
}

export function readStatement(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  STATEMENTS[node.type]?.(reading, node, place)
}

/** Statements one after the other. Names that they declare hide outer ones from the first line on. */
export function readBody(reading: ScriptReading, block: ValueNode, place: ScriptPlace): void {
  for (const statement of block.children) hoist(reading, statement, place)
  for (const statement of block.children) readExpression(reading, statement, place)
}

function readBlock(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  readBody(reading, node, inner(place))
}

function hoist(reading: ScriptReading, statement: ValueNode, place: ScriptPlace): void {
  const { type } = statement
  if (type === 'lexical_declaration' || type === 'variable_declaration') {
    if (place.level === 'module') return
    for (const declarator of statement.children) {
      const pattern = declarator.type === 'variable_declarator' ? field(declarator, 'name') : undefined
      const isItem = isItemDeclarator(place.level, hasMark(statement, 'var'), valueOf(declarator))
      for (const bound of pattern === undefined ? [] : boundNames(pattern)) {
        const name = reading.slice(bound)
        place.scope.bind(name, isItem ? nameOrigin([name]) : UNKNOWN)
      }
    }
  } else if (NAMED_ITEMS.has(type)) {
    const name = field(statement, 'name')
    if (name !== undefined) place.scope.bind(reading.slice(name), nameOrigin([reading.slice(name)]))
  }
}

/** Declarations that are symbols, wherever they stand. */
const NAMED_ITEMS: ReadonlySet<string> = new Set([
  'function_declaration',
  'generator_function_declaration',
  'class_declaration',
  'abstract_class_declaration',
  'enum_declaration',
])

function readExport(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  if (field(node, 'source') !== undefined) return readReexport(reading, node, place)
  if (childOfType(node, 'export_clause') !== undefined) return
  for (const part of partsOf(node)) {
    // `export default name` is told by the list of exports.
    if (part.type === 'identifier' || (part.field === 'value' && unwrapped(part).type === 'identifier')) continue
    readExpression(reading, part, place)
    if (part.field === 'value' && unwrapped(part).type === 'object') readObjectNames(reading, unwrapped(part), reading.ownerAt(part.start))
  }
}

/** `import Short = Long`: another name for one of this file. */
function readAliasImport(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const [name, target] = partsOf(node)
  if (name === undefined || target?.type !== 'identifier') return
  reading.add('import', node, place, ['', reading.slice(target)], { alias: reading.slice(name) })
}

function readAmbient(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  for (const part of partsOf(node)) {
    if (part.type === 'statement_block') readBody(reading, part, { ...place, scope: new Scope(place.scope) })
    else readExpression(reading, part, place)
  }
}

function readNamespace(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const body = field(node, 'body')
  if (body !== undefined) readBody(reading, body, { ...place, scope: new Scope(place.scope), level: 'module' })
}

function readAlias(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  readGenerics(reading, node, place)
  const value = field(node, 'value')
  if (value === undefined) return
  readTypes(reading, value, place)
  reading.fact(reading.ownerAt(value.start), 'alias', { type: reading.slice(value) })
}

function readEnum(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const body = field(node, 'body')
  const owner = body === undefined ? null : reading.ownerAt(body.start)
  for (const member of body === undefined ? [] : partsOf(body)) {
    const name = member.type === 'enum_assignment' ? field(member, 'name') : member
    const value = field(member, 'value')
    if (name !== undefined) reading.fact(owner, 'variant', { name: reading.slice(name) })
    if (value !== undefined) readExpression(reading, value, place)
  }
}

function readVariables(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  for (const declarator of node.children) {
    if (declarator.type !== 'variable_declarator' || readRequire(reading, declarator, place)) continue
    const pattern = field(declarator, 'name')
    const type = field(declarator, 'type')
    const value = field(declarator, 'value')
    readTypes(reading, type, place)
    const inside = value === undefined ? undefined : unwrapped(value)
    const isItem = isItemDeclarator(place.level, hasMark(node, 'var'), valueOf(declarator))
    const self = isItem && inside?.type === 'object' && pattern?.type === 'identifier' ? { self: nameOrigin([reading.slice(pattern)]) } : {}
    const given = value === undefined ? UNKNOWN : readExpression(reading, value, { ...place, ...self })
    const origin = type === undefined ? given : typeOrigin(typeText(reading, type))
    if (!isItem) bindPattern(reading, pattern, origin, place)
    else if (pattern?.type === 'identifier') {
      const text = type === undefined ? madeType(reading, inside) : typeText(reading, type)
      if (text !== null) reading.fact(reading.ownerAt(pattern.start), 'value', { type: text })
      else if (inside?.type === 'object') readObjectNames(reading, inside, reading.ownerAt(pattern.start))
    } else readDefaults(reading, pattern, place)
  }
}

/** What an object's properties are when they are names of this file: `{ open, close: shut }`. */
export function readObjectNames(reading: ScriptReading, object: ValueNode, owner: SymbolId | null): void {
  for (const part of object.children) {
    const value = part.type === 'pair' ? field(part, 'value') : part.type === 'shorthand_property_identifier' ? part : undefined
    if (value?.type !== 'identifier' && value !== part) continue
    if (value === undefined) continue
    const name = part.type === 'pair' ? nameOf(reading.text, field(part, 'key')) : reading.slice(part)
    reading.fact(owner, 'field', { name, type: `typeof ${reading.slice(value)}` })
  }
}

/** Values inside of a pattern whose names are symbols. */
function readDefaults(reading: ScriptReading, pattern: ValueNode | undefined, place: ScriptPlace): void {
  if (pattern !== undefined) bindPattern(reading, pattern, UNKNOWN, { ...place, scope: new Scope() })
}

/** The type that a value's own text tells: `new Map<string, Task>()`, `value as Task`. */
export function madeType(reading: ScriptReading, value: ValueNode | undefined): string | null {
  if (value?.type !== 'new_expression') return null
  const made = field(value, 'constructor')
  const types = field(value, 'type_arguments')
  if (made?.type !== 'identifier' && made?.type !== 'member_expression') return null
  return reading.written(made) + (types === undefined ? '' : reading.written(types))
}

function readExpressionStatement(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const [expression] = partsOf(node)
  if (expression === undefined) return
  if (place.level !== 'body' && expression.type === 'assignment_expression') return readAssignmentStatement(reading, expression, place)
  const called = place.level === 'body' ? null : calledAtOnce(expression)
  if (called === null || !called.some((part) => FUNCTION_VALUES.has(part.type))) return void readExpression(reading, expression, place)
  for (const part of called) {
    const body = FUNCTION_VALUES.has(part.type) ? field(part, 'body') : undefined
    if (body?.type !== 'statement_block') readExpression(reading, part, place)
    else {
      const within: ScriptPlace = { ...place, scope: new Scope(place.scope), level: 'block', returns: [] }
      const parameters = field(part, 'parameters')
      for (const parameter of parameters === undefined ? [] : partsOf(parameters)) {
        bindPattern(reading, field(parameter, 'pattern') ?? parameter, UNKNOWN, within)
      }
      readBody(reading, body, within)
    }
  }
}

function readForIn(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const within = inner(place)
  const right = field(node, 'right')
  const origin = right === undefined ? UNKNOWN : readExpression(reading, right, place)
  const left = field(node, 'left')
  const isOf = /\bof\s*$/.test(reading.text.slice(left?.end ?? node.start, right?.start ?? node.start))
  const item: ValueOrigin = isOf ? withOp(origin, 'iter_item') : typeOrigin('string')
  if (field(node, 'kind') !== undefined) bindPattern(reading, left, item, within)
  else if (left !== undefined && left.type !== 'identifier') readExpression(reading, left, place)
  const body = field(node, 'body')
  if (body !== undefined) readExpression(reading, body, within)
}

function readCatch(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const within = inner(place)
  bindPattern(reading, field(node, 'parameter'), UNKNOWN, within)
  const body = field(node, 'body')
  if (body !== undefined) readBody(reading, body, within)
}

function readReturn(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const [value] = partsOf(node)
  if (value !== undefined) place.returns.push(readExpression(reading, value, place))
}
