import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { ParsedFile, SyntaxRange } from '@doctown/common/contracts/parsed-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { Lines } from './lines.js'
import type { Unit } from './units.js'

/** Their text is their members'; they are shown by header, docs and the headers of what they hold. */
export const CONTAINERS: ReadonlySet<string> = new Set(['impl', 'trait', 'module', 'class', 'interface'])

/**
 * The symbol's own text, cut where the syntax tree allows it. What lies in an inner symbol belongs to that one;
 * documentation beyond its limit (limits-and-faults.md, 2) is left out here as it is in the symbol.
 */
export function sourceUnits(parsed: ParsedFile, range: SyntaxRange, inner: readonly SyntaxRange[], lines: Lines): Unit[] {
  const { text } = parsed
  const points = [range.start, ...lineStarts(text, range.start, range.head), range.head, range.body, ...range.cuts, range.end]
  for (const { start, end } of inner) points.push(start, end)
  const sorted = [...new Set(points)].filter((point) => point >= range.start && point <= range.end).sort((a, b) => a - b)
  const units: Unit[] = []
  let hole = 0
  for (let at = 0; at + 1 < sorted.length; at++) {
    // `as`: both indexes are in range, which the compiler cannot see.
    const start = sorted[at] as number
    const end = sorted[at + 1] as number
    while (hole < inner.length && (inner[hole] as SyntaxRange).end <= start) hole++
    const covered = inner[hole]
    if (covered !== undefined && covered.start <= start && end <= covered.end) continue
    if (end <= range.head && end - range.start > LIMITS.docBytes) continue
    const piece = text.slice(start, end)
    const blank = piece.length - piece.trimStart().length
    units.push({
      text: piece,
      part: start < range.head ? 'docs' : start < range.body ? 'head' : 'body',
      startLine: lines.at(start + (blank === piece.length ? 0 : blank)),
      endLine: lines.at(start + Math.max(0, piece.trimEnd().length - 1)),
      indent: lines.indent(start),
    })
  }
  return units
}

/** A container's docs and header, and apart from them one unit for each member. */
export function containerUnits(symbol: Symbol, members: readonly Symbol[]): { readonly own: Unit[]; readonly members: Unit[] } {
  const place = { startLine: symbol.line, endLine: symbol.line }
  const docs = (symbol.doc_comments ?? '').split('\n').filter((line, _at, all) => all.length > 1 || line !== '')
  return {
    own: [
      ...docs.map((line): Unit => ({ ...place, text: `/// ${line}`.trimEnd() + '\n', part: 'docs', indent: line === '' ? 0 : 1 })),
      { ...place, text: `${symbol.signature} {\n`, part: 'head', indent: 0 },
    ],
    members: members.map((member) => ({
      text: `    ${member.signature};\n`,
      part: 'body',
      startLine: symbol.line,
      endLine: symbol.end_line,
      indent: 0,
    })),
  }
}

/** Line starts between documentation lines and attributes, which are whole lines unless a string runs over several. */
function lineStarts(text: string, from: number, to: number): number[] {
  const before = text.slice(from, to)
  if (before.includes('"') && before.includes('#[')) return []
  const starts: number[] = []
  for (let at = before.indexOf('\n'); at !== -1; at = before.indexOf('\n', at + 1)) starts.push(from + at + 1)
  return starts
}
