import type { Shadow } from './shadow.js'
import type { Span } from './scan.js'
import { firstEndingAfter } from './span-search.js'

export interface FoundDocs {
  readonly text: string
  /** Where the comment begins, when it stands before what it speaks of. */
  readonly start: number | undefined
}

/** Finds the comment that speaks of a declaration: Doxygen's marks, and plain comments that stand directly above. */
export class DocFinder {
  constructor(
    private readonly text: string,
    private readonly shadow: Shadow,
  ) {}

  /** Of what stands from `start` to `end`; `isMember` of constants, fields and macros, which are explained on their own line. */
  find(start: number, end: number, isMember: boolean): FoundDocs | null {
    const trailing = this.after(end, isMember)
    const before = this.before(start)
    if (trailing?.isMarked === true && before?.isMarked !== true) return { text: trailing.text, start: undefined }
    if (before !== null) return { text: before.text, start: before.start }
    const text = trailing?.text ?? (isMember ? null : this.below(end))
    return text === null ? null : { text, start: undefined }
  }

  /** The documentation of the whole file: a comment with `@file`. */
  ofFile(): string | null {
    for (const comment of this.shadow.comments.slice(0, COMMENTS_BEFORE_CODE)) {
      const raw = this.raw(comment)
      if (isFileComment(raw)) return docText([raw])
    }
    return null
  }

