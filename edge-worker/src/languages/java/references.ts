import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SymbolSpan } from '../language.js'
import type { ValueNode } from '../value-tree.js'

export function collectReferences(
  _tree: ValueNode,
  _text: string,
  _spans: readonly SymbolSpan[],
): Pick<ParsedFile, 'references' | 'type_facts'> {
  return { references: [], type_facts: [] }
}
