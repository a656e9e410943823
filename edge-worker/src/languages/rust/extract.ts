import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { ExtractInput } from '../language.js'
import { cutsOf } from '../cuts.js'
import { pushReadingDiagnostics } from '../reading-diagnostics.js'
import { RUST_CUTS } from './cuts.js'
import { docText } from './docs.js'
import { fileDocPieces } from './file-docs.js'
import { withMacroItems } from './macro-items.js'
import { modulePlace } from './module-path.js'
import { collectReferences } from './references.js'
import { symbolsOf } from './symbols.js'
import { walkItems } from './walk-items.js'

/** Everything that one Rust file says by itself. */
export function extractRust(input: ExtractInput): ParsedFile {
  const { file, root, deadline, diagnostics } = input
  const { path, text } = file
  const walked = withMacroItems(walkItems(root, text, deadline), root, text, deadline)
  const place = modulePlace(path, input.packages)
  const symbols = symbolsOf({ file: path, text, language: 'Rust', items: walked.items, place, diagnostics })
  const cuts = cutsOf(root, walked.items, RUST_CUTS, deadline)
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
  const used = performance.now() < deadline ? collectReferences(root, text, spans) : { references: [], type_facts: [] }
  pushReadingDiagnostics(input, 'Rust', walked)
  const fileDocs = docText(text, fileDocPieces(text))
  return { file: path, language: 'Rust', text, file_docs: fileDocs.text, symbols, ranges, ...used, diagnostics }
}
