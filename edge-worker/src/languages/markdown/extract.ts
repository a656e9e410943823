import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { SymbolSpan, TextInput } from '../language.js'
import { symbolsOfOutline, type OutlineItem } from '../outline.js'
import { ReferenceList } from '../reference-list.js'
import { limitedDocs } from '../written-text.js'
import { readBlocks, type MarkdownBlocks } from './blocks.js'

/** Everything that one document says by itself: its headings as nested sections, and the files that it links to. */
export function readMarkdown({ file, diagnostics }: TextInput): ParsedFile {
  const { path, text } = file
  const blocks = readBlocks(text)
  const items = sections(blocks, text)
  const outline = symbolsOfOutline({
    file: path,
    text,
    language: 'Markdown',
    items,
    separator: '::',
    module: path,
    cuts: blocksOf(blocks),
    diagnostics,
  })
  const spans = outline.ranges.flatMap(({ symbol_id: id, start, end }): SymbolSpan[] => (id === null ? [] : [{ id, start, end }]))
  const fileDocs = introduction(blocks, text)
  return {
    file: path,
    language: 'Markdown',
    text,
    file_docs: fileDocs === '' ? null : limitedDocs(fileDocs).text,
    ...outline,
    references: links(blocks, text, spans),
    type_facts: [],
    diagnostics,
  }
}

/** A section ends where the next heading of its level or above begins; its documentation ends at the next heading of any level. */
function sections({ headings }: MarkdownBlocks, text: string): OutlineItem[] {
  const ends = headings.map(() => text.length)
  const parents: number[] = []
  const open: number[] = []
  for (const [index, { level, start }] of headings.entries()) {
    for (let last = open.at(-1); last !== undefined && (headings[last]?.level ?? 0) >= level; last = open.at(-1))
      ends[open.pop() ?? 0] = start
    parents.push(open.at(-1) ?? -1)
    open.push(index)
  }
  return headings.map((heading, index) => {
    const docs = text.slice(heading.end, headings[index + 1]?.start ?? text.length).trim()
    return {
      name: heading.text,
      type: 'section',
      start: heading.start,
      head: heading.start,
      body: heading.end,
      end: ends[index] ?? text.length,
      parent: parents[index] ?? -1,
      // Without the line that underlines it.
      signature: text.slice(heading.start, heading.end).replace(/\n[ \t]*(?:=+|-+)\s*$/, ''),
      parameters: [],
      returnType: null,
      docs: docs === '' ? null : docs,
      attributes: [],
      visibility: 'inherited',
      isPublic: false,
    }
  })
}

/** For each section the blocks of its own text, up to the next heading; the sections inside it have theirs. */
function blocksOf({ headings, starts }: MarkdownBlocks): number[][] {
  const cuts = headings.map((): number[] => [])
  let section = -1
  for (const start of starts) {
    while ((headings[section + 1]?.start ?? Infinity) <= start) section++
    const { end } = headings[section] ?? { end: Infinity }
    if (start > end) cuts[section]?.push(start)
  }
  return cuts
}

/** What a document opens with: its text up to the second heading, titles left out. */
function introduction({ headings, textStart }: MarkdownBlocks, text: string): string {
  const [first, second] = headings
  const before = text.slice(textStart, first?.start ?? text.length).trim()
  const below = first === undefined ? '' : text.slice(first.end, second?.start ?? text.length).trim()
  return [before, below].filter((part) => part !== '').join('\n\n')
}

function links({ links: found }: MarkdownBlocks, text: string, spans: readonly SymbolSpan[]): ParsedFile['references'] {
  const list = new ReferenceList(text, spans)
  const seen = new Set<string>()
  for (const { target, start } of found) {
    const owner = list.ownerAt(start)
    if (seen.size === seen.add(`${owner} ${target}`).size) continue
    list.addAt('import', start, { owner, inMacro: false }, [target])
  }
  return list.references
}
