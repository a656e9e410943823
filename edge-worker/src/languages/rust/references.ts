import type { Reference, TypeFact } from '@doctown/common/contracts/reference.js'
import type { SymbolSpan } from '../language.js'
import type { MacroTrees } from './macro-trees.js'
import { readExpression } from './value-expressions.js'
import { Scope } from '../reading.js'
import { RustReading } from './value-reading.js'

export interface CollectedReferences {
  /** In the order in which values are made: a value names a call by its index here. */
  readonly references: Reference[]
  readonly type_facts: TypeFact[]
}

export interface ReferencesInput {
  readonly trees: MacroTrees
  /** The file's own node. */
  readonly root: number
  readonly spans: readonly SymbolSpan[]
}

/**
 * What one Rust file says about the names that it uses: calls with the origin of their receivers and arguments, types,
 * imports, and the facts about its own types that resolving needs. Takes time linear in the text, reads broken code as far
 * as the grammar recovers, and looks into the tokens of macro calls where they have the shape of expressions or items.
 */
export function collectReferences({ trees, root, spans }: ReferencesInput): CollectedReferences {
  const reading = new RustReading(trees, spans)
  const { table } = trees
  for (let child = table.firsts[root] as number; child !== 0; child = table.nexts[child] as number) {
    readExpression(reading, child, { owner: null, scope: new Scope(), inMacro: false })
  }
  return { references: reading.references, type_facts: reading.facts }
}
