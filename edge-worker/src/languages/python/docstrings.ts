import type { ValueNode } from '../value-tree.js'

/** What a statement says when it is a string alone: documentation of what it stands in or behind. `null` for anything else. */
export function docstringOf(statement: ValueNode | undefined, text: string): string | null {
  if (statement?.type !== 'expression_statement' || statement.children.length !== 1) return null
  const [value] = statement.children
  const parts = value?.type === 'string' ? [value] : value?.type === 'concatenated_string' ? value.children : []
  if (parts.length === 0) return null
  let whole = ''
  for (const part of parts) {
    const literal = part.type === 'string' ? stringValue(text.slice(part.start, part.end)) : null
    if (literal === null) return null
    whole += literal
  }
  return cleanDoc(whole)
}

/** The value of a string literal, `null` for bytes and for formatted strings, whose value is not in the text. */
export function stringValue(literal: string): string | null {
  const match = /^([rRuU]?)("""|'''|"|')/.exec(literal)
  if (match === null) return null
  const [opening, prefix, quote] = match
  const end =
    literal.endsWith(quote ?? '') && literal.length >= opening.length + (quote?.length ?? 0)
      ? literal.length - (quote?.length ?? 0)
      : literal.length
  const inside = literal.slice(opening.length, end)
  return prefix === 'r' || prefix === 'R' ? inside : unescape(inside)
}

/** Without the indentation that all lines but the first share, and without blank lines around, as `inspect.cleandoc` gives it. */
export function cleanDoc(text: string): string {
  const lines = text.split(/\r?\n/).map(withoutTabs)
  let margin = Infinity
  for (const line of lines.slice(1)) if (line.trim() !== '') margin = Math.min(margin, line.length - line.trimStart().length)
  const cleaned = lines.map((line, index) => (index === 0 ? line.trimStart() : margin === Infinity ? line : line.slice(margin)))
  while (cleaned.length > 0 && cleaned[cleaned.length - 1]?.trim() === '') cleaned.pop()
  while (cleaned.length > 0 && cleaned[0]?.trim() === '') cleaned.shift()
  return cleaned.map((line) => line.trimEnd()).join('\n')
}

/** Sphinx's `#:` comments: lines directly above, else one behind on the same line. */
export function hashDocs(text: string, start: number, end: number): { readonly text: string; readonly start: number } | null {
  const lines: string[] = []
  let from = lineStart(text, start)
  for (let at = from; at > 0 && lines.length < MOST_LINES;) {
    const above = lineStart(text, at - 1)
    const comment = /^\s*#:[ \t]?(.*?)\r?$/.exec(text.slice(above, at - 1))
    if (comment === null) break
    lines.push(comment[1] ?? '')
    from = above
    at = above
  }
  if (lines.length > 0) return { text: cleanDoc(lines.reverse().join('\n')), start: from }
  const lineEnd = text.indexOf('\n', end)
  const behind = /^[ \t]*#:[ \t]?(.*?)\r?$/.exec(text.slice(end, Math.min(lineEnd === -1 ? text.length : lineEnd, end + LONGEST_LINE)))
  return behind === null ? null : { text: behind[1] ?? '', start }
}

/** A file of one line is a megabyte long; no comment is. */
const LONGEST_LINE = 2000
const MOST_LINES = 500

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

function withoutTabs(line: string): string {
  if (!line.includes('\t')) return line
  let out = ''
  for (const character of line) out += character === '\t' ? ' '.repeat(8 - (out.length % 8)) : character
  return out
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

function unescape(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:\r?\n|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([^]))/g,
    (whole, x?: string, u?: string, long?: string, octal?: string, letter?: string) => {
      const hex = x ?? u ?? long
      if (hex !== undefined) return character(Number.parseInt(hex, 16), whole)
      if (octal !== undefined) return character(Number.parseInt(octal, 8), whole)
      // An escape that Python does not know stays as it is written.
      return letter === undefined ? '' : (ESCAPES[letter] ?? whole)
    },
  )
}

function character(value: number, written: string): string {
  return value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? written : String.fromCodePoint(value)
}
