import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { oneOf, typeOrigin, UNKNOWN } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import type { Changes } from './flow-scope.js'
import { capturedNames } from './local-names.js'
import { readClass, readFunction } from './value-definitions.js'
import { readExpression, readLoopHead } from './value-expressions.js'
import { dottedPath, type PythonPlace, type PythonReading } from './value-place.js'
import { bindTarget, enteredValue, typeTextOf } from './value-targets.js'
import { readTypeNames } from './value-types.js'

export interface StatementHooks {
  readonly onImport: (node: ValueNode, place: PythonPlace) => void
  /** A variable of the module or an attribute of a class gets a value. */
  readonly onVariable: (name: ValueNode, type: string | null, isDeclared: boolean, place: PythonPlace) => void
  readonly onAlias: (name: ValueNode, written: string, place: PythonPlace) => void
  readonly onReturn: (value: ValueOrigin, node: ValueNode) => void
}

type Statement = (python: PythonReading, node: ValueNode, place: PythonPlace, hooks: StatementHooks) => void

/** Emits the references of a statement and binds the names that it gives values to. */
export function readStatement(python: PythonReading, node: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  if (python.isLate()) return
  const read = STATEMENTS[node.type]
  if (read === undefined) readExpression(python, node, place)
  else read(python, node, place, hooks)
}

const STATEMENTS: Readonly<Record<string, Statement | undefined>> = {
  module: readAll,
  block: readAll,
  ERROR: readAll,
  else_clause: readAll,
  finally_clause: readAll,
  expression_statement: readAll,
  function_definition: (python, node, place, hooks) => readFunction(python, node, node, place, hooks),
  class_definition: (python, node, place, hooks) => readClass(python, node, node, place, hooks),
  decorated_definition(python, node, place, hooks) {
    const definition = field(node, 'definition')
    if (definition?.type === 'class_definition') readClass(python, definition, node, place, hooks)
    else if (definition !== undefined) readFunction(python, definition, node, place, hooks)
  },
  assignment: readAssignment,
  augmented_assignment(python, node, place) {
    readExpression(python, field(node, 'right'), place)
    const left = field(node, 'left')
    readExpression(python, left, place)
    // A list stays a list; whatever else it was, it may be something else now.
    if (left?.type === 'identifier' && place.scope.get(python.reading.slice(left)) !== undefined) bindTarget(python, left, UNKNOWN, place)
  },
  type_alias_statement(python, node, place, hooks) {
    const left = field(node, 'left')
    const right = field(node, 'right')
    readTypeNames(python, right, place)
    if (left !== undefined && right !== undefined) hooks.onAlias(left, oneLine(python.reading.slice(right)), place)
  },
  import_statement: (_python, node, place, hooks) => hooks.onImport(node, place),
  import_from_statement: (_python, node, place, hooks) => hooks.onImport(node, place),
  future_import_statement: () => {},
  global_statement: () => {},
  nonlocal_statement: () => {},
  if_statement: readIf,
  for_statement: readLoop,
  while_statement: readLoop,
  try_statement: readTry,
  with_statement: readWith,
  match_statement: readMatch,
  return_statement(python, node, place, hooks) {
    hooks.onReturn(node.children[0] === undefined ? typeOrigin('None') : readExpression(python, node.children[0], place), node)
  },
  assert_statement(python, node, place) {
    for (const child of node.children) readExpression(python, child, place)
    narrow(python, node.children[0], place)
  },
}

function readAll(python: PythonReading, node: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  for (const child of node.children) readStatement(python, child, place, hooks)
}

