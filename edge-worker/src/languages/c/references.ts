import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SymbolSpan } from '../language.js'
import type { ValueNode } from '../value-tree.js'
import type { Shadow } from './shadow.js'

export interface ReferenceSource {
  readonly tree: ValueNode
  readonly shadow: Shadow
  readonly spans: readonly SymbolSpan[]
  readonly isCpp: boolean
}

export function collectReferences(_source: ReferenceSource): Pick<ParsedFile, 'references' | 'type_facts'> {
  return { references: [], type_facts: [] }
}
