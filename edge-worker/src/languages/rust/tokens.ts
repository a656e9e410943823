/** A word, a literal, a mark or a bracket of Rust text, by its UTF-16 offsets. */
export interface Token {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Comments are left out; a literal of any kind is one token. */
const TOKEN =
  /\s+|\/\/[^\n]*|\/\*|[bc]?r#*"|[bc]?"(?:[^"\\]|\\[^])*"|b?'(?:[^'\\\n]|\\[^\n]{1,10}?)'|'?(?:r#)?[\p{ID_Start}_$][\p{ID_Continue}]*|\d[\w.]*|::|[^]/gu

/** Tokens of a piece of Rust text. Takes time linear in its length and never fails: an open literal ends with the text. */
export function tokensOf(text: string, start: number, end: number): Token[] {
  const tokens: Token[] = []
  /** Marks that close no raw string any more: each is looked for in vain once. */
  const unclosed = new Set<string>()
  TOKEN.lastIndex = start
  for (let match = TOKEN.exec(text); match !== null && match.index < end; match = TOKEN.exec(text)) {
    const [written] = match
    if (written === '/*') TOKEN.lastIndex = blockCommentEnd(text, match.index, end)
    else if (/^[bc]?r#*"$/.test(written)) TOKEN.lastIndex = rawStringEnd(written, TOKEN.lastIndex)
    else if (!/^(?:\s|\/\/)/.test(written)) tokens.push({ text: written, start: match.index, end: match.index + written.length })
  }
  return tokens

  function rawStringEnd(opening: string, from: number): number {
    const mark = opening.replace(/^[bc]?r(#*)"$/, '"$1')
    const close = unclosed.has(mark) ? -1 : text.indexOf(mark, from)
    if (close < 0) unclosed.add(mark)
    else tokens.push({ text: opening, start: from - opening.length, end: close + mark.length })
    return close < 0 ? from : close + mark.length
  }
}

/** Rust's block comments nest. */
function blockCommentEnd(text: string, at: number, end: number): number {
  const marks = /\/\*|\*\//g
  marks.lastIndex = at
  let depth = 0
  for (let match = marks.exec(text); match !== null && match.index < end; match = marks.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return end
}

const CLOSING: Readonly<Record<string, string | undefined>> = { '(': ')', '[': ']', '{': '}' }

/** For each opening bracket the index of the one that closes it; where none does, the number of tokens. */
export function bracketPairs(tokens: readonly Token[]): Map<number, number> {
  const pairs = new Map<number, number>()
  const open: { readonly at: number; readonly closing: string }[] = []
  tokens.forEach(({ text }, at) => {
    const closing = CLOSING[text]
    if (closing !== undefined) open.push({ at, closing })
    else if (open[open.length - 1]?.closing === text) pairs.set(open.pop()?.at ?? 0, at)
  })
  for (const { at } of open) pairs.set(at, tokens.length)
  return pairs
}
