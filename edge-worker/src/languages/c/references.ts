import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SymbolSpan } from '../language.js'
import { Reading, Scope, type Place } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import type { Shadow } from './shadow.js'
import { readTop } from './value-declarations.js'
import type { CReading } from './value-place.js'

export interface ReferenceSource {
  readonly tree: ValueNode
  readonly shadow: Shadow
  readonly spans: readonly SymbolSpan[]
  readonly isCpp: boolean
  readonly isLate: () => boolean
}

/**
 * What one C or C++ file says about the names that it uses: what it includes, calls with the origin of their receivers and
 * arguments, types, bases, and the types of fields and variables. Linear in the text; branches of `#if` that were dropped say nothing.
 */
export function collectReferences({ tree, shadow, spans, isCpp, isLate }: ReferenceSource): Pick<ParsedFile, 'references' | 'type_facts'> {
  const reading = new Reading(shadow.text, spans)
  const c: CReading = { reading, isCpp, isLate }
  const top: Place = { owner: null, scope: new Scope(), inMacro: false }
  for (const { word, rest, start } of shadow.directives) {
    const file = /^include(?:_next)?$|^import$/.test(word) ? /^\s*(?:"([^"\n]+)"|(<[^>\n]+>))/.exec(rest) : null
    const path = file?.[1] ?? file?.[2]
    if (path !== undefined) reading.addAt('import', start, top, [path], { alias: '*' })
  }
  for (const node of tree.children) readTop(c, node, top)
  return { references: reading.references, type_facts: reading.facts }
}
