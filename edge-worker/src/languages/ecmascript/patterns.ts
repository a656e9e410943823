import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { isUnknown, oneOf, UNKNOWN, withOp, withStep } from '../value-origin.js'
import { readExpression } from './expressions.js'
import { nameOf } from './header.js'
import type { ScriptPlace, ScriptReading } from './script-reading.js'
import { partsOf } from './tree.js'

/** Binds the names of a pattern to the parts of the value that it takes apart. */
export function bindPattern(reading: ScriptReading, node: ValueNode | undefined, origin: ValueOrigin, place: ScriptPlace): void {
  if (node === undefined) return
  switch (node.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern': {
      const name = reading.slice(node)
      place.scope.bind(name, origin)
      return
    }
    case 'object_pattern':
      for (const part of partsOf(node)) bindProperty(reading, part, origin, place)
      return
    case 'array_pattern':
      bindItems(reading, node, origin, place)
      return
    case 'assignment_pattern':
    case 'object_assignment_pattern': {
      const right = field(node, 'right')
      const fallback = right === undefined ? UNKNOWN : readExpression(reading, right, place)
      bindPattern(reading, field(node, 'left'), isUnknown(origin) ? fallback : origin, place)
      return
    }
    case 'rest_pattern':
      bindPattern(reading, partsOf(node)[0], origin, place)
      return
    default:
  }
}

function bindProperty(reading: ScriptReading, part: ValueNode, origin: ValueOrigin, place: ScriptPlace): void {
  if (part.type === 'shorthand_property_identifier_pattern') {
    place.scope.bind(reading.slice(part), withStep(origin, { field: reading.slice(part) }))
  } else if (part.type === 'pair_pattern') {
    const key = field(part, 'key')
    const value = key?.type === 'computed_property_name' ? UNKNOWN : withStep(origin, { field: nameOf(reading.text, key) })
    bindPattern(reading, field(part, 'value'), value, place)
  } else if (part.type === 'object_assignment_pattern') {
    const left = field(part, 'left')
    const value = left === undefined ? UNKNOWN : withStep(origin, { field: reading.slice(left) })
    bindPattern(reading, part, value, place)
  } else bindPattern(reading, part, part.type === 'rest_pattern' ? UNKNOWN : origin, place)
}

/** Places are counted by commas, because an empty one has no node. */
function bindItems(reading: ScriptReading, node: ValueNode, origin: ValueOrigin, place: ScriptPlace): void {
  let index = 0
  let at = node.start + 1
  for (const part of partsOf(node)) {
    index += reading.text.slice(at, part.start).split(',').length - 1
    at = part.end
    const item =
      part.type === 'rest_pattern' ? withOp(origin, 'slice') : oneOf([withStep(origin, { field: String(index) }), withOp(origin, 'index')])
    bindPattern(reading, part, item, place)
  }
}
