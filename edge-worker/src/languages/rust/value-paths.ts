import type { Place } from '../reading.js'
import type { RustReading } from './value-reading.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'

/** Segments of a path without generics; a first segment that is a type keeps them, in angle brackets. */
export function pathOf(reading: RustReading, node: ValueNode): string[] {
  const segments: string[] = []
  let at: ValueNode | undefined = node
  while (at !== undefined) {
    if (at.type === 'scoped_identifier' || at.type === 'scoped_type_identifier') {
      const name = field(at, 'name')
      if (name !== undefined) segments.push(reading.slice(name))
      const path = field(at, 'path')
      if (path === undefined && reading.text.startsWith('::', at.start)) segments.push('')
      at = path
      continue
    }
    if (at.type === 'generic_function') {
      at = field(at, 'function')
      continue
    }
    if (at.type === 'bracketed_type') segments.push(reading.slice(at))
    else if (at.type === 'generic_type' || at.type === 'generic_type_with_turbofish') {
      // Of `Vec::<T>::new` the type is kept whole; of a type alone its name is enough.
      if (segments.length === 0) {
        at = field(at, 'type')
        continue
      }
      segments.push(`<${reading.slice(at)}>`)
    } else segments.push(reading.slice(at))
    break
  }
  return segments.length === 0 ? [reading.slice(node)] : segments.reverse()
}

/** Emits a `type` reference for every type named in a type. */
export function readTypes(reading: RustReading, node: ValueNode | undefined, place: Place): void {
  if (node === undefined) return
  switch (node.type) {
    case 'type_identifier':
      reading.addOnce('type', node, place, [reading.slice(node)])
      return
    case 'scoped_type_identifier':
    case 'scoped_identifier': {
      reading.addOnce('type', node, place, pathOf(reading, node))
      const path = field(node, 'path')
      if (path !== undefined && path.children.length > 0) readTypes(reading, path, place)
      return
    }
    case 'array_type':
      readTypes(reading, field(node, 'element'), place)
      return
    case 'type_binding':
      readTypes(reading, field(node, 'type'), place)
      return
    case 'primitive_type':
    case 'identifier':
    case 'lifetime':
    case 'block':
    case 'macro_invocation':
      return
    default:
      for (const child of node.children) readTypes(reading, child, place)
  }
}
