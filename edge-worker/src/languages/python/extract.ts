import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { cutsOf } from '../cuts.js'
import type { ExtractInput } from '../language.js'
import { lateAfter } from '../late.js'
import { symbolsOfOutline } from '../outline.js'
import { pushReadingDiagnostics } from '../reading-diagnostics.js'
import { readValueTree } from '../value-tree.js'
import { limitedDocs } from '../written-text.js'
import { definitionsOf } from './definitions.js'
import { docstringOf } from './docstrings.js'
import { collectReferences } from './references.js'
import { PYTHON_CUTS, PYTHON_TREE } from './grammar.js'

/** Everything that one Python file says by itself. Paths begin at the module; `placeSymbols` puts the module's name before them. */
export function extractPython(input: ExtractInput): ParsedFile {
  const { file, root, deadline, diagnostics } = input
  const { path, text } = file
  const { tree, ...state } = readValueTree(root, { text, rules: PYTHON_TREE, deadline })
  const isLate = lateAfter(deadline)
  const items = definitionsOf(tree, text, isLate)
  const cuts = cutsOf(root, items, PYTHON_CUTS, deadline)
  const outline = symbolsOfOutline({ file: path, text, language: 'Python', items, separator: '.', module: '', cuts, diagnostics })
  pushReadingDiagnostics(input, 'Python', state)
  const docs = limitedDocs(docstringOf(tree.children[0], text) ?? '').text
  const fileDocs = docs === '' ? null : docs
  const spans = outline.ranges.flatMap(({ symbol_id: id, start, end }) => (id === null ? [] : [{ id, start, end }]))
  // Past the deadline the file is given up anyway.
  const used =
    performance.now() < deadline ? collectReferences(tree, text, spans, outline.symbols, isLate) : { references: [], type_facts: [] }
  return { file: path, language: 'Python', text, file_docs: fileDocs, ...outline, ...used, diagnostics }
}
