import type { Span } from './scan.js'

/** A token of C or C++, or all that stands between two brackets. */
export interface Token extends Span {
  readonly kind: 'word' | 'sign' | 'literal' | 'group'
  /** Of a word with what belongs to it: `std::vector<int>`. Of a group its opening bracket. */
  readonly text: string
  readonly inner: readonly Token[]
}

/** Groups in groups deeper than this are read as one token without an inside. */
const MAX_DEPTH = 40

/** Tokens from `at` on, until `stop` says so of one at the top level or the text ends. Comments are left out. */
export class Tokenizer {
  private next: number
  constructor(
    private readonly text: string,
    /** Comments and literals, in order. */
    private readonly quiet: readonly Span[],
    public at = 0,
  ) {
    this.next = 0
  }

  /** A word, a sign or a literal; brackets are signs here. */
  read(): Token | null {
    const { text, quiet } = this
    for (;;) {
      while (this.at < text.length && isSpace(text.charCodeAt(this.at))) this.at++
      if (this.at >= text.length) return null
      const start = this.at
      while (this.next < quiet.length && (quiet[this.next] as Span).end <= start) this.next++
      const inside = quiet[this.next]
      if (inside !== undefined && inside.start <= start) {
        this.at = inside.end
        if (text[inside.start] === '/') continue
        return { kind: 'literal', start, end: inside.end, text: '"', inner: [] }
      }
      if (!isWord(text.charCodeAt(start))) {
        this.at++
        return { kind: 'sign', start, end: this.at, text: text[start] ?? '', inner: [] }
      }
      while (this.at < text.length && isWord(text.charCodeAt(this.at))) this.at++
      return { kind: 'word', start, end: this.at, text: text.slice(start, this.at), inner: [] }
    }
  }

  /** What stands between a bracket that was just read and the one that closes it. Ends at the end of the text where none does. */
  readGroup(open: Token): Token {
    const stack: { open: Token; inner: Token[] }[] = [{ open, inner: [] }]
    for (let token = this.read(); token !== null; token = this.read()) {
      const top = stack[stack.length - 1]
      if (top === undefined) break
      if (token.kind === 'sign' && '([{'.includes(token.text)) stack.push({ open: token, inner: [] })
      else if (token.kind === 'sign' && ')]}'.includes(token.text)) {
        stack.pop()
        const inner = stack.length < MAX_DEPTH ? top.inner : []
        const group: Token = { kind: 'group', start: top.open.start, end: token.end, text: top.open.text, inner }
        const outer = stack[stack.length - 1]
        if (outer === undefined) return group
        if (stack.length < MAX_DEPTH) outer.inner.push(group)
      } else if (stack.length < MAX_DEPTH) top.inner.push(token)
    }
    return { kind: 'group', start: open.start, end: this.text.length, text: open.text, inner: stack[0]?.inner ?? [] }
  }
}

/** Words with their `::` and template arguments as one: `::std::map<K, V>::iterator`. */
export function foldNames(tokens: readonly Token[]): Token[] {
  const folded: Token[] = []
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at] as Token
    const begins = token.kind === 'word' || (isColons(tokens, at) && tokens[at + 2]?.kind === 'word')
    if (!begins) {
      folded.push(token)
      at++
      continue
    }
    let end = at
    let text = ''
    for (;;) {
      if (isColons(tokens, end) && (tokens[end + 2]?.kind === 'word' || tokens[end + 2]?.text === '~')) {
        text += '::'
        end += 2
        if (tokens[end]?.text === '~') {
          text += '~'
          end++
        }
      } else if (end > at) break
      const word = tokens[end]
      if (word?.kind !== 'word') break
      text += word.text
      end++
      if (word.text === 'operator' || KEYWORDS_BEFORE_ANGLE.has(word.text)) break
      const close = tokens[end]?.text === '<' ? closingAngle(tokens, end) : -1
      if (close > 0) end = close + 1
      if (!isColons(tokens, end)) break
    }
    const last = tokens[end - 1] ?? token
    folded.push({ kind: 'word', start: token.start, end: last.end, text, inner: [] })
    at = Math.max(end, at + 1)
  }
  return folded
}

const KEYWORDS_BEFORE_ANGLE = new Set(['template', 'return', 'case', 'and', 'or', 'not', 'requires', 'concept'])

function isColons(tokens: readonly Token[], at: number): boolean {
  return tokens[at]?.text === ':' && tokens[at + 1]?.text === ':' && tokens[at]?.end === tokens[at + 1]?.start
}

/** Template arguments are seldom longer; `a < b` has no end. */
const LONGEST_ARGUMENTS = 400

/** The sign that closes template arguments, -1 where `<` means less. */
export function closingAngle(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length && at < open + LONGEST_ARGUMENTS; at++) {
    const { text } = tokens[at] as Token
    if (text === '<') depth++
    else if (text === '>' && tokens[at - 1]?.text !== '-' && --depth === 0) return at
    else if (text === ';') return -1
  }
  return -1
}

function isSpace(code: number): boolean {
  return code <= 32 || code === 0x5c
}

function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122) || code === 36 || code > 127
}
