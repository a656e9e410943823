import type { ValueNode } from '../value-tree.js'
import { dottedPath, type PythonPlace, type PythonReading } from './value-place.js'

/** Emits a `type` reference for each name in an annotation, also in one that is written as a string. */
export function readTypeNames(python: PythonReading, node: ValueNode | undefined, place: PythonPlace): void {
  if (node === undefined) return
  const { reading } = python
  if (node.type === 'string') {
    const inside = reading.slice(node).replace(/^[rRuU]?(?:"""|'''|"|')|(?:"""|'''|"|')$/g, '')
    if (inside.length > LONGEST_STRING) return
    for (const [name] of inside.matchAll(/[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*/gu)) add(node, name.split('.'))
    return
  }
  const path = dottedPath(node, reading.text)
  if (path !== null) {
    add(node, path)
    return
  }
  // What `Literal["a"]` holds are values.
  const [first] = node.children
  const isLiteral = first !== undefined && /(?:^|\.)Literal$/.test(reading.slice(first))
  for (const child of node.children) if (!isLiteral || child === first) readTypeNames(python, child, place)

  function add(at: ValueNode, names: readonly string[]): void {
    if (names.length === 1 && BUILTIN_TYPES.has(names[0] ?? '')) return
    if (place.scope.get(names[0] ?? '') === undefined) reading.addOnce('type', at, place, names)
  }
}

const LONGEST_STRING = 500
const BUILTIN_TYPES = new Set('str int float bool bytes object list dict set tuple frozenset type complex bytearray None'.split(' '))
