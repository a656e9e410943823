import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { packLists, unpackLists, type Lists, type PackedLists } from './packed-lists.js'
import { packRows, unpackRows, type Rows } from './rows.js'

/** A parsed file on its way from a child: without its text, which the parent has, and with its long lists packed. */
export interface ParsedInTransit {
  readonly rest: Omit<ParsedFile, 'text' | 'symbols' | keyof Lists>
  readonly symbols: Rows
  readonly lists: PackedLists
}

export function toTransit({ text: _text, symbols, ranges, references, type_facts, ...rest }: ParsedFile): ParsedInTransit {
  return { rest, symbols: packRows(symbols), lists: packLists({ references, type_facts, ranges }) }
}

export function fromTransit({ rest, symbols, lists }: ParsedInTransit, text: string): ParsedFile {
  const { file, language, file_docs, diagnostics, ...more } = rest
  const { ranges, references, type_facts } = unpackLists(lists)
  return { file, language, text, file_docs, symbols: unpackRows(symbols), ranges, references, type_facts, ...more, diagnostics }
}
