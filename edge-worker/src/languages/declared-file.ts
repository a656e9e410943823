import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { cutsOf, type CutRules } from './cuts.js'
import type { ExtractInput, SymbolSpan } from './language.js'
import { symbolsOfOutline, type OutlineItem } from './outline.js'
import { pushReadingDiagnostics, type ReadingState } from './reading-diagnostics.js'
import { limitedDocs } from './written-text.js'

export interface DeclaredFile {
  readonly language: string
  readonly items: readonly OutlineItem[]
  readonly separator: string
  /** What every path begins with, and no id does. */
  readonly module: string
  readonly cuts: CutRules
  readonly fileDocs: string | null
  readonly state: ReadingState
  readonly references: (spans: readonly SymbolSpan[]) => Pick<ParsedFile, 'references' | 'type_facts'>
}

/** Puts together what one file says by itself: symbols and ranges of what it declares, its references, its diagnostics. */
export function declaredFile(input: ExtractInput, declared: DeclaredFile): ParsedFile {
  const { file, root, deadline, diagnostics } = input
  const { language, separator, module } = declared
  // Past the deadline the file is given up anyway.
  const items = performance.now() < deadline ? declared.items : []
  const cuts = cutsOf(root, items, declared.cuts, deadline)
  const outline = symbolsOfOutline({ file: file.path, text: file.text, language, items, separator, module, cuts, diagnostics })
  const spans = outline.ranges.flatMap(({ symbol_id: id, start, end }) => (id === null ? [] : [{ id, start, end }]))
  const used = performance.now() < deadline ? declared.references(spans) : { references: [], type_facts: [] }
  pushReadingDiagnostics(input, language, declared.state)
  const fileDocs = declared.fileDocs === null ? null : limitedDocs(declared.fileDocs).text
  return { file: file.path, language, text: file.text, file_docs: fileDocs, ...outline, ...used, diagnostics }
}
