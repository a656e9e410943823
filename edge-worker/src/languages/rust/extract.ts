import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type Parser from 'tree-sitter'
import type { ExtractInput, TextInput } from '../language.js'
import { SyntaxTable } from '../syntax-table.js'
import { tableCuts } from '../table-cuts.js'
import { pushReadingDiagnostics } from '../reading-diagnostics.js'
import { RUST_CUTS } from './cuts.js'
import { docText } from './docs.js'
import { exportsOf } from './exports.js'
import { fileDocPieces } from './file-docs.js'
import { rustGrammar } from './grammar.js'
import { readerOf } from './kinds.js'
import { withMacroItems } from './macro-items.js'
import { MacroTrees } from './macro-trees.js'
import { modulePlace } from './module-path.js'
import { QuickParser } from './quick/quick-parser.js'
import { collectReferences } from './references.js'
import { symbolsOf } from './symbols.js'
import { walkItems } from './walk-items.js'

/** Everything that one Rust file says by itself, from the grammar's tree. */
export function extractRust(input: ExtractInput): ParsedFile {
  const { table, quick } = emptyTable()
  const top = readerOf(rustGrammar()).read(table, input.root, { offset: 0, depth: 0, deadline: input.deadline })
  return extract(input, quick, top)
}

/** The same without the grammar, for well-formed files; `null` for the others. */
export function extractQuickly(input: TextInput): ParsedFile | null {
  const { quick } = emptyTable()
  const { text } = input.file
  const top = quick.read({ text, start: 0, end: text.length })
  return top === 0 ? null : extract({ ...input, root: null }, quick, top)
}

function extract(input: TextInput & { readonly root: Parser.SyntaxNode | null }, quick: QuickParser, top: number): ParsedFile {
  const { file, deadline, diagnostics } = input
  const { path, text } = file
  const { table } = quick
  const trees = new MacroTrees(quick, text, deadline)
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
  const wantsUses = input.references !== false && performance.now() < deadline
  const used = wantsUses ? collectReferences({ trees, root: top, spans }) : { references: [], type_facts: [] }
  const modulePath = [place.crate, ...place.modules].filter((name) => name !== '').join('::')
  const exports = exportsOf({ modulePath, table, root: top, text, items: walked.items, spans, macros: walked.macros })
  pushReadingDiagnostics(input, 'Rust', walked)
  const fileDocs = docText(text, fileDocPieces(text))
  return { file: path, language: 'Rust', text, file_docs: fileDocs.text, symbols, ranges, ...used, exports, diagnostics }
}

let parser: QuickParser | null = null

/** One table for all files of a process, which are read one after the other: its columns are megabytes. */
function emptyTable(): { readonly table: SyntaxTable; readonly quick: QuickParser } {
  parser ??= new QuickParser(new SyntaxTable())
  parser.table.clear()
  return { table: parser.table, quick: parser }
}