function readAssignment(python: PythonReading, node: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  const targets: ValueNode[] = []
  let type: ValueNode | undefined
  let right: ValueNode | undefined = node
  while (right?.type === 'assignment') {
    const left = field(right, 'left')
    if (left !== undefined) targets.push(left)
    type ??= field(right, 'type')
    right = field(right, 'right')
  }
  readTypeNames(python, type, place)
  const written = type === undefined ? undefined : oneLine(python.reading.slice(type))
  // A variable of a module or a class holds what its value calls.
  const isTop = place.owner === null || place.owner === place.holder?.id
  const at = isTop && right !== undefined ? { ...place, owner: python.reading.ownerAt(right.start) } : place
  const value = right === undefined ? UNKNOWN : readExpression(python, right, at)
  if (written !== undefined && /(?:^|\.)TypeAlias$/.test(written)) {
    if (targets[0] !== undefined && right !== undefined) hooks.onAlias(targets[0], oneLine(python.reading.slice(right)), place)
    return
  }
  const isTyped = written !== undefined && !/(?:^|\.)(?:Any|Final|ClassVar)$/.test(written)
  const origin = isTyped ? typeOrigin(written) : value
  for (const target of targets) {
    bindTarget(python, target, origin, place, isTyped ? written : undefined)
    if (target.type !== 'identifier') continue
    if (python.reading.slice(target) !== '__slots__')
      hooks.onVariable(target, isTyped ? written : typeTextOf(python, value), isTyped, place)
  }
}

/** Each branch begins with what the names held before, and afterwards one of them has run. What a branch does that leaves is not seen after it. */
function readIf(python: PythonReading, node: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  const branches: Changes[] = []
  const condition = field(node, 'condition')
  const consequence = field(node, 'consequence')
  readExpression(python, condition, place)
  const read = (test: ValueNode | undefined, body: ValueNode | undefined): void => {
    const changes = readBranch(python, test, body, place, hooks)
    if (!leaves(body)) branches.push(changes)
  }
  read(condition, consequence)
  let isWhole = false
  for (const clause of node.children) {
    if (clause.field !== 'alternative') continue
    const test = field(clause, 'condition')
    readExpression(python, test, place)
    read(test, field(clause, 'consequence') ?? field(clause, 'body'))
    isWhole ||= clause.type === 'else_clause'
  }
  place.scope.merge(branches, !isWhole)
  // `if not isinstance(x, Kind): return`
  const [negated] = condition?.type === 'not_operator' ? condition.children : []
  if (node.children.length === 2 && leaves(consequence)) narrow(python, negated, place)
}

/** What a block does to the names; what its condition tells of them holds inside it alone. */
function readBranch(
  python: PythonReading,
  test: ValueNode | undefined,
  body: ValueNode | undefined,
  place: PythonPlace,
  hooks: StatementHooks,
): Changes {
  let changes: Changes = new Map()
  place.scope.branch(() => {
    narrow(python, test, place)
    changes = place.scope.branch(() => {
      if (body !== undefined) readStatement(python, body, place, hooks)
    })
  })
  return changes
}

function leaves(block: ValueNode | undefined): boolean {
  const last = block?.children[block.children.length - 1]
  return last !== undefined && LEAVING.has(last.type)
}

const LEAVING = new Set(['return_statement', 'raise_statement', 'continue_statement', 'break_statement'])

/** `isinstance(x, Kind)`, alone or among `and`s, tells what `x` is in what follows. */
function narrow(python: PythonReading, test: ValueNode | undefined, place: PythonPlace): void {
  if (test === undefined) return
  if (test.type === 'parenthesized_expression') {
    narrow(python, test.children[0], place)
    return
  }
  if (test.type === 'boolean_operator') {
    const [left, right] = [field(test, 'left'), field(test, 'right')]
    if (left === undefined || right === undefined || !/^\s*and\b/.test(python.reading.text.slice(left.end, right.start))) return
    narrow(python, left, place)
    narrow(python, right, place)
    return
  }
  const called = test.type === 'call' ? field(test, 'function') : undefined
  if (called === undefined || python.reading.slice(called) !== 'isinstance') return
  const [value, kind] = field(test, 'arguments')?.children ?? []
  if (value?.type !== 'identifier' || kind === undefined) return
  const name = python.reading.slice(value)
  const kinds = (kind.type === 'tuple' ? kind.children : [kind]).map((each) => dottedPath(each, python.reading.text)?.join('.'))
  if (place.scope.get(name) === undefined || kinds.includes(undefined)) return
  place.scope.bind(name, oneOf(kinds.map((each) => typeOrigin(each ?? ''))))
}

