import type { SymbolType } from '@doctown/common/contracts/symbol.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { readAssignment } from './assigned-items.js'
import { Comments, fileComment, type Span } from './comments.js'
import { nameOf, parametersOf, returnTypeOf, written } from './header.js'
import type { Item, LocalExport, WalkedItems } from './item.js'
import { readClassBody, readInterfaceBody, readObjectMembers } from './members.js'
import { FUNCTION_VALUES, hasMark, partsOf, stringText, unwrapped } from './tree.js'
import { readThisFields } from './this-fields.js'
import { readVariables } from './variables.js'

/**
 * Where a statement stands. `module`: at the top of a file or namespace; `block`: in a block there, or in the body of a
 * function that is called at once; `body`: in any other function, where only functions, classes and types are items.
 */
export type Level = 'module' | 'block' | 'body'

export interface Place {
  /** Index of the item around it, -1 at the top of the file. */
  readonly parent: number
  readonly level: Level
  /** Every name of an ambient namespace is exported, unless the namespace says which. */
  readonly exportsAll: boolean
}

/** The statement around a declaration: `export`, `declare`, decorators. */
export interface Wrapping {
  readonly start: number
  readonly head: number
  readonly end: number
  readonly isExported: boolean
  readonly decorators: readonly ValueNode[]
}

/** What one file's items are gathered in. */
export class Walk {
  readonly items: Item[] = []
  readonly exports: LocalExport[] = []
  /** Names at the top of the file that have been met. */
  readonly names = new Set<string>()
  isModule = false

  constructor(
    readonly text: string,
    readonly comments: Comments,
    readonly fileDocs: Span | null,
    /** JavaScript: a field comes to be by `this.name = ..`. */
    readonly declaresByThis: boolean,
  ) {}

  /** Adds an item and gives its index. Docs are looked for before the declaration, its decorators, and the statement around it. */
  add(node: ValueNode, item: NewItem, wrapping: Wrapping = ownWrapping(this.text, node)): number {
    const docs =
      item.docs ??
      [wrapping.head, ...(item.at === undefined ? [] : [item.at]), wrapping.start, node.start].reduce<Span | null>(
        (found, offset) => found ?? this.comments.docsBefore(offset, this.fileDocs),
        null,
      )
    const { at: _at, ...rest } = item
    this.items.push({
      start: Math.min(docs?.start ?? wrapping.start, wrapping.start),
      head: wrapping.head,
      end: wrapping.end,
      prefix: '',
      owner: null,
      visibility: wrapping.isExported ? 'export' : 'inherited',
      parameters: [],
      returnType: null,
      decorators: wrapping.decorators.map((decorator) => written(this.text, decorator)),
      isExported: wrapping.isExported,
      ...rest,
      docs,
    })
    if (item.parent === -1 && (item.owner ?? null) === null) this.names.add(item.name)
    return this.items.length - 1
  }
}

export type NewItem = Pick<Item, 'type' | 'name' | 'parent' | 'body' | 'signatureEnd'> & Partial<Item> & { readonly at?: number }

/** Finds every item of a file. The tree is at most `LIMITS.walkDepth` deep, so is the recursion. */
export function walkItems(
  tree: ValueNode,
  text: string,
  { isDeclarationFile, declaresByThis }: { readonly isDeclarationFile: boolean; readonly declaresByThis: boolean },
): WalkedItems & { readonly fileDocs: Span | null } {
  const comments = new Comments(text, tree)
  const fileDocs = fileComment(text, comments, tree)
  const walk = new Walk(text, comments, fileDocs, declaresByThis)
  const isModule = tree.children.some((child) => child.type === 'export_statement' || child.type === 'import_statement')
  const exportsAll = isDeclarationFile && (!isModule || exportsItself(tree))
  for (const child of tree.children) readStatement(walk, child, { parent: -1, level: 'module', exportsAll })
  return { ...inSourceOrder(walk), isModule: isModule || walk.isModule, fileDocs }
}

