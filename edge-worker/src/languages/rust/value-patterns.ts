import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import { F, K } from './kinds.js'
import { UNKNOWN, withOp, withStep } from '../value-origin.js'
import { pathOf } from './value-paths.js'
import type { Place } from '../reading.js'
import type { RustReading } from './value-reading.js'

/** Binds the names of a pattern to the parts of the value it takes apart; nothing for node 0. */
export function bindPattern(reading: RustReading, node: number, origin: ValueOrigin, place: Place): void {
  if (node === 0) return
  const { table } = reading
  switch (table.kinds[node]) {
    case K.identifier:
    case K.shorthand_field_identifier: {
      // A capital letter is a constant or a unit variant to compare with, by the language's own lint.
      const first = reading.firstUnit(node)
      if (first < 65 || first > 90) place.scope.bind(reading.slice(node), origin)
      return
    }
    case K.self:
      place.scope.bind('self', origin)
      return
    case K.tuple_pattern:
      bindPlaces(reading, node, 0, place, (index) => withStep(origin, { field: index }))
      return
    case K.tuple_struct_pattern: {
      const type = table.field(node, F.type)
      if (type === 0) return
      const variant = pathOf(reading, type)
      reading.addNodeOnce('value', type, place, variant)
      bindPlaces(reading, node, type, place, (index) => variantField(origin, variant, index))
      return
    }
    case K.struct_pattern: {
      const type = table.field(node, F.type)
      if (type === 0) return
      const variant = pathOf(reading, type)
      reading.addNodeOnce('value', type, place, variant)
      for (let child = table.firsts[node] as number; child !== 0; child = table.nexts[child] as number) {
        if (table.kinds[child] === K.field_pattern) bindField(reading, child, origin, variant, place)
      }
      return
    }
    case K.slice_pattern:
      for (let child = table.firsts[node] as number; child !== 0; child = table.nexts[child] as number) {
        bindPattern(reading, child, withOp(origin, table.kinds[child] === K.captured_pattern ? 'slice' : 'index'), place)
      }
      return
    case K.or_pattern: // Every alternative binds the same names; the last that is known stays.
    case K.captured_pattern:
    case K.ref_pattern:
    case K.mut_pattern:
      bindChildren(reading, node, origin, place)
      return
    case K.reference_pattern:
      bindChildren(reading, node, withOp(origin, 'deref'), place)
      return
    case K.match_pattern:
      for (let child = table.firsts[node] as number; child !== 0; child = table.nexts[child] as number) {
        if (table.fields[child] !== F.condition) bindPattern(reading, child, origin, place)
      }
      return
    case K.scoped_identifier:
      reading.addNodeOnce('value', node, place, pathOf(reading, node))
      return
    case K.ERROR:
      bindChildren(reading, node, UNKNOWN, place)
      return
    default:
  }
}

function bindChildren(reading: RustReading, node: number, origin: ValueOrigin, place: Place): void {
  const { table } = reading
  for (let child = table.firsts[node] as number; child !== 0; child = table.nexts[child] as number) {
    bindPattern(reading, child, origin, place)
  }
}

function bindField(reading: RustReading, node: number, origin: ValueOrigin, variant: readonly string[], place: Place): void {
  const { table } = reading
  const name = table.field(node, F.name)
  if (name === 0) return
  const value = variantField(origin, variant, reading.slice(name))
  const pattern = table.field(node, F.pattern)
  if (pattern !== 0) bindPattern(reading, pattern, value, place)
  else place.scope.bind(reading.slice(name), value)
}

/** A variant's pattern tells its enum, so that even an unknown value gives typed parts. */
function variantField(origin: ValueOrigin, variant: readonly string[], name: string): ValueOrigin {
  const known = origin.base.kind === 'unknown' ? { base: { kind: 'path' as const, path: variant }, steps: [] } : origin
  return withStep(known, { variant, field: name })
}

/** Places of a tuple's patterns; what follows `..` is counted from the end, which the text cannot tell, so it is left out. */
function bindPlaces(reading: RustReading, node: number, type: number, place: Place, part: (index: string) => ValueOrigin): void {
  const { table } = reading
  let index = 0
  for (let child = table.firsts[node] as number; child !== 0; child = table.nexts[child] as number) {
    const kind = table.kinds[child]
    if (child === type || kind === K.mutable_specifier || kind === K.attribute_item) continue
    if (kind === K.remaining_field_pattern) return
    bindPattern(reading, child, part(String(index++)), place)
  }
}
