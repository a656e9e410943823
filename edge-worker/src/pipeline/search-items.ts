import { basename } from 'node:path'
import type { ChunkFields } from '@doctown/common/contracts/chunk.js'
import type { ParsedFile, SyntaxRange } from '@doctown/common/contracts/parsed-file.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { SearchItem } from '@doctown/common/search/item.js'
import { isImplementation } from '@doctown/common/search/implementation.js'
import { isTestPath } from '@doctown/common/runtime/test-path.js'
import { fieldsOf } from '../stages/chunk/chunk-file.js'
import { CONTAINERS } from '../stages/chunk/symbol-units.js'
import { hasOutline } from './line-outline.js'
import { MAX_BODY, outlineItems } from './outline-items.js'

/** An item of the search index with the parts that the built-in model weighs apart. */
export interface ReadItem {
  readonly item: SearchItem
  readonly fields: ChunkFields
}

/** Lines of a piece of text that belongs to no symbol. */
const TEXT_LINES = 40
/** Less than this many letters outside symbols is no text: closing brackets, a few imports. */
const LEAST_TEXT = 80

/** The symbols of a file and what stands outside them, as search takes them. */
export function searchItemsOf(parsed: ParsedFile): ReadItem[] {
  const tests = testSymbols(parsed)
  const members = new Map<string, Symbol[]>()
  for (const symbol of parsed.symbols) {
    if (symbol.container === null) continue
    const siblings = members.get(symbol.container)
    if (siblings === undefined) members.set(symbol.container, [symbol])
    else siblings.push(symbol)
  }
  const items = parsed.symbols.flatMap((symbol, index): ReadItem[] => {
    const range = parsed.ranges[index]
    if (range === undefined) return []
    const body = CONTAINERS.has(symbol.symbol_type)
      ? (members.get(symbol.id) ?? []).map(({ signature }) => signature).join('\n')
      : parsed.text.slice(range.body, Math.min(range.end, range.body + MAX_BODY))
    const fields: ChunkFields = {
      ...fieldsOf(symbol, parsed.text, range),
      body: [body.trim(), ...writtenAttributes(symbol), commentAbove(parsed.text, range.start)].filter((part) => part !== '').join('\n'),
      docs: symbol.doc_comments ?? '',
    }
    return [{ item: itemOf(symbol, fields, tests.has(symbol.id)), fields }]
  })
  return [...items, ...textOutside(parsed)]
}

/** A file of a language that has no folder: definitions by the look of their lines, the rest in pieces of a few lines. */
export function searchItemsOfText({ path, text }: Pick<SourceFile, 'path' | 'text'>): ReadItem[] {
  if (!hasOutline(path)) return textItems(path, text, 1)
  const lines = text.split('\n')
  const { items, outside } = outlineItems(path, lines)
  const rest = outside.flatMap(([from, to]) => outsideItems(path, lines.slice(from, to).join('\n'), from + 1))
  return [...items, ...rest]
}

function itemOf(symbol: Symbol, { path, head, body, docs }: ChunkFields, test: boolean): SearchItem {
  return {
    symbol_id: symbol.id,
    name: symbol.name,
    symbol_type: symbol.symbol_type,
    path,
    file: symbol.file,
    start_line: symbol.line,
    end_line: symbol.end_line,
    // What a trait declares is found at the trait.
    public: symbol.is_public_api && !test && !isImplementation(symbol.id),
    test,
    implementation: isImplementation(symbol.id),
    head,
    body,
    docs,
  }
}

/** Symbols that stand in a test file, are marked as tests or lie in what is. Containers come before their members. */
function testSymbols(parsed: ParsedFile): Set<string> {
  const whole = isTestPath(parsed.file)
  const tests = new Set<string>()
  for (const symbol of parsed.symbols) {
    const marked = symbol.attributes.some((attribute) =>
      /^#!?\[\s*(?:cfg\s*\(\s*(?:all\s*\(\s*)?test\b|(?:\w+::)*(?:test|bench)\b)/.test(attribute),
    )
    if (whole || marked || (symbol.container !== null && tests.has(symbol.container))) tests.add(symbol.id)
  }
  return tests
}

