import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { cutsOf, type CutRules } from '../cuts.js'
import type { ExtractInput } from '../language.js'
import { createNodeNames, type NodeNames } from '../node-names.js'
import { pushReadingDiagnostics } from '../reading-diagnostics.js'
import { symbolsOfOutline } from '../outline.js'
import { readValueTree } from '../value-tree.js'
import { limitedDocs } from '../written-text.js'
import { commentText } from './comments.js'
import { modulePlace } from './module-path.js'
import { outlineItems } from './outline-items.js'
import { collectReferences } from './references.js'
import { readSplit } from './split-signatures.js'
import { ECMASCRIPT_TREE } from './tree.js'
import { walkItems } from './walk-items.js'

/** Where a chunk may be cut; each grammar numbers its nodes in its own way. */
export function cutRules(names: NodeNames = createNodeNames()): CutRules {
  return {
    names,
    atoms: new Set(['string', 'template_string', 'regex', 'comment', 'jsx_text']),
    attached: new Set(['comment', 'decorator']),
  }
}

/** Everything that one TypeScript or JavaScript file says by itself. */
export function extractEcmascript(input: ExtractInput, language: string, cutting: CutRules): ParsedFile {
  const { file, deadline, diagnostics } = input
  const { path, text } = file
  const root = language === 'TypeScript' ? readSplit(input.root, text, deadline) : input.root
  const place = modulePlace(path, input.packages)
  const read = readValueTree(root, { text, rules: ECMASCRIPT_TREE, deadline })
  const walked = walkItems(read.tree, text, { isDeclarationFile: place.isDeclarationFile, declaresByThis: language === 'JavaScript' })
  const { symbols, ranges } = symbolsOfOutline({
    file: path,
    text,
    language,
    items: outlineItems(walked, text, place, language === 'JavaScript'),
    separator: '.',
    module: [place.packageName, ...place.modules].filter((segment) => segment !== '').join('.'),
    cuts: cutsOf(root, walked.items, cutting, deadline),
    diagnostics,
  })
  const docs = new Map(symbols.flatMap((symbol) => (symbol.doc_comments === null ? [] : [[symbol.id, symbol.doc_comments] as const])))
  const spans = ranges.flatMap(({ symbol_id: id, start, end }) => (id === null ? [] : [{ id, start, end }]))
  // Past the deadline the file is given up anyway.
  const isLate = performance.now() > deadline
  const used = isLate
    ? { references: [], type_facts: [] }
    : collectReferences({ tree: read.tree, text, spans, exports: walked.exports, docs })
  pushReadingDiagnostics({ ...input, root }, language, read)
  const fileDocs = walked.fileDocs === null ? null : limitedDocs(commentText(text, walked.fileDocs) ?? '').text || null
  return { file: path, language, text, file_docs: fileDocs, symbols, ranges, ...used, diagnostics }
}
