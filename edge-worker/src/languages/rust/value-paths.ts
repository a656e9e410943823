import { F, K } from './kinds.js'
import type { Place } from '../reading.js'
import type { RustReading } from './value-reading.js'

/** Segments of a path without generics; a first segment that is a type keeps them, in angle brackets. */
export function pathOf(reading: RustReading, node: number): string[] {
  const { table, text } = reading
  const segments: string[] = []
  let at = node
  while (at !== 0) {
    const kind = table.kinds[at] as number
    if (kind === K.scoped_identifier || kind === K.scoped_type_identifier) {
      const name = table.field(at, F.name)
      if (name !== 0) segments.push(reading.slice(name))
      const path = table.field(at, F.path)
      if (path === 0 && text.startsWith('::', table.starts[at])) segments.push('')
      at = path
      continue
    }
    if (kind === K.generic_function) {
      at = table.field(at, F.function)
      continue
    }
    if (kind === K.generic_type || kind === K.generic_type_with_turbofish) {
      // Of `Vec::<T>::new` the type is kept whole; of a type alone its name is enough.
      if (segments.length === 0) {
        at = table.field(at, F.type)
        continue
      }
      segments.push(`<${reading.slice(at)}>`)
    } else segments.push(reading.slice(at))
    break
  }
  return segments.length === 0 ? [reading.slice(node)] : segments.length === 1 ? segments : segments.reverse()
}

/** Emits a `type` reference for every type named in a type; nothing for node 0. */
export function readTypes(reading: RustReading, node: number, place: Place): void {
  if (node === 0) return
  const { table } = reading
  switch (table.kinds[node]) {
    case K.type_identifier:
      reading.addNodeOnce('type', node, place, [reading.slice(node)])
      return
    case K.scoped_type_identifier:
    case K.scoped_identifier: {
      reading.addNodeOnce('type', node, place, pathOf(reading, node))
      const path = table.field(node, F.path)
      if (path !== 0 && table.firsts[path] !== 0) readTypes(reading, path, place)
      return
    }
    case K.array_type:
      readTypes(reading, table.field(node, F.element), place)
      return
    case K.type_binding:
      readTypes(reading, table.field(node, F.type), place)
      return
    case K.primitive_type:
    case K.identifier:
    case K.lifetime:
    case K.block:
    case K.macro_invocation:
    case K.token_tree:
      return
    default:
      for (let child = table.firsts[node] as number; child !== 0; child = table.nexts[child] as number) readTypes(reading, child, place)
  }
}
