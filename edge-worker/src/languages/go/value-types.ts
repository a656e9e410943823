import type { Place } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import type { GoReading } from './value-place.js'

/** Types that every package knows. */
const PREDECLARED = new Set(
  (
    'any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 ' +
    'uint64 uintptr'
  ).split(' '),
)

/** Emits a `type` reference for each type named in a type. */
export function readTypes(go: GoReading, node: ValueNode | undefined, place: Place): void {
  if (node === undefined) return
  const { reading } = go
  if (node.type === 'type_identifier') {
    const name = reading.slice(node)
    if (!PREDECLARED.has(name)) reading.addOnce('type', node, place, [name])
    return
  }
  if (node.type === 'qualified_type') {
    const [from, name] = [field(node, 'package'), field(node, 'name')]
    if (from !== undefined && name !== undefined) reading.addOnce('type', node, place, [reading.slice(from), reading.slice(name)])
    return
  }
  for (const child of node.children) readTypes(go, child, place)
}
