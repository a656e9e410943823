import type { Place, Reading } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { field } from '../value-tree.js'

/** One `import` reference for each import; tells the names by which the file knows the packages. */
export function importedPackages(reading: Reading, tree: ValueNode, place: Place): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (node: ValueNode): void => {
    for (const child of node.children) {
      if (child.type === 'import_spec') readSpec(child)
      else if (child.type === 'import_declaration' || child.type === 'import_spec_list' || child.type === 'ERROR') visit(child)
    }
  }
  const readSpec = (spec: ValueNode): void => {
    const path = field(spec, 'path')
    if (path === undefined) return
    const module = reading.slice(path).replace(/^["`]|["`]$/g, '')
    const written = field(spec, 'name')
    const alias = written === undefined ? packageNameOf(module) : reading.slice(written)
    if (module === '') return
    reading.add('import', spec, place, [module], { alias: alias === '.' ? '*' : alias })
    if (alias !== '_' && alias !== '.') names.add(alias)
  }
  visit(tree)
  return names
}

/** The package that a path most likely holds: its last word, a version (`/v2`, `.v3`) and what is put before or behind `go` left out. */
export function packageNameOf(module: string): string {
  const parts = module.split('/')
  const last = parts.pop() ?? ''
  const named = /^v\d+$/.test(last) && parts.length > 0 ? (parts.pop() ?? last) : last
  return named
    .replace(/\.v\d+$/, '')
    .replace(/^go-|-go$|\.go$/, '')
    .replace(/-/g, '_')
}
