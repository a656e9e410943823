import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { Place } from '../reading.js'
import { typeOrigin, UNKNOWN, withOp, withStep } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import { readExpression } from './value-expressions.js'
import type { GoReading } from './value-place.js'
import { inner } from './value-place.js'
import { readTypes } from './value-types.js'

type Statement = (go: GoReading, node: ValueNode, place: Place) => void

/** Emits the references of a statement and binds the names that it declares. */
export function readStatement(go: GoReading, node: ValueNode | undefined, place: Place): void {
  if (node === undefined || go.isLate()) return
  const read = STATEMENTS[node.type]
  if (read === undefined) readExpression(go, node, place)
  else read(go, node, place)
}

const STATEMENTS: Readonly<Record<string, Statement | undefined>> = {
  block: readBlock,
  if_statement: readBlock,
  for_statement: readBlock,
  expression_switch_statement: readBlock,
  select_statement: readBlock,
  expression_case: readBlock,
  default_case: readBlock,
  communication_case: readBlock,
  for_clause: readAll,
  expression_statement: readAll,
  labeled_statement: readAll,
  statement_list: readAll,
  ERROR: readAll,
  var_spec_list: readAll,
  var_declaration: readAll,
  const_declaration: readAll,
  type_declaration: readAll,
  type_switch_statement: readTypeSwitch,
  range_clause: readRange,
  short_var_declaration: (go, node, place) => bindList(go, field(node, 'left'), field(node, 'right'), place),
  receive_statement: (go, node, place) => bindList(go, field(node, 'left'), field(node, 'right'), place),
  var_spec: readSpec,
  const_spec: readSpec,
  type_spec: readLocalType,
  type_alias: readLocalType,
  label_name: () => {},
  comment: () => {},
}

function readAll(go: GoReading, node: ValueNode, place: Place): void {
  for (const child of node.children) readStatement(go, child, place)
}

function readBlock(go: GoReading, node: ValueNode, place: Place): void {
  readAll(go, node, inner(place))
}

/** `a, err := f()`: of one value for several names each gets its part; a map, a channel and an assertion give a `bool` beside. */
function bindList(go: GoReading, left: ValueNode | undefined, right: ValueNode | undefined, place: Place): void {
  const values = right?.type === 'expression_list' ? right.children : right === undefined ? [] : [right]
  const origins = values.map((value) => readExpression(go, value, place))
  const names = left?.children ?? []
  names.forEach((name, index) => {
    if (name.type !== 'identifier') readExpression(go, name, place)
    else place.scope.bind(go.reading.slice(name), partOf(values, origins, names.length, index))
  })
}

/** What the name at `index` of `wanted` names gets of the values on the right. */
export function partOf(values: readonly ValueNode[], origins: readonly ValueOrigin[], wanted: number, index: number): ValueOrigin {
  if (values.length === wanted) return origins[index] ?? UNKNOWN
  const [value] = values
  const [origin = UNKNOWN] = origins
  if (values.length !== 1 || value === undefined) return UNKNOWN
  if (value.type !== 'call_expression' && value.type !== 'type_conversion_expression') return index === 0 ? origin : typeOrigin('bool')
  return withStep(origin, { field: String(index) })
}

function readSpec(go: GoReading, node: ValueNode, place: Place): void {
  const names = node.children.filter((child) => child.field === 'name' && child.type === 'identifier')
  const type = field(node, 'type')
  const values = field(node, 'value')?.children ?? []
  readTypes(go, type, place)
  const origins = values.map((value) => readExpression(go, value, place))
  names.forEach((name, index) => {
    const origin = type === undefined ? partOf(values, origins, names.length, index) : typeOrigin(oneLine(go.reading.slice(type)))
    place.scope.bind(go.reading.slice(name), origin)
  })
}

/** A type of the function's own hides one of the package. */
function readLocalType(go: GoReading, node: ValueNode, place: Place): void {
  readTypes(go, field(node, 'type'), place)
}

/** Over a list or a map the second name is an item; over a channel the only one. */
function readRange(go: GoReading, node: ValueNode, place: Place): void {
  const right = field(node, 'right')
  const left = field(node, 'left')
  const origin = readExpression(go, right, place)
  const names = left?.children ?? []
  const isChannel = origin.base.kind === 'type' && origin.steps.length === 0 && /^(?:<-\s*)?chan\b/.test(origin.base.text)
  const isDeclaring = left !== undefined && right !== undefined && go.reading.text.slice(left.end, right.start).includes(':=')
  names.forEach((name, index) => {
    if (name.type !== 'identifier' || !isDeclaring) return void readExpression(go, name, place)
    place.scope.bind(go.reading.slice(name), index === 1 || isChannel ? withOp(origin, 'iter_item') : UNKNOWN)
  })
}

/** `switch x := v.(type)`: in a case of one type `x` has that. */
function readTypeSwitch(go: GoReading, node: ValueNode, place: Place): void {
  const within = inner(place)
  readStatement(go, field(node, 'initializer'), within)
  const value = readExpression(go, field(node, 'value'), within)
  const alias = field(node, 'alias')?.children[0]
  for (const clause of node.children) {
    if (clause.type !== 'type_case' && clause.type !== 'default_case') continue
    const types = clause.children.filter((child) => child.field === 'type')
    for (const type of types) readTypes(go, type, within)
    const [only] = types
    const inside = inner(within)
    if (alias !== undefined) {
      const told = types.length === 1 && only !== undefined ? typeOrigin(oneLine(go.reading.slice(only))) : value
      inside.scope.bind(go.reading.slice(alias), told)
    }
    for (const child of clause.children) if (child.field !== 'type') readStatement(go, child, inside)
  }
}

/** Binds the parameters of a function, or its named results, to their types as written. */
export function bindParameters(go: GoReading, list: ValueNode | undefined, place: Place): void {
  for (const node of list?.children ?? []) {
    const type = field(node, 'type')
    if (type === undefined) continue
    readTypes(go, type, place)
    const written = oneLine(go.reading.slice(type))
    const origin = typeOrigin(node.type === 'variadic_parameter_declaration' ? `[]${written}` : written)
    for (const child of node.children) if (child.field === 'name') place.scope.bind(go.reading.slice(child), origin)
  }
}