/** Nothing in an ambient namespace or declaration file tells which of its names are exported, so all of them are. */
function exportsItself(node: ValueNode): boolean {
  return !node.children.some((child) => {
    if (child.type !== 'export_statement' || field(child, 'source') !== undefined) return false
    return field(child, 'declaration') === undefined
  })
}

/** Members of a class may come after those of a function in it: places are compared, and parents follow. */
function inSourceOrder({ items, exports }: Walk): Pick<WalkedItems, 'items' | 'exports'> {
  const order = items.map((_, index) => index).sort((a, b) => (items[a]?.start ?? 0) - (items[b]?.start ?? 0) || a - b)
  const moved = new Map(order.map((index, at) => [index, at]))
  const place = <T extends { readonly parent: number }>(each: T): T =>
    each.parent === -1 ? each : { ...each, parent: moved.get(each.parent) ?? -1 }
  // `as`: every index is one of the list.
  return { items: order.map((index) => place(items[index] as Item)), exports: exports.map(place) }
}

export function ownWrapping(text: string, node: ValueNode, isExported = false): Wrapping {
  const decorators = node.children.filter((child) => child.type === 'decorator')
  return { start: node.start, head: headAfter(text, node.start, decorators), end: node.end, isExported, decorators }
}

/** Where the code begins behind the decorators. */
export function headAfter(text: string, start: number, decorators: readonly ValueNode[]): number {
  const last = decorators[decorators.length - 1]
  if (last === undefined || last.start < start) return start
  const space = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y
  space.lastIndex = last.end
  return last.end + (space.exec(text)?.[0].length ?? 0)
}

type Read = (walk: Walk, node: ValueNode, place: Place, wrapping?: Wrapping) => void

export function readStatement(walk: Walk, node: ValueNode, place: Place, wrapping?: Wrapping): void {
  const read = STATEMENTS[node.type]
  if (read !== undefined) read(walk, node, place, wrapping ?? (place.exportsAll ? ownWrapping(walk.text, node, true) : undefined))
  else if (FUNCTION_VALUES.has(node.type) || node.type === 'method_definition')
    readInside(walk, node, { ...place, level: 'body', exportsAll: false })
  else readInside(walk, node, place.level === 'module' && node.type !== 'ERROR' ? { ...place, level: 'block' } : place)
}

const STATEMENTS: Readonly<Record<string, Read | undefined>> = {
  export_statement: readExport,
  ambient_declaration: readAmbient,
  function_declaration: readFunction,
  generator_function_declaration: readFunction,
  function_signature: readFunction,
  class_declaration: readClass,
  abstract_class_declaration: readClass,
  class: (walk, node, place) => readClassBody(walk, node, place, -1),
  interface_declaration: readInterface,
  type_alias_declaration: readAlias,
  enum_declaration: (walk, node, place, wrapping) => void addDeclared(walk, node, 'enum', place, wrapping),
  internal_module: readNamespace,
  module: readNamespace,
  lexical_declaration: readVariables,
  variable_declaration: readVariables,
  expression_statement: readExpressionStatement,
  import_statement: () => undefined,
  import_alias: () => undefined,
}

export function readInside(walk: Walk, node: ValueNode, place: Place): void {
  for (const child of node.children) readStatement(walk, child, place)
}

/** An item with a name and a body; its inside is read by the caller. */
function addDeclared(walk: Walk, node: ValueNode, type: SymbolType, place: Place, wrapping?: Wrapping): number {
  const body = field(node, 'body')?.start ?? node.end
  const name = nameOf(walk.text, field(node, 'name')) || 'default'
  return walk.add(node, { type, name, parent: place.parent, body, signatureEnd: body }, wrapping)
}

