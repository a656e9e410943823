import { pathOf } from './value-paths.js'
import type { Place } from '../reading.js'
import type { RustReading } from './value-reading.js'
import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'

/** One `import` reference for each name that a `use` or `extern crate` brings in. */
export function readImport(reading: RustReading, node: ValueNode, place: Place): void {
  const isPublic = childOfType(node, 'visibility_modifier') !== undefined
  if (node.type === 'extern_crate_declaration') {
    const name = field(node, 'name')
    if (name !== undefined) emit(node, ['', reading.slice(name)], reading.slice(field(node, 'alias') ?? name))
    return
  }
  const argument = field(node, 'argument')
  if (argument !== undefined) readTree(argument, [])

  function readTree(tree: ValueNode, prefix: readonly string[]): void {
    switch (tree.type) {
      case 'use_list':
        for (const child of tree.children) readTree(child, prefix)
        return
      case 'scoped_use_list': {
        const list = field(tree, 'list')
        if (list !== undefined) readTree(list, [...prefix, ...beginning(tree, field(tree, 'path'))])
        return
      }
      case 'use_wildcard':
        emit(tree, [...prefix, ...beginning(tree, tree.children[0])], '*')
        return
      case 'use_as_clause': {
        const path = field(tree, 'path')
        const alias = field(tree, 'alias')
        if (path === undefined) return
        emit(tree, whole(prefix, path), alias === undefined ? '_' : reading.slice(alias))
        return
      }
      case 'self':
      case 'crate':
      case 'super':
      case 'identifier':
      case 'scoped_identifier': {
        const path = whole(prefix, tree)
        emit(tree, path, path[path.length - 1] ?? '')
        return
      }
      default:
    }
  }

  /** `a::{self}` means `a`. */
  function whole(prefix: readonly string[], tree: ValueNode): string[] {
    return tree.type === 'self' && prefix.length > 0 ? [...prefix] : [...prefix, ...pathOf(reading, tree)]
  }

  /** The path before `::{` or `::*`; an empty segment stands for a leading `::`. */
  function beginning(tree: ValueNode, path: ValueNode | undefined): string[] {
    if (path === undefined) return reading.text.startsWith('::', tree.start) ? [''] : []
    return pathOf(reading, path)
  }

  function emit(at: ValueNode, path: readonly string[], alias: string): void {
    if (path.length > 0) reading.add('import', at, place, path, { alias, is_public: isPublic })
  }
}
