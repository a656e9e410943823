/** UTF-16 offsets into a file's text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A line that begins with `#`, the lines that backslashes join to it included. */
export interface Directive extends Span {
  /** `define`, `include`, `if`, ... */
  readonly word: string
  /** What follows the word, comments as blanks, lines joined. */
  readonly rest: string
  /** Offset of `rest`, where its first character stands. */
  readonly restAt: number
  /** End of the text without a comment that closes the line. */
  readonly textEnd: number
}

export interface ScannedSource {
  readonly comments: readonly Span[]
  readonly directives: readonly Directive[]
  /** Comments, strings and character literals: what holds no tokens of ours. In order. */
  readonly quiet: readonly Span[]
}

/**
 * Finds comments, literals and preprocessor lines of C or C++ in one pass, without a syntax tree.
 * What is not closed ends with its line (literals) or with the file (comments).
 */
export function scanSource(text: string): ScannedSource {
  const comments: Span[] = []
  const quiet: Span[] = []
  const directives: Directive[] = []
  const mark = /["'#/]/g
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    const start = match.index
    if (match[0] === '#') {
      if (!beginsLine(text, start)) continue
      const directive = readDirective(text, start, comments)
      directives.push(directive)
      mark.lastIndex = directive.end
      continue
    }
    const end = quietEnd(text, start)
    if (end === start) continue
    if (match[0] === '/') comments.push({ start, end })
    quiet.push({ start, end })
    mark.lastIndex = end
  }
  return { comments, directives, quiet }
}

/** The end of the comment or literal that begins here; `start` itself where none does. */
function quietEnd(text: string, start: number): number {
  const letter = text[start]
  if (letter === '/') {
    if (text[start + 1] === '/') return lineEnd(text, start)
    if (text[start + 1] !== '*') return start
    const close = text.indexOf('*/', start + 2)
    return close < 0 ? text.length : close + 2
  }
  const before = text.slice(Math.max(0, start - 3), start)
  if (letter === "'") {
    // A mark between digits: 1'000'000.
    if (/[0-9a-fA-F]$/.test(before) && /[0-9a-fA-F]/.test(text[start + 1] ?? '') && !/(?:^|\W)u8$/.test(before)) return start
    return literalEnd(text, start, "'")
  }
  return /(?:^|[^\w])(?:u8|[uUL])?R$/.test(before) ? rawEnd(text, start) : literalEnd(text, start, '"')
}

function literalEnd(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\\') at++
    else if (letter === quote) return at + 1
    else if (letter === '\n') return at
  }
  return text.length
}

/** `R"x(...)x"`. */
function rawEnd(text: string, start: number): number {
  const delimiter = /^"([^()\\\s]{0,16})\(/.exec(text.slice(start, start + 20))?.[1]
  if (delimiter === undefined) return literalEnd(text, start, '"')
  const close = text.indexOf(`)${delimiter}"`, start)
  return close < 0 ? text.length : close + delimiter.length + 2
}

function beginsLine(text: string, at: number): boolean {
  for (let back = at - 1; back >= 0; back--) {
    const letter = text[back]
    if (letter === '\n') return true
    if (letter !== ' ' && letter !== '\t' && letter !== '\r' && letter !== '\f' && letter !== '\v') return false
  }
  return true
}

/** The end of a line that backslashes may join to the next. */
function lineEnd(text: string, start: number): number {
  for (let at = text.indexOf('\n', start); at >= 0; at = text.indexOf('\n', at + 1)) {
    const before = text[at - 1] === '\r' ? at - 2 : at - 1
    if (text[before] !== '\\' || before < start) return text[at - 1] === '\r' ? at - 1 : at
  }
  return text.length
}

function readDirective(text: string, start: number, comments: Span[]): Directive {
  let end = lineEnd(text, start)
  let textEnd = end
  let content = ''
  let from = start + 1
  // Searched in a piece of the text: the next quote may be a megabyte away.
  for (let at = nextMark(text, from, end); at >= 0;) {
    // Of `#error don't` and `#include <it's>` the quotes open nothing; a literal never leaves its line.
    const isComment = text[at] === '/'
    const close = Math.min(quietEnd(text, at), isComment ? text.length : end)
    if (isComment && close > at) {
      comments.push({ start: at, end: close })
      content += text.slice(from, at).padEnd(close - from)
      from = close
      if (close > end) end = lineEnd(text, close)
      textEnd = text.slice(close, end).trim() === '' ? Math.min(textEnd, at) : end
    }
    at = nextMark(text, Math.max(close, at + 1), end)
  }
  content += text.slice(from, end)
  content = content.replace(/\\(\r?\n)/g, (_whole, line: string) => ' '.repeat(line.length + 1))
  const [, space = '', word = ''] = /^(\s*)(\w*)/.exec(content) ?? []
  const at = space.length + word.length
  return { start, end, word, rest: content.slice(at), restAt: start + 1 + at, textEnd: start + text.slice(start, textEnd).trimEnd().length }
}

function nextMark(text: string, from: number, end: number): number {
  const found = from < end ? text.slice(from, end).search(/["'/]/) : -1
  return found < 0 ? -1 : from + found
}