/** Attributes that carry a text of the program, such as `#[error("...")]`; those that are documentation are not read here. */
const writtenAttributes = (symbol: Symbol): string[] =>
  symbol.attributes.filter((attribute) => attribute.includes('"') && !/^#!?\[\s*(?:doc|cfg|cfg_attr|deprecated)\b/.test(attribute))

/** Lines of plain comment right above a symbol: they speak of it, and no parser gives them to it. */
function commentAbove(text: string, start: number): string {
  const lines: string[] = []
  let end = text.lastIndexOf('\n', start - 1)
  while (end > 0 && lines.length < 20) {
    const begin = text.lastIndexOf('\n', end - 1) + 1
    const line = text.slice(begin, end).trim()
    if (!/^(?:\/\/(?![/!])|#\s)/.test(line)) break
    lines.unshift(line.replace(/^[/#]+\s?/, ''))
    end = begin - 1
  }
  return lines.join('\n')
}

function textOutside(parsed: ParsedFile): ReadItem[] {
  const tops = parsed.ranges
    .filter((_, index) => parsed.symbols[index]?.container === null)
    .map(({ start, end }: SyntaxRange) => ({ start, end }))
    .sort((a, b) => a.start - b.start)
  const found: ReadItem[] = []
  let [line, lineEnd] = [1, parsed.text.indexOf('\n')]
  /** In the order of the file: lines are counted once. */
  const between = (from: number, to: number): void => {
    for (; lineEnd !== -1 && lineEnd < from; lineEnd = parsed.text.indexOf('\n', lineEnd + 1)) line += 1
    found.push(...outsideItems(parsed.file, parsed.text.slice(from, to), line))
  }
  let at = 0
  for (const { start, end } of tops) {
    if (start > at) between(at, start)
    at = Math.max(at, end)
  }
  between(at, parsed.text.length)
  return found
}

const outsideItems = (file: string, piece: string, line: number): ReadItem[] =>
  piece.replace(IMPORTS, '').replace(/\W+/g, '').length < LEAST_TEXT ? [] : textItems(file, piece, line)

/** Spaces of one line, and braces of a length that people write: a file of blank lines or of open braces must not cost the square of its length. */
const IMPORTS =
  /^[^\S\n]*(?:pub(?:\([^)]*\))?\s+)?(?:use|using|extern crate|import|from|package|mod|require|require_relative|#include)\b(?:[^;{\n]*\{[^}]{0,4000}\})?[^;\n]*;?$/gm

/** What a model is given of a piece that belongs to no symbol. */
export const pieceFields = (file: string, body: string): ChunkFields => ({
  name: '',
  path: file.replaceAll('/', '::'),
  head: '',
  body,
  docs: '',
  marks: [],
})

function textItems(file: string, text: string, firstLine: number): ReadItem[] {
  const lines = text.split('\n')
  const items: ReadItem[] = []
  for (let from = 0; from < lines.length; from += TEXT_LINES) {
    const piece = lines.slice(from, from + TEXT_LINES)
    const body = piece.join('\n').trim().slice(0, MAX_BODY)
    if (body === '') continue
    const blank = piece.findIndex((line) => line.trim() !== '')
    const filled = piece.findLastIndex((line) => line.trim() !== '')
    const fields = pieceFields(file, body)
    items.push({
      item: {
        symbol_id: null,
        name: basename(file),
        symbol_type: 'text',
        path: file,
        file,
        start_line: firstLine + from + blank,
        end_line: firstLine + from + filled,
        public: false,
        test: isTestPath(file),
        implementation: false,
        head: '',
        body,
        docs: '',
      },
      fields,
    })
  }
  return items
}
