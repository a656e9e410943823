import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { ExtractInput } from '../language.js'
import { SyntaxTable } from '../syntax-table.js'
import { tableCuts } from '../table-cuts.js'
import { pushReadingDiagnostics } from '../reading-diagnostics.js'
import { RUST_CUTS } from './cuts.js'
import { docText } from './docs.js'
import { exportsOf } from './exports.js'
import { fileDocPieces } from './file-docs.js'
import { languageOf, readerOf } from './kinds.js'
import { withMacroItems } from './macro-items.js'
import { MacroTrees } from './macro-trees.js'
import { modulePlace } from './module-path.js'
import { collectReferences } from './references.js'
import { symbolsOf } from './symbols.js'
import { walkItems } from './walk-items.js'

/** Everything that one Rust file says by itself. */
export function extractRust(input: ExtractInput): ParsedFile {
  const { file, root, deadline, diagnostics } = input
  const { path, text } = file
  const table = emptyTable()
  const language = languageOf(root)
  const trees = new MacroTrees(table, text, () => language, deadline)
  const top = language === undefined ? 0 : readerOf(language).read(table, root, { offset: 0, depth: 0, deadline })
  const walked = withMacroItems(walkItems({ table, root: top, text, deadline }), trees)
  const place = modulePlace(path, input.packages)
  const symbols = symbolsOf({ file: path, text, language: 'Rust', items: walked.items, place, diagnostics })
  const cuts = tableCuts({ table, root: top, text, items: walked.items, rules: RUST_CUTS, deadline })
  const ranges = walked.items.map((item, index) => ({
    symbol_id: symbols[index]?.id ?? null,
    start: item.start,
    head: item.head,
    body: item.body,
    end: item.end,
    cuts: cuts[index] ?? [],
  }))
  const spans = ranges.flatMap(({ symbol_id: id, start, end }) => (id === null ? [] : [{ id, start, end }]))
  // Past the deadline the file is given up anyway.
  const used = performance.now() < deadline ? collectReferences({ trees, root: top, spans }) : { references: [], type_facts: [] }
  const modulePath = [place.crate, ...place.modules].filter((name) => name !== '').join('::')
  const exports = exportsOf({ modulePath, table, root: top, text, items: walked.items, spans, macros: walked.macros })
  pushReadingDiagnostics(input, 'Rust', walked)
  const fileDocs = docText(text, fileDocPieces(text))
  return { file: path, language: 'Rust', text, file_docs: fileDocs.text, symbols, ranges, ...used, exports, diagnostics }
}

let table: SyntaxTable | null = null

/** One for all files of a process, which are read one after the other: its columns are megabytes. */
function emptyTable(): SyntaxTable {
  table ??= new SyntaxTable()
  table.clear()
  return table
}
