import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { cutsOf } from '../cuts.js'
import type { ExtractInput } from '../language.js'
import { lateAfter } from '../late.js'
import { symbolsOfOutline } from '../outline.js'
import { pushReadingDiagnostics } from '../reading-diagnostics.js'
import { readValueTree } from '../value-tree.js'
import { limitedDocs } from '../written-text.js'
import { declarationsOf, packageDocs, packageName } from './declarations.js'
import { collectReferences } from './references.js'
import { GO_CUTS, GO_TREE } from './grammar.js'

/** Everything that one Go file says by itself. */
export function extractGo(input: ExtractInput): ParsedFile {
  const { file, root, deadline, diagnostics } = input
  const { path, text } = file
  const { tree, ...state } = readValueTree(root, { text, rules: GO_TREE, deadline })
  const isLate = lateAfter(deadline)
  const items = declarationsOf(tree, text, isLate)
  const cuts = cutsOf(root, items, GO_CUTS, deadline)
  const outline = symbolsOfOutline({
    file: path,
    text,
    language: 'Go',
    items,
    separator: '.',
    module: packageName(tree, text),
    cuts,
    diagnostics,
  })
  pushReadingDiagnostics(input, 'Go', state)
  const docs = packageDocs(tree, text)
  const fileDocs = docs === null ? null : limitedDocs(docs).text
  const spans = outline.ranges.flatMap(({ symbol_id: id, start, end }) => (id === null ? [] : [{ id, start, end }]))
  // Past the deadline the file is given up anyway.
  const used =
    performance.now() < deadline ? collectReferences(tree, text, spans, outline.symbols, isLate) : { references: [], type_facts: [] }
  return { file: path, language: 'Go', text, file_docs: fileDocs, ...outline, ...used, diagnostics }
}
