import type { ValueNode } from '../value-tree.js'
import { childOfType, field } from '../value-tree.js'
import { nameOf } from './header.js'
import type { LocalExport } from './item.js'
import type { ScriptPlace, ScriptReading } from './script-reading.js'
import { partsOf, stringText } from './tree.js'
import { boundNames, requiredModule, valueOf } from './variables.js'

/** One `import` reference for each name that an import statement brings in; one without a name where it only runs the module. */
export function readImport(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const { text } = reading
  const clause = childOfType(node, 'import_clause')
  const required = childOfType(node, 'import_require_clause')
  const specifier = stringText(text, field(required ?? node, 'source'))
  if (specifier === null) return
  const add = (at: ValueNode, name: string | null, alias: string | null): void =>
    void reading.add('import', at, place, name === null ? [specifier] : [specifier, name], { alias })
  if (required !== undefined) return add(required, null, nameOf(text, partsOf(required)[0]))
  if (clause === undefined) return add(node, null, null)
  for (const part of partsOf(clause)) {
    if (part.type === 'identifier') add(part, 'default', reading.slice(part))
    else if (part.type === 'namespace_import') add(part, null, nameOf(text, partsOf(part)[0]))
    else if (part.type === 'named_imports') {
      for (const each of partsOf(part)) {
        const name = field(each, 'name')
        if (name !== undefined) add(each, nameOf(text, name), nameOf(text, field(each, 'alias') ?? name))
      }
    }
  }
}

/** `export .. from`: what is handed on. */
export function readReexport(reading: ScriptReading, node: ValueNode, place: ScriptPlace): void {
  const { text } = reading
  const specifier = stringText(text, field(node, 'source'))
  if (specifier === null) return
  const clause = childOfType(node, 'export_clause')
  const whole = childOfType(node, 'namespace_export')
  if (clause === undefined) {
    const alias = whole === undefined ? '*' : nameOf(text, partsOf(whole)[0])
    reading.add('import', node, place, [specifier], { alias, is_public: true })
    return
  }
  for (const each of partsOf(clause)) {
    const name = field(each, 'name')
    if (name === undefined) continue
    const alias = nameOf(text, field(each, 'alias') ?? name)
    reading.add('import', each, place, [specifier, nameOf(text, name)], { alias, is_public: true })
  }
}

/** `export { a as b }`, `export default a`, `module.exports = a`: a name of this file gets one outside. */
export function readLocalExports(reading: ScriptReading, exports: readonly LocalExport[], place: ScriptPlace): void {
  for (const { local, exported, parent, node } of exports) {
    if (parent === -1) reading.add('import', node, place, ['', local], { from: null, alias: exported, is_public: true })
  }
}

/** `const a = require('x')`, `const { a: b } = require('x').c`, the same with `await import(..)`. False when it is neither. */
export function readRequire(reading: ScriptReading, declarator: ValueNode, place: ScriptPlace): boolean {
  const { text } = reading
  const required = requiredModule(text, valueOf(declarator))
  const pattern = field(declarator, 'name')
  if (required === null || pattern === undefined) return false
  const { specifier, property } = required
  const bind = (node: ValueNode, path: readonly string[]): void => {
    const alias = reading.slice(node)
    reading.add('import', declarator, place, path, { alias })
    // Names that are imported are looked up by whoever resolves, in functions too.
    place.scope.bind(alias, { base: { kind: 'path', path: [alias] }, steps: [] })
  }
  if (pattern.type === 'identifier') {
    bind(pattern, property === null ? [specifier] : [specifier, property])
    return true
  }
  if (pattern.type !== 'object_pattern' || property !== null) return false
  for (const part of partsOf(pattern)) {
    const names = boundNames(part)
    const [name] = names
    if (name === undefined || names.length > 1) continue
    const imported = part.type === 'pair_pattern' ? nameOf(text, field(part, 'key')) : reading.slice(name)
    bind(name, part.type === 'rest_pattern' ? [specifier] : [specifier, imported])
  }
  return true
}

/** `exports.a = require('./a')`, `module.exports = require('./b')`, `module.exports = { ...require('./c') }`. */
export function readRequiredExport(
  reading: ScriptReading,
  value: ValueNode,
  { names, place }: { readonly names: readonly string[]; readonly place: ScriptPlace },
): void {
  const { text } = reading
  const required = requiredModule(text, value)
  if (required !== null) {
    const path = required.property === null ? [required.specifier] : [required.specifier, required.property]
    for (const name of names) {
      reading.add('import', value, place, path, { from: null, alias: name, is_public: true })
      if (name === 'default' && required.property === null)
        reading.add('import', value, place, path, { from: null, alias: '*', is_public: true })
    }
  } else if (value.type === 'object' && names.includes('default')) {
    for (const part of value.children) {
      const inner = part.type === 'pair' ? field(part, 'value') : part.type === 'spread_element' ? partsOf(part)[0] : undefined
      if (inner === undefined || requiredModule(text, inner) === null) continue
      if (part.type === 'pair') readRequiredExport(reading, inner, { names: [nameOf(text, field(part, 'key'))], place })
      else reading.add('import', inner, place, [requiredModule(text, inner)?.specifier ?? ''], { alias: '*', is_public: true })
    }
  }
}
