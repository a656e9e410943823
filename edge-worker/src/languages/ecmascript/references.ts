import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { Reference, TypeFact } from '@doctown/common/contracts/reference.js'
import type { SymbolSpan } from '../language.js'
import { Scope } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { UNKNOWN } from '../value-origin.js'
import { readLocalExports } from './imports.js'
import type { LocalExport } from './item.js'
import { ScriptReading, type ScriptPlace } from './script-reading.js'
import { readBody } from './statements.js'

export interface ReferencesInput {
  readonly tree: ValueNode
  readonly text: string
  readonly spans: readonly SymbolSpan[]
  readonly exports: readonly LocalExport[]
  readonly docs: ReadonlyMap<SymbolId, string>
}

/**
 * What one script says about the names that it uses: imports and exports, calls with the origin of their receivers and
 * arguments, types, and the facts about its own types that resolving needs. Takes time linear in the text.
 */
export function collectReferences({ tree, text, spans, exports, docs }: ReferencesInput): {
  readonly references: Reference[]
  readonly type_facts: TypeFact[]
} {
  const reading = new ScriptReading(text, spans, docs)
  const place: ScriptPlace = { owner: null, scope: new Scope(), inMacro: false, level: 'module', self: UNKNOWN, returns: [] }
  readBody(reading, tree, place)
  readLocalExports(reading, exports, place)
  return { references: reading.references, type_facts: reading.facts }
}