function readFunction(walk: Walk, node: ValueNode, place: Place, wrapping?: Wrapping): void {
  const body = field(node, 'body')?.start ?? node.end
  const index = walk.add(
    node,
    {
      type: 'function',
      name: nameOf(walk.text, field(node, 'name')) || 'default',
      parent: place.parent,
      body,
      signatureEnd: body,
      parameters: parametersOf(walk.text, node),
      returnType: returnTypeOf(walk.text, node),
    },
    wrapping,
  )
  // A capital letter tells a function that makes objects.
  const block = /^[A-Z]/.test(walk.items[index]?.name ?? '') ? field(node, 'body') : undefined
  if (block !== undefined) readThisFields(walk, [block], index, new Set())
  readInside(walk, node, { parent: index, level: 'body', exportsAll: false })
}

export function readClass(walk: Walk, node: ValueNode, place: Place, wrapping?: Wrapping): void {
  readClassBody(walk, node, place, addDeclared(walk, node, 'class', place, wrapping))
}

function readInterface(walk: Walk, node: ValueNode, place: Place, wrapping?: Wrapping): void {
  readInterfaceBody(walk, node, addDeclared(walk, node, 'interface', place, wrapping))
}

function readAlias(walk: Walk, node: ValueNode, place: Place, wrapping?: Wrapping): void {
  const name = nameOf(walk.text, field(node, 'name'))
  const body = field(node, 'value')?.start ?? node.end
  walk.add(node, { type: 'type_alias', name, parent: place.parent, body, signatureEnd: node.end }, wrapping)
}

function readNamespace(walk: Walk, node: ValueNode, place: Place, wrapping?: Wrapping): void {
  const isForeign = field(node, 'name')?.type === 'string'
  const index = addDeclared(
    walk,
    node,
    'module',
    place,
    isForeign ? { ...(wrapping ?? ownWrapping(walk.text, node)), isExported: true } : wrapping,
  )
  const isAmbient = place.exportsAll || walk.text.startsWith('declare', wrapping?.head ?? node.start)
  const body = field(node, 'body')
  if (body !== undefined) readInside(walk, body, { parent: index, level: 'module', exportsAll: isAmbient && exportsItself(body) })
}

function readAmbient(walk: Walk, node: ValueNode, place: Place, wrapping?: Wrapping): void {
  const around = wrapping ?? ownWrapping(walk.text, node, place.exportsAll)
  const block = childOfType(node, 'statement_block')
  if (hasMark(node, 'global') && block !== undefined) {
    const item = { type: 'module' as const, name: 'global', parent: place.parent, body: block.start, signatureEnd: block.start }
    const index = walk.add(node, { ...item, isExported: true }, around)
    return readInside(walk, block, { parent: index, level: 'module', exportsAll: true })
  }
  for (const child of partsOf(node)) readStatement(walk, child, place, around)
}

function readExport(walk: Walk, node: ValueNode, place: Place): void {
  if (place.parent === -1) walk.isModule = true
  const { text } = walk
  const declaration = field(node, 'declaration')
  // `@dec export class` begins behind the decorator, `export @dec class` with its `export`.
  const before = node.children.filter((child) => child.type === 'decorator')
  const decorators = [...before, ...(declaration?.children.filter((child) => child.type === 'decorator') ?? [])]
  const wrapping: Wrapping = { start: node.start, head: headAfter(text, node.start, before), end: node.end, isExported: true, decorators }
  if (declaration !== undefined && declaration.type !== 'import_alias') {
    const name = nameOf(text, field(declaration, 'name'))
    if (name !== '' && hasMark(node, 'default')) exportDefault(walk, declaration, name, place)
    return readStatement(walk, declaration, place, wrapping)
  }
  if (field(node, 'source') !== undefined) return
  const alias = childOfType(node, 'import_alias')
  if (alias !== undefined) return readExportedAlias(walk, alias, place.parent)
  const clause = childOfType(node, 'export_clause')
  if (clause !== undefined) return readExportClause(walk, clause, place.parent)
  const value = field(node, 'value') ?? (hasMark(node, '=') ? partsOf(node)[0] : undefined)
  if (value !== undefined) readDefault(walk, node, value, place, wrapping)
}