  private before(start: number): { text: string; start: number; isMarked: boolean } | null {
    const { comments } = this.shadow
    let index = firstEndingAfter(comments, start) - 1
    const last = comments[index]
    if (last === undefined || !this.isBlank(last.end, start) || !this.beginsItsLine(last)) return null
    const isLine = this.text.startsWith('//', last.start)
    const pieces = [last]
    while (isLine && pieces.length < MOST_LINES) {
      const previous = comments[--index]
      const first = pieces[pieces.length - 1] as Span
      if (previous === undefined || !this.text.startsWith('//', previous.start) || !this.beginsItsLine(previous)) break
      if (!/^\r?\n?[^\S\n]*$/.test(this.text.slice(previous.end, first.start))) break
      // A block of one kind: `///` does not go on what `//` began.
      if (isMarked(this.raw(previous)) !== isMarked(this.raw(last))) break
      pieces.push(previous)
    }
    pieces.reverse()
    const marked = isMarked(this.raw(last))
    const gap = this.text.slice(last.end, start).replace(/^[^\S\n]*#[^\n]*$/gm, '')
    if (!marked && (gap.match(/\n/g)?.length ?? 0) > 1) return null
    const raws = pieces.map((piece) => this.raw(piece))
    if (raws.some(isTrailingMark) || raws.some(isFileComment)) return null
    const text = docText(raws)
    return text === null ? null : { text, start: pieces[0]?.start ?? last.start, isMarked: marked }
  }

  /** `int size; ///< in bytes`, and of a member also `/* in bytes *\/`. */
  private after(end: number, isMember: boolean): { text: string; isMarked: boolean } | null {
    const { comments } = this.shadow
    let index = firstEndingAfter(comments, end)
    const first = comments[index]
    if (first === undefined || first.start - end > LONGEST_GAP || !/^[^\S\n]*[,;]?[^\S\n]*$/.test(this.text.slice(end, first.start)))
      return null
    const marked = isTrailingMark(this.raw(first))
    if (!marked && !isMember) return null
    const pieces = [this.raw(first)]
    let last = first
    while (this.text.startsWith('//', last.start) && pieces.length < MOST_LINES) {
      const next = comments[++index]
      if (next === undefined || !/^\r?\n[^\S\n]*$/.test(this.text.slice(last.end, next.start))) break
      if (!(marked ? isTrailingMark(this.raw(next)) : this.column(next.start) === this.column(first.start))) break
      pieces.push(this.raw(next))
      last = next
    }
    // On the line of the next constant it speaks of that one.
    if (!/^[^\S\n]*(?:\r?\n|$)/.test(this.text.slice(last.end))) return null
    const text = docText(pieces)
    return text === null ? null : { text, isMarked: marked }
  }

  /** A comment on the line below, with an empty line after it, as in zlib.h. */
  private below(end: number): string | null {
    const { comments } = this.shadow
    const next = comments[firstEndingAfter(comments, end)]
    if (next === undefined || next.start - end > LONGEST_GAP || !/^[^\S\n]*;?[^\S\n]*\r?\n[^\S\n]*$/.test(this.text.slice(end, next.start)))
      return null
    if (!this.text.startsWith('/*', next.start) || isMarked(this.raw(next))) return null
    return /^[^\S\n]*\r?\n[^\S\n]*\r?\n/.test(this.text.slice(next.end, next.end + 200)) ? docText([this.raw(next)]) : null
  }

  private raw({ start, end }: Span): string {
    return this.text.slice(start, end)
  }

  /** Nothing but blanks, and of preprocessor lines only those that begin a condition. */
  private isBlank(from: number, to: number): boolean {
    if (to - from > LONGEST_GAP || !/^\s*$/.test(this.shadow.text.slice(from, to))) return false
    const gap = this.text.slice(from, to)
    return !gap.includes('#') || !/^[^\S\n]*#[^\S\n]*(?!if)/m.test(gap)
  }

  private beginsItsLine({ start }: Span): boolean {
    return /(?:^|\n)[^\S\n]*$/.test(this.text.slice(Math.max(0, start - 200), start))
  }

  private column(offset: number): number {
    return offset - this.text.lastIndexOf('\n', offset - 1)
  }
}

const COMMENTS_BEFORE_CODE = 3
/** Lines of one comment that are looked at: more than a symbol's documentation may have. */
const MOST_LINES = 5000
const LONGEST_GAP = 2000

function isMarked(raw: string): boolean {
  return /^(?:\/\*\*(?![*/])|\/\*!|\/\/\/(?!\/)|\/\/!)/.test(raw)
}

function isTrailingMark(raw: string): boolean {
  return /^(?:\/\*\*<|\/\*!<|\/\/\/<|\/\/!<)/.test(raw)
}

function isFileComment(raw: string): boolean {
  return /[@\\]file\b/.test(raw)
}

/** The text of comments without marks, stars, rules of dashes and the indentation that all lines share. */
export function docText(raws: readonly string[]): string | null {
  const lines = raws.flatMap((raw) =>
    raw.startsWith('//') ? [raw.replace(/^\/\/(?:\/+|!)?<?/, '')] : blockLines(raw.replace(/^\/\*[*!]*<?/, '').replace(/\**\*\/$/, '')),
  )
  const said = lines.map((line) => (/^[\s*=_#/~+-]*$/.test(line) ? '' : line.replace(/\s+$/, '')))
  const [first = '', ...rest] = said
  const least = leastIndent(raws[0]?.startsWith('//') === true ? said : rest)
  const cut = (line: string): string => line.slice(Math.min(least, line.length - line.trimStart().length))
  const text = [raws[0]?.startsWith('//') === true ? cut(first) : first.trimStart(), ...rest.map(cut)]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd()
  return /[\p{L}\p{N}]/u.test(text) ? doxygen(text) : null
}

/** Of lines that say something; by hand, because a comment may have more lines than a function takes arguments. */
function leastIndent(lines: readonly string[]): number {
  let least = Infinity
  for (const line of lines) if (line !== '') least = Math.min(least, line.search(/\S/))
  return least === Infinity ? 0 : least
}

function blockLines(inside: string): string[] {
  const lines = inside.split(/\r?\n/)
  const starred = lines.slice(1).filter((line) => line.trim() !== '')
  const isStarred = starred.length > 0 && starred.every((line) => /^\s*\*/.test(line))
  return isStarred ? lines.map((line, index) => (index === 0 ? line : line.replace(/^\s*\*+/, ''))) : lines
}

/** Doxygen's commands as one spelling; those that only mark a word become Markdown. */
function doxygen(text: string): string {
  if (!/[@\\]/.test(text)) return text
  return text
    .replace(/(^|\n)[^\S\n]*[@\\](?:brief|short|details)\b[^\S\n]*\n?/g, '$1')
    .replace(/[@\\](?:c|p|a|e|em|b|ref|link)\s+([\w:.()~<>*&]*[\w)>*&])/g, '`$1`')
    .replace(/\\(param|tparam|returns?|throws?|retval|note|warning|see|sa|since|deprecated|todo|pre|post|exception)\b/g, '@$1')
}
