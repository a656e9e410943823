import { limitedDocs } from '../written-text.js'
import { docAttributeText } from './attributes.js'
import type { Trivia } from './walk-items.js'
import { isInnerDoc, isOuterDoc } from './walk-items.js'

export interface DocText {
  readonly text: string | null
  readonly cut: boolean
}

interface Fragment {
  readonly sugared: boolean
  readonly lines: readonly string[]
}

/** Documentation without comment marks and without the indentation that all its lines share, as rustdoc shows it. */
export function docText(text: string, pieces: readonly Trivia[]): DocText {
  const fragments = pieces.flatMap((piece) => fragmentOf(text.slice(piece.start, piece.end), piece) ?? [])
  const joined = unindent(fragments)
    .join('\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd()
  if (joined === '') return { text: null, cut: false }
  return limitedDocs(joined)
}

function fragmentOf(raw: string, piece: Trivia): Fragment | null {
  if (piece.kind === 'attribute') {
    const text = docAttributeText(raw)
    return text === null ? null : { sugared: false, lines: text.split(/\r?\n/) }
  }
  if (!isOuterDoc(raw, 0) && !isInnerDoc(raw, 0)) return null
  if (raw.startsWith('//')) return { sugared: true, lines: [raw.slice(3).replace(/[\r\n]+$/, '')] }
  return { sugared: true, lines: blockLines(raw.slice(3).replace(/\*\/$/, '').trimEnd()) }
}

/** The lines of a block comment without the column of stars that may stand before them. */
function blockLines(inside: string): string[] {
  const lines = inside.split(/\r?\n/)
  while (lines.length > 0 && lines[0]?.trim() === '') lines.shift()
  while (lines.length > 0 && /^\s*\**\s*$/.test(lines[lines.length - 1] ?? '')) lines.pop()
  const starred = lines.slice(lines[0] === inside.split(/\r?\n/, 1)[0] ? 1 : 0)
  if (starred.length === 0 || !starred.every((line) => /^\s*\*/.test(line))) return lines
  return lines.map((line) => line.replace(/^\s*\*/, ''))
}

/** rustdoc's rule: where both kinds occur, a sugared line owns one space more than a `#[doc]` line. */
function unindent(fragments: readonly Fragment[]): string[] {
  const add = fragments.some((fragment) => fragment.sugared) && fragments.some((fragment) => !fragment.sugared) ? 1 : 0
  let least = Infinity
  for (const { sugared, lines } of fragments) {
    for (const line of lines) if (line.trim() !== '') least = Math.min(least, line.search(/\S/) + (sugared ? 0 : add))
  }
  if (least === Infinity) least = 0
  return fragments.flatMap(({ sugared, lines }) =>
    lines.map((line) => {
      const strip = sugared ? least : Math.max(0, least - add)
      return line.slice(Math.min(strip, line.length - line.trimStart().length)).replace(/\r$/, '')
    }),
  )
}
