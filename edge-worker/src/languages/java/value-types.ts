import type { ValueOrigin } from '@doctown/common/contracts/reference.js'
import type { Place } from '../reading.js'
import { typeOrigin } from '../value-origin.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import type { JavaReading } from './value-place.js'

/** Emits a `type` reference for every type named in a type. */
export function readTypes(java: JavaReading, node: ValueNode | undefined, place: Place): void {
  if (node === undefined) return
  switch (node.type) {
    case 'type_identifier':
      if (java.reading.slice(node) !== 'var') java.reading.addOnce('type', node, place, [java.reading.slice(node)])
      return
    case 'scoped_type_identifier':
      java.reading.addOnce('type', node, place, typePath(java, node))
      return
    case 'block_comment':
      return
    default:
      for (const child of node.children) readTypes(java, child, place)
  }
}

/** Names of a type without annotations and type arguments: `Map.Entry<K, V>` is `Map`, `Entry`. */
export function typePath(java: JavaReading, node: ValueNode): string[] {
  switch (node.type) {
    case 'generic_type':
    case 'annotated_type': {
      const named = node.children.find(({ type }) => TYPE_NAMES.has(type))
      return named === undefined ? [] : typePath(java, named)
    }
    case 'scoped_type_identifier':
    case 'scoped_identifier':
      return node.children.flatMap((child) => typePath(java, child))
    case 'type_identifier':
    case 'identifier':
      return [java.reading.slice(node)]
    default:
      return []
  }
}

const TYPE_NAMES = new Set(['type_identifier', 'scoped_type_identifier', 'generic_type', 'annotated_type'])

/** What is declared with a type has that type; brackets may follow the name. */
export function declaredOrigin(java: JavaReading, type: ValueNode, declarator?: ValueNode): ValueOrigin {
  const dimensions = declarator === undefined ? undefined : field(declarator, 'dimensions')
  return typeOrigin(typeText(java, type) + (dimensions === undefined ? '' : java.reading.slice(dimensions).replace(/\s+/g, '')))
}

export function typeText(java: JavaReading, type: ValueNode): string {
  return oneLine(java.reading.slice(type))
}

export function typeArguments(java: JavaReading, node: ValueNode | undefined): string[] {
  return (node?.children ?? []).filter(({ type }) => type !== 'block_comment').map((child) => typeText(java, child))
}
