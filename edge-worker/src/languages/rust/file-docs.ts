import type { Trivia } from './walk-items.js'

/** The `//!` comments and `#![..]` attributes at the top of a file, told without a syntax tree. */
export function fileDocPieces(text: string): Trivia[] {
  const pieces: Trivia[] = []
  let at = text.startsWith('#!') && !/^#!\s*\[/.test(text) ? lineEnd(text, 0) : 0
  for (;;) {
    at = skipSpace(text, at)
    const start = at
    if (text.startsWith('//', at)) at = lineEnd(text, at)
    else if (text.startsWith('/*', at)) at = blockEnd(text, at)
    else if (/^#!\s*\[/.test(text.slice(at, at + 16))) at = attributeEnd(text, at)
    else return pieces
    const inner = text[start] === '#' || text[start + 2] === '!'
    if (inner) pieces.push({ kind: text[start] === '#' ? 'attribute' : 'comment', start, end: at })
    // A doc comment of the first item ends what the file says of itself.
    else if (/^(?:\/\/\/[^/]|\/\*\*[^*/])/.test(text.slice(start, start + 4))) return pieces
  }
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && /\s/.test(text[at] ?? '')) at++
  return at
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

/** Rust's block comments nest. */
function blockEnd(text: string, at: number): number {
  const marks = /\/\*|\*\//g
  marks.lastIndex = at
  let depth = 0
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return text.length
}

/** The bracket that closes the attribute, those in its strings not counted. */
function attributeEnd(text: string, at: number): number {
  const tokens = /"(?:[^"\\]|\\[^])*"|r(#*)"[^]*?"\1|[[\]]/g
  tokens.lastIndex = at
  let depth = 0
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    if (match[0] === '[') depth++
    else if (match[0] === ']' && --depth === 0) return tokens.lastIndex
  }
  return text.length
}