/** `export import JSX = JSXInternal` */
function readExportedAlias(walk: Walk, alias: ValueNode, parent: number): void {
  const [name, target] = partsOf(alias)
  if (name === undefined || target?.type !== 'identifier') return
  walk.exports.push({ local: written(walk.text, target), exported: written(walk.text, name), parent, node: alias })
}

function exportDefault(walk: Walk, node: ValueNode, local: string, place: Place): void {
  walk.exports.push({ local, exported: 'default', parent: place.parent, node })
}

function readExportClause(walk: Walk, clause: ValueNode, parent: number): void {
  for (const specifier of clause.children) {
    if (specifier.type !== 'export_specifier') continue
    const name = field(specifier, 'name')
    if (name === undefined) continue
    const local = stringText(walk.text, name) ?? written(walk.text, name)
    const alias = field(specifier, 'alias')
    walk.exports.push({ local, exported: alias === undefined ? local : nameOf(walk.text, alias), parent, node: specifier })
  }
}

/** `export default ..`, `export = ..`: a name of this file, or a value that has no other name. */
function readDefault(walk: Walk, node: ValueNode, value: ValueNode, place: Place, wrapping: Wrapping): void {
  const inner = unwrapped(value)
  if (inner.type === 'identifier')
    return void walk.exports.push({ local: written(walk.text, inner), exported: 'default', parent: place.parent, node: inner })
  const ownName = nameOf(walk.text, field(inner, 'name'))
  if (ownName !== '' && (FUNCTION_VALUES.has(inner.type) || inner.type === 'class')) exportDefault(walk, inner, ownName, place)
  if (FUNCTION_VALUES.has(inner.type)) return readFunction(walk, inner, place, wrapping)
  if (inner.type === 'class') return readClass(walk, inner, place, wrapping)
  const item = { type: 'const' as const, name: 'default', parent: place.parent, body: value.start, signatureEnd: value.start }
  const index = walk.add(node, item, wrapping)
  if (inner.type === 'object') readObjectMembers(walk, inner, index)
  else readInside(walk, value, { parent: index, level: 'body', exportsAll: false })
}

function readExpressionStatement(walk: Walk, node: ValueNode, place: Place): void {
  const [expression] = partsOf(node)
  if (expression === undefined) return
  if (expression.type === 'internal_module') {
    return readNamespace(walk, expression, place, place.exportsAll ? ownWrapping(walk.text, node, true) : undefined)
  }
  if (place.level !== 'body' && expression.type === 'assignment_expression' && readAssignment(walk, node, expression, place)) return
  const called = place.level === 'body' ? null : calledAtOnce(expression)
  if (called === null) return readInside(walk, node, place)
  for (const part of called) {
    // The body of a function that runs once, when the file is loaded, is the file's own.
    if (FUNCTION_VALUES.has(part.type)) readInside(walk, part, { ...place, level: 'block' })
    else readInside(walk, part, { ...place, level: 'body' })
  }
}

/** Callee and arguments of `(function () {..})(..)`, `!function () {..}()`, `define(function () {..})`; `null` for anything else. */
export function calledAtOnce(expression: ValueNode): readonly ValueNode[] | null {
  let call = unwrapped(expression)
  if (call.type === 'unary_expression' || call.type === 'await_expression') call = unwrapped(partsOf(call)[0] ?? call)
  if (call.type !== 'call_expression') return null
  const callee = unwrapped(field(call, 'function') ?? call)
  // `(function () {..}).call(this)`
  const inner = callee.type === 'member_expression' ? unwrapped(field(callee, 'object') ?? callee) : callee
  const args = field(call, 'arguments')?.children ?? []
  return FUNCTION_VALUES.has(inner.type) || callee.type === 'identifier' ? [inner, ...args] : null
}
