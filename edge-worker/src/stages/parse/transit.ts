import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { packRows, unpackRows, type Rows } from './rows.js'

/** A parsed file on its way from a child: without its text, which the parent has, and with its long lists in rows. */
export interface ParsedInTransit {
  readonly rest: Omit<ParsedFile, 'text' | Lists>
  readonly lists: Readonly<Record<Lists, Rows>>
}

type Lists = 'symbols' | 'ranges' | 'references' | 'type_facts'

export function toTransit({ text: _text, symbols, ranges, references, type_facts, ...rest }: ParsedFile): ParsedInTransit {
  const lists = { symbols: packRows(symbols), ranges: packRows(ranges), references: packRows(references), type_facts: packRows(type_facts) }
  return { rest, lists }
}

export function fromTransit({ rest, lists }: ParsedInTransit, text: string): ParsedFile {
  return {
    file: rest.file,
    language: rest.language,
    text,
    file_docs: rest.file_docs,
    symbols: unpackRows(lists.symbols),
    ranges: unpackRows(lists.ranges),
    references: unpackRows(lists.references),
    type_facts: unpackRows(lists.type_facts),
    ...(rest.exports === undefined ? {} : { exports: rest.exports }),
    diagnostics: rest.diagnostics,
  }
}
