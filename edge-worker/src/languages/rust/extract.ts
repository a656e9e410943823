import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { ExtractInput } from '../language.js'
import { cutsOf } from './cuts.js'
import { docText } from './docs.js'
import { fileDocPieces } from './file-docs.js'
import { lineIndex } from '@doctown/common/runtime/line-index.js'
import { withMacroItems } from './macro-items.js'
import { modulePlace } from './module-path.js'
import { collectReferences } from './references.js'
import { symbolsOf } from './symbols.js'
import { syntaxErrorLine } from './syntax-error.js'
import { walkItems } from './walk-items.js'

/** Everything that one Rust file says by itself. */
export function extractRust(input: ExtractInput): ParsedFile {
  const { file, root, deadline, diagnostics } = input
  const { path, text } = file
  const walked = withMacroItems(walkItems(root, text, deadline), root, text, deadline)
  const place = modulePlace(path, input.packages)
  const symbols = symbolsOf({ file: path, text, language: 'Rust', items: walked.items, place, diagnostics })
  const cuts = cutsOf(root, walked.items, deadline)
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
  const broken = syntaxErrorLine(root)
  if (broken !== null) {
    diagnostics.push({
      file: path,
      line: broken,
      code: 'syntax_error',
      message: 'This line is not Rust as we know it; what stands around it was read.',
    })
  }
  if (walked.tooDeepAt !== null) {
    const line = lineIndex(text)(walked.tooDeepAt)
    diagnostics.push({ file: path, line, code: 'too_deep', message: 'Nested more than 500 levels deep; what lies deeper was left out.' })
  }
  if (walked.timedOut) {
    diagnostics.push({
      file: path,
      line: null,
      code: 'parse_timeout',
      message: 'Reading this file took too long; only its beginning was read.',
    })
  }
  const fileDocs = docText(text, fileDocPieces(text))
  return { file: path, language: 'Rust', text, file_docs: fileDocs.text, symbols, ranges, ...used, diagnostics }
}
