import { F, K } from './kinds.js'
import { pathOf } from './value-paths.js'
import type { Place } from '../reading.js'
import type { RustReading } from './value-reading.js'

/** One `import` reference for each name that a `use` or `extern crate` brings in. */
export function readImport(reading: RustReading, node: number, place: Place): void {
  const { table } = reading
  const isPublic = table.childOfKind(node, K.visibility_modifier) !== 0
  if (table.kinds[node] === K.extern_crate_declaration) {
    const name = table.field(node, F.name)
    if (name !== 0) emit(node, ['', reading.slice(name)], reading.slice(table.field(node, F.alias) || name))
    return
  }
  const argument = table.field(node, F.argument)
  if (argument !== 0) readTree(argument, [])

  function readTree(tree: number, prefix: readonly string[]): void {
    switch (table.kinds[tree]) {
      case K.use_list:
        for (let child = table.firsts[tree] as number; child !== 0; child = table.nexts[child] as number) readTree(child, prefix)
        return
      case K.scoped_use_list: {
        const list = table.field(tree, F.list)
        if (list !== 0) readTree(list, [...prefix, ...beginning(tree, table.field(tree, F.path))])
        return
      }
      case K.use_wildcard:
        emit(tree, [...prefix, ...beginning(tree, table.firsts[tree] as number)], '*')
        return
      case K.use_as_clause: {
        const path = table.field(tree, F.path)
        const alias = table.field(tree, F.alias)
        if (path !== 0) emit(tree, whole(prefix, path), alias === 0 ? '_' : reading.slice(alias))
        return
      }
      case K.self:
      case K.crate:
      case K.super:
      case K.identifier:
      case K.scoped_identifier: {
        const path = whole(prefix, tree)
        emit(tree, path, path[path.length - 1] ?? '')
        return
      }
      default:
    }
  }

  /** `a::{self}` means `a`. */
  function whole(prefix: readonly string[], tree: number): string[] {
    return table.kinds[tree] === K.self && prefix.length > 0 ? [...prefix] : [...prefix, ...pathOf(reading, tree)]
  }

  /** The path before `::{` or `::*`; an empty segment stands for a leading `::`. */
  function beginning(tree: number, path: number): string[] {
    if (path === 0) return reading.text.startsWith('::', table.starts[tree]) ? [''] : []
    return pathOf(reading, path)
  }

  function emit(at: number, path: string[], alias: string): void {
    if (path.length > 0) reading.addNode('import', at, place, path, { alias, is_public: isPublic })
  }
}
