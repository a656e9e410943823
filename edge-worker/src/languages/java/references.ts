import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SymbolSpan } from '../language.js'
import { Reading, Scope, type Place } from '../reading.js'
import type { ValueNode } from '../value-tree.js'
import { readDeclaration } from './value-declarations.js'
import type { JavaReading } from './value-place.js'

export interface ReferenceSource {
  readonly tree: ValueNode
  readonly text: string
  readonly spans: readonly SymbolSpan[]
  readonly isLate: () => boolean
}

/**
 * What one Java file says about the names that it uses: imports, calls with the origin of their receivers and arguments,
 * types, bases, and the types of fields. Linear in the text; reads broken code as far as the grammar recovers.
 */
export function collectReferences({ tree, text, spans, isLate }: ReferenceSource): Pick<ParsedFile, 'references' | 'type_facts'> {
  const reading = new Reading(text, spans)
  const java: JavaReading = { reading, isLate }
  const top: Place = { owner: null, scope: new Scope(), inMacro: false }
  for (const node of tree.children) {
    if (node.type === 'import_declaration') readImport(java, node, top)
    else readDeclaration(java, node, top)
  }
  return { references: reading.references, type_facts: reading.facts }
}

/** `import a.b.C` binds `C`, `import a.b.*` all of a package, `import static a.b.C.m` a member. */
function readImport({ reading }: JavaReading, node: ValueNode, place: Place): void {
  const name = node.children.find(({ type }) => type === 'scoped_identifier' || type === 'identifier')
  if (name === undefined) return
  const written = reading.slice(name).replace(/\s+/g, '')
  if (node.children.some(({ type }) => type === 'asterisk')) {
    reading.add('import', node, place, [written, '*'], { alias: '*' })
    return
  }
  const at = written.lastIndexOf('.')
  const last = written.slice(at + 1)
  reading.add('import', node, place, [written.slice(0, Math.max(at, 0)), last], { alias: last })
}
