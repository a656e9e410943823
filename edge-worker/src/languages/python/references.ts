import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { SymbolSpan } from '../language.js'
import { Reading } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { exportedNames } from './exports.js'
import { FlowScope } from './flow-scope.js'
import { definedNames } from './local-names.js'
import { readImport } from './value-imports.js'
import type { PythonPlace, PythonReading } from './value-place.js'
import type { StatementHooks } from './value-statements.js'
import { readStatement } from './value-statements.js'

/**
 * What one Python file says about the names that it uses: imports, calls with the origin of their receivers and arguments, types,
 * bases, and what is known of the types of variables and attributes. Linear in the text; reads broken code as far as the grammar recovers.
 */
export function collectReferences(
  tree: ValueNode,
  text: string,
  spans: readonly SymbolSpan[],
  symbols: readonly Symbol[],
  isLate: () => boolean,
): Pick<ParsedFile, 'references' | 'type_facts'> {
  const reading = new Reading(text, spans)
  const python: PythonReading = { reading, defined: definedNames(tree, text), isLate }
  const exported = exportedNames(tree, text)
  const kinds = new Map(symbols.map(({ id, symbol_type }) => [id, symbol_type]))
  const told = new Set<string>()
  const hooks: StatementHooks = {
    onImport: (node, place) => readImport(python, node, place, exported),
    onVariable(name, type, isDeclared, place) {
      if (place.holder !== null) {
        noteClassAttribute(reading.slice(name), type, isDeclared, place.holder)
        return
      }
      const id = reading.ownerAt(name.start)
      if (id === null || type === null || type === 'None' || told.has(id)) return
      const kind = kinds.get(id)
      if (kind !== 'variable' && kind !== 'const') return
      told.add(id)
      reading.fact(id, 'value', { type })
    },
    onAlias(name, written, place) {
      const id = reading.ownerAt(name.start)
      if (id !== null && id !== place.owner) reading.fact(id, 'alias', { type: written })
    },
    onReturn: () => {},
  }
  const later: (() => void)[] = []
  const place: PythonPlace = { owner: null, scope: new FlowScope(), inMacro: false, holder: null, later }
  readStatement(python, tree, place, hooks)
  for (let at = 0; at < later.length; at++) later[at]?.()
  return { references: reading.references, type_facts: reading.facts }
}

function noteClassAttribute(name: string, type: string | null, isDeclared: boolean, holder: NonNullable<PythonPlace['holder']>): void {
  if (holder.declared.has(name) || type === 'None') return
  if (isDeclared) holder.declared.add(name)
  if (holder.isEnum && !isDeclared && !name.startsWith('_')) {
    holder.attributes.set(name, holder.path.join('.'))
    return
  }
  holder.attributes.set(name, isDeclared || !holder.attributes.has(name) ? type : (holder.attributes.get(name) ?? null))
}
