import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { UNKNOWN, withOp, withStep } from '../value-origin.js'
import { pathOf } from './value-paths.js'
import type { Place } from '../reading.js'
import type { RustReading } from './value-reading.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'

/** Binds the names of a pattern to the parts of the value it takes apart. */
export function bindPattern(reading: RustReading, node: ValueNode | undefined, origin: ValueOrigin, place: Place): void {
  if (node === undefined) return
  switch (node.type) {
    case 'identifier':
    case 'shorthand_field_identifier': {
      const name = reading.slice(node)
      // A capital letter is a constant or a unit variant to compare with, by the language's own lint.
      if (!/^[A-Z]/.test(name)) place.scope.bind(name, origin)
      return
    }
    case 'self':
      place.scope.bind('self', origin)
      return
    case 'tuple_pattern':
      places(node.children).forEach(({ child, index }) => bindPattern(reading, child, withStep(origin, { field: String(index) }), place))
      return
    case 'tuple_struct_pattern': {
      const type = field(node, 'type')
      if (type === undefined) return
      const variant = pathOf(reading, type)
      reading.addOnce('value', type, place, variant)
      places(node.children.filter((child) => child !== type)).forEach(({ child, index }) =>
        bindPattern(reading, child, variantField(origin, variant, String(index)), place),
      )
      return
    }
    case 'struct_pattern': {
      const type = field(node, 'type')
      if (type === undefined) return
      const variant = pathOf(reading, type)
      reading.addOnce('value', type, place, variant)
      for (const child of node.children) if (child.type === 'field_pattern') bindField(reading, child, origin, variant, place)
      return
    }
    case 'slice_pattern':
      for (const child of node.children) {
        const rest = child.type === 'captured_pattern'
        bindPattern(reading, child, withOp(origin, rest ? 'slice' : 'index'), place)
      }
      return
    case 'or_pattern':
      // Every alternative binds the same names; the last that is known stays.
      for (const child of node.children) bindPattern(reading, child, origin, place)
      return
    case 'captured_pattern':
      for (const child of node.children) bindPattern(reading, child, origin, place)
      return
    case 'reference_pattern':
      for (const child of node.children) bindPattern(reading, child, withOp(origin, 'deref'), place)
      return
    case 'match_pattern':
      for (const child of node.children) if (child.field !== 'condition') bindPattern(reading, child, origin, place)
      return
    case 'scoped_identifier':
      reading.addOnce('value', node, place, pathOf(reading, node))
      return
    case 'ref_pattern':
    case 'mut_pattern':
      for (const child of node.children) bindPattern(reading, child, origin, place)
      return
    case 'ERROR':
      for (const child of node.children) bindPattern(reading, child, UNKNOWN, place)
      return
    default:
  }
}

function bindField(reading: RustReading, node: ValueNode, origin: ValueOrigin, variant: readonly string[], place: Place): void {
  const name = field(node, 'name')
  if (name === undefined) return
  const value = variantField(origin, variant, reading.slice(name))
  const pattern = field(node, 'pattern')
  if (pattern !== undefined) bindPattern(reading, pattern, value, place)
  else place.scope.bind(reading.slice(name), value)
}

/** A variant's pattern tells its enum, so that even an unknown value gives typed parts. */
function variantField(origin: ValueOrigin, variant: readonly string[], name: string): ValueOrigin {
  const known = origin.base.kind === 'unknown' ? { base: { kind: 'path' as const, path: variant }, steps: [] } : origin
  return withStep(known, { variant: [...variant], field: name })
}

/** Places of a tuple's patterns; what follows `..` is counted from the end, which the text cannot tell, so it is left out. */
function places(nodes: readonly ValueNode[]): { child: ValueNode; index: number }[] {
  const rest = nodes.findIndex((node) => node.type === 'remaining_field_pattern')
  const seen = rest < 0 ? nodes : nodes.slice(0, rest)
  return seen.filter((node) => !isMark(node)).map((child, index) => ({ child, index }))
}

function isMark(node: ValueNode): boolean {
  return node.type === 'mutable_specifier' || node.type === 'attribute_item'
}
