import type { SymbolType } from '@doctown/common/contracts/symbol.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'

export interface Assignment {
  readonly names: readonly { readonly name: string; readonly start: number }[]
  readonly type: ValueNode | undefined
  /** Of several targets in a tuple, none: each gets a part of it. */
  readonly value: ValueNode | undefined
}

/** The plain names that `a = b = 1`, `a, (b, c) = ..` and `a: int` assign or declare. Attributes and items are no names. */
export function assignedNames(assignment: ValueNode | undefined, text: string): Assignment {
  const names: { name: string; start: number }[] = []
  let type: ValueNode | undefined
  let value: ValueNode | undefined
  let isTaken = false
  for (let node = assignment; node?.type === 'assignment'; node = value) {
    const left = field(node, 'left')
    if (left !== undefined && left.type !== 'identifier') isTaken = true
    if (left !== undefined) collect(left, text, names)
    type ??= field(node, 'type')
    value = field(node, 'right')
  }
  return { names, type, value: isTaken ? undefined : value }
}

function collect(target: ValueNode, text: string, names: { name: string; start: number }[]): void {
  if (target.type === 'identifier') {
    // Where the parser had to guess, a name may be empty.
    if (target.end > target.start) names.push({ name: text.slice(target.start, target.end), start: target.start })
  } else if (PATTERNS.has(target.type)) for (const child of target.children) collect(child, text, names)
}

const PATTERNS = new Set(['pattern_list', 'tuple_pattern', 'list_pattern', 'list_splat_pattern', 'tuple', 'list', 'expression_list'])

const CLASS_MAKERS = new Set([
  'namedtuple',
  'NamedTuple',
  'TypedDict',
  'Enum',
  'IntEnum',
  'StrEnum',
  'Flag',
  'IntFlag',
  'make_dataclass',
  'new_class',
])

/** A variable that is a type: declared `TypeAlias`, made by `NewType(..)`, or a class made by a call such as `namedtuple(..)`. */
export function valueType(type: ValueNode | undefined, value: ValueNode | undefined, text: string): SymbolType | null {
  if (type !== undefined && /(?:^|\.)TypeAlias$/.test(text.slice(type.start, type.end))) return 'type_alias'
  if (value?.type !== 'call') return null
  const called = field(value, 'function')
  const given = field(value, 'arguments')?.children[0]
  // `Color(1)` is a value of an enumeration, `Enum("Color", ..)` makes one.
  if (called === undefined || given?.type !== 'string') return null
  const maker = text.slice(called.start, called.end).split('.').pop() ?? ''
  if (maker === 'NewType') return 'type_alias'
  return CLASS_MAKERS.has(maker) ? 'class' : null
}

/** A value that says more than its name, in characters. */
const LONGEST_VALUE = 80

/** `name: type = value`, the value left out where it is long. */
export function signatureOfValue(name: string, type: ValueNode | undefined, value: ValueNode | undefined, text: string): string {
  const declared = type === undefined ? name : `${name}: ${oneLine(text.slice(type.start, type.end))}`
  if (value === undefined || value.end - value.start > LONGEST_VALUE) return declared
  const written = text.slice(value.start, value.end)
  return written.includes('\n') ? declared : `${declared} = ${oneLine(written)}`
}
