import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'
import { oneLine } from '../written-text.js'
import type { PythonPlace, PythonReading } from './value-place.js'

/**
 * One `import` reference for each name that a statement brings in. `is_public` says that the module passes it on: it stands in
 * `__all__`, or is imported under its own name with `as`, or with a star.
 */
export function readImport(python: PythonReading, node: ValueNode, place: PythonPlace, exported: ReadonlySet<string> | null): void {
  const { reading } = python
  const names = node.children.filter((child) => child.field === 'name')
  if (node.type === 'import_statement') {
    for (const each of names) {
      const { name, alias } = written(each)
      const isPublic = exported === null ? name === alias : exported.has(alias ?? name)
      reading.add('import', each, place, [name], { alias: alias ?? name, is_public: isPublic })
    }
    return
  }
  if (node.type !== 'import_from_statement') return
  const source = field(node, 'module_name')
  if (source === undefined) return
  const module = oneLine(reading.slice(source)).replaceAll(' ', '')
  const star = node.children.find((child) => child.type === 'wildcard_import')
  if (star !== undefined) reading.add('import', star, place, [module, '*'], { alias: '*', is_public: true })
  for (const each of names) {
    const { name, alias } = written(each)
    const isPublic = exported === null ? name === alias : exported.has(alias ?? name)
    reading.add('import', each, place, [module, name], { alias: alias ?? name, is_public: isPublic })
  }

  function written(each: ValueNode): { readonly name: string; readonly alias: string | null } {
    const alias = field(each, 'alias')
    const name = each.type === 'aliased_import' ? field(each, 'name') : each
    return {
      name: name === undefined ? '' : oneLine(reading.slice(name)).replaceAll(' ', ''),
      alias: alias === undefined ? null : reading.slice(alias),
    }
  }
}