function readLoop(python: PythonReading, node: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  const body = field(node, 'body')
  const condition = field(node, 'condition')
  readExpression(python, condition, place)
  const changes =
    node.type === 'while_statement'
      ? readBranch(python, condition, body, place, hooks)
      : place.scope.branch(() => {
          readLoopHead(python, node, place)
          if (body !== undefined) readStatement(python, body, place, hooks)
        })
  place.scope.merge([changes], true)
  const alternative = field(node, 'alternative')
  if (alternative !== undefined) readStatement(python, alternative, place, hooks)
}

function readTry(python: PythonReading, node: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  const branches: Changes[] = []
  const body = field(node, 'body')
  const orElse = node.children.find((child) => child.type === 'else_clause')
  branches.push(
    place.scope.branch(() => {
      if (body !== undefined) readStatement(python, body, place, hooks)
      if (orElse !== undefined) readStatement(python, orElse, place, hooks)
    }),
  )
  for (const clause of node.children) {
    if (clause.type !== 'except_clause' && clause.type !== 'except_group_clause') continue
    const changes = place.scope.branch(() => readExcept(python, clause, place, hooks))
    if (!leaves(clause.children[clause.children.length - 1])) branches.push(changes)
  }
  place.scope.merge(branches, false)
  const last = node.children.find((child) => child.type === 'finally_clause')
  if (last !== undefined) readStatement(python, last, place, hooks)
}

function readExcept(python: PythonReading, clause: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  for (const child of clause.children) {
    if (child.type === 'block') {
      readStatement(python, child, place, hooks)
      continue
    }
    const kind = child.type === 'as_pattern' ? child.children[0] : child
    readExpression(python, kind, place)
    const kinds = kind?.type === 'tuple' ? kind.children : kind === undefined ? [] : [kind]
    const texts = kinds.flatMap((each) => dottedPath(each, python.reading.text)?.join('.') ?? [])
    const alias = field(child, 'alias')
    if (alias !== undefined) bindTarget(python, alias, oneOf(texts.map(typeOrigin)), place)
  }
}

function readWith(python: PythonReading, node: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  const isAsync = python.reading.text.startsWith('async', node.start)
  const items = node.children.find((child) => child.type === 'with_clause')?.children ?? []
  for (const item of items) {
    const written = field(item, 'value') ?? item.children[0]
    const value = readExpression(python, written?.type === 'as_pattern' ? written.children[0] : written, place)
    const alias = written?.type === 'as_pattern' ? field(written, 'alias') : undefined
    if (alias !== undefined) bindTarget(python, alias, enteredValue(value, isAsync), place)
  }
  const body = field(node, 'body')
  if (body !== undefined) readStatement(python, body, place, hooks)
}

function readMatch(python: PythonReading, node: ValueNode, place: PythonPlace, hooks: StatementHooks): void {
  for (const child of node.children) if (child.field === 'subject') readExpression(python, child, place)
  const clauses = (field(node, 'body')?.children ?? []).filter((child) => child.type === 'case_clause')
  const branches = clauses.map((clause) =>
    place.scope.branch(() => {
      for (const child of clause.children) {
        if (child.type === 'block') readStatement(python, child, place, hooks)
        else if (child.type === 'if_clause') readExpression(python, child, place)
        else readCase(python, child, place)
      }
    }),
  )
  place.scope.merge(branches, true)
}

function readCase(python: PythonReading, pattern: ValueNode, place: PythonPlace): void {
  for (const name of capturedNames(pattern, python.reading.text)) place.scope.bind(name, UNKNOWN)
  const visit = (node: ValueNode): void => {
    const name = node.type === 'class_pattern' ? node.children[0] : undefined
    if (name?.type === 'dotted_name') python.reading.addOnce('type', name, place, python.reading.slice(name).split('.'))
    for (const child of node.children) visit(child)
  }
  visit(pattern)
}
