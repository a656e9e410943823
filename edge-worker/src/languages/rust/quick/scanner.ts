import type { SyntaxTable } from '../../syntax-table.js'
import { CLASSES, DIGIT, HEX, IDENTIFIER_START, SPACE, UNDERSCORE } from './characters.js'
import { hashStep, T, wordToken } from './tokens.js'

/** Thrown where the text is not what the quick parser knows for certain; the grammar reads it then. */
export class NotQuick extends Error {}
export const NOT_QUICK = new NotQuick('not for the quick parser')

/** A part of a text. */
export interface Stretch {
  readonly text: string
  readonly start: number
  readonly end: number
  /** Reads it as if a semicolon stood after its last token. */
  readonly closing?: boolean
  /** How deep it already stands in what is being read. */
  readonly depth?: number
}

/** Tokens of a stretch of Rust, one at a time; comments go to the table. */
export class Scanner {
  /** The token under the cursor. */
  token = T.end
  start = 0
  end = 0
  /** Where the token before it ended: the end of a node that is complete. */
  before = 0
  private virtual = false
  private limit = 0
  text = ''

  constructor(readonly table: SyntaxTable) {}

  begin({ text, start, end, closing = false }: Stretch): void {
    this.text = text
    this.limit = end
    this.virtual = closing
    this.end = start
    this.next()
  }

  fail(): never {
    throw NOT_QUICK
  }

  expect(token: number): void {
    if (this.token !== token) throw NOT_QUICK
    this.next()
  }

  accept(token: number): boolean {
    if (this.token !== token) return false
    this.next()
    return true
  }

  /** The unit after the token, `-1` at the end of the stretch. */
  unitAfter(): number {
    return this.end < this.limit ? this.text.charCodeAt(this.end) : -1
  }

  is(word: string): boolean {
    return this.token === T.identifier && this.end - this.start === word.length && this.text.startsWith(word, this.start)
  }

  /** The first unit of the next token, comments not looked through. */
  peek(from = this.end): number {
    let at = from
    while (at < this.limit && (CLASSES[this.text.charCodeAt(at)] ?? 0) & SPACE) at++
    return at < this.limit ? this.text.charCodeAt(at) : -1
  }

  /** Whether the next token is this word. */
  peekWord(word: string, from = this.end): boolean {
    let at = from
    while (at < this.limit && (CLASSES[this.text.charCodeAt(at)] ?? 0) & SPACE) at++
    if (!this.text.startsWith(word, at)) return false
    const after = this.text.charCodeAt(at + word.length)
    return !(after < 128 ? (CLASSES[after] as number) & (IDENTIFIER_START | DIGIT) : 1)
  }

  /** The token that the word up to the token's end is from an offset on. */
  wordAt(start: number): number {
    const { text, end } = this
    if (end - start === 1 && text.charCodeAt(start) === UNDERSCORE) return T.underscore
    let hash = 0
    for (let at = start; at < end; at++) hash = hashStep(hash, text.charCodeAt(at))
    return wordToken(text, start, end, hash)
  }

  next(): void {
    this.before = this.end
    this.scan(false)
  }

  /** As `next`, after the dot of a field: `x.0.1` has no float in it. */
  nextField(): void {
    this.before = this.end
    this.scan(true)
  }

  /** A stretch of the text that was read apart is passed, up to an offset. */
  jump(to: number): void {
    this.end = to
    this.next()
  }

  private scan(field: boolean): void {
    const { text, limit } = this
    let at = this.end
    for (;;) {
      if (at >= limit) {
        this.start = limit
        this.end = limit
        this.token = T.end
        if (this.virtual) {
          this.virtual = false
          this.token = T.semicolon
          this.end = limit + 1
        }
        return
      }
      const unit = text.charCodeAt(at)
      if (unit >= 128) throw NOT_QUICK
      const kind = CLASSES[unit] as number
      if (kind & SPACE) {
        at++
        continue
      }
      this.start = at
      if (kind & IDENTIFIER_START) return this.word(at, unit)
      if (kind & DIGIT) return this.number(at, field)
      if (unit === 47) {
        const after = text.charCodeAt(at + 1)
        if (after === 47) {
          at = this.lineComment(at)
          continue
        }
        if (after === 42) {
          at = this.blockComment(at)
          continue
        }
      }
      return this.punctuation(at, unit)
    }
  }

  private lineComment(start: number): number {
    const { text, limit } = this
    let end = text.indexOf('\n', start)
    if (end < 0 || end > limit) end = limit
    const third = text.charCodeAt(start + 2)
    // The grammar gives the line's end to a doc comment.
    const isDoc = third === 33 || (third === 47 && text.charCodeAt(start + 3) !== 47)
    this.table.comments.push(start, isDoc && end < limit ? end + 1 : end)
    return end
  }

  private blockComment(start: number): number {
    const { text, limit } = this
    let depth = 1
    let at = start + 2
    while (at < limit) {
      const unit = text.charCodeAt(at)
      if (unit === 42 && text.charCodeAt(at + 1) === 47) {
        at += 2
        if (--depth === 0) {
          if (at > limit) break
          this.table.comments.push(start, at)
          return at
        }
      } else if (unit === 47 && text.charCodeAt(at + 1) === 42) {
        depth++
        at += 2
      } else at++
    }
    throw NOT_QUICK
  }

  private word(start: number, first: number): void {
    const { text, limit } = this
    let at = start + 1
    let hash = hashStep(0, first)
    while (at < limit) {
      const unit = text.charCodeAt(at)
      if (unit >= 128) throw NOT_QUICK
      if (!((CLASSES[unit] as number) & (IDENTIFIER_START | DIGIT))) break
      hash = hashStep(hash, unit)
      at++
    }
    this.end = at
    const length = at - start
    if (length === 1) {
      if (first === 95) {
        this.token = T.underscore
        return
      }
      if (first === 114 || first === 98 || first === 99) return this.prefixed(start, at)
    } else if (length === 2 && text.charCodeAt(start + 1) === 114 && (first === 98 || first === 99)) return this.prefixed(start, at)
    this.token = length > 8 || length < 2 ? T.identifier : wordToken(text, start, at, hash)
  }

  /** `r`, `b`, `c`, `br`, `cr`: what may begin a literal, or a raw identifier. */
  private prefixed(start: number, at: number): void {
    const { text } = this
    const unit = text.charCodeAt(at)
    const isRaw = text.charCodeAt(at - 1) === 114
    this.token = T.identifier
    if (isRaw && (unit === 34 || unit === 35)) {
      let hashes = 0
      while (text.charCodeAt(at + hashes) === 35) hashes++
      if (text.charCodeAt(at + hashes) === 34) {
        const end = text.indexOf('"' + '#'.repeat(hashes), at + hashes + 1)
        if (end < 0) throw NOT_QUICK
        return this.literal(T.rawString, end + 1 + hashes)
      }
      const letter = text.charCodeAt(at + 1)
      if (hashes !== 1 || at - start !== 1 || letter >= 128 || !((CLASSES[letter] as number) & IDENTIFIER_START)) return
      at++
      while (at < this.limit && text.charCodeAt(at) < 128 && (CLASSES[text.charCodeAt(at)] as number) & (IDENTIFIER_START | DIGIT)) at++
      if (text.charCodeAt(at) >= 128) throw NOT_QUICK
      this.end = at
      return
    }
    if (isRaw) return
    if (unit === 34) this.string(at)
    else if (unit === 39 && text.charCodeAt(start) === 98) this.quote(at)
  }

  private literal(token: number, end: number): void {
    if (end > this.limit) throw NOT_QUICK
    this.token = token
    this.end = end
  }

  private string(quote: number): void {
    const { text, limit } = this
    let at = quote + 1
    while (at < limit) {
      const unit = text.charCodeAt(at)
      if (unit === 34) return this.literal(T.string, at + 1)
      at += unit === 92 ? 2 : 1
    }
    throw NOT_QUICK
  }

  /** A character or a lifetime. */
  private quote(at: number): void {
    const { text, limit } = this
    const unit = text.charCodeAt(at + 1)
    if (unit === 92) {
      const end = text.indexOf("'", at + 3)
      if (end < 0) throw NOT_QUICK
      return this.literal(T.char, end + 1)
    }
    const length = unit >= 0xd800 && unit < 0xdc00 ? 2 : 1
    if (text.charCodeAt(at + 1 + length) === 39 && unit !== 39) return this.literal(T.char, at + 2 + length)
    if (unit >= 128 || !((CLASSES[unit] as number) & IDENTIFIER_START)) throw NOT_QUICK
    let end = at + 1
    while (end < limit && text.charCodeAt(end) < 128 && (CLASSES[text.charCodeAt(end)] as number) & (IDENTIFIER_START | DIGIT)) end++
    if (text.charCodeAt(end) >= 128) throw NOT_QUICK
    this.literal(T.lifetime, end)
  }

  /** As the grammar reads numbers: a dot belongs to a float unless a letter or another dot follows it. */
  private number(start: number, field: boolean): void {
    const { text, limit } = this
    let at = start
    const second = text.charCodeAt(start + 1)
    if (text.charCodeAt(start) === 48 && (second === 120 || second === 98 || second === 111)) {
      at += 2
      if (second === 120) while (at < limit && (CLASSES[text.charCodeAt(at)] ?? 0) & HEX) at++
      else at = this.plainDigits(at)
      return this.suffixed(at, T.integer)
    }
    at = this.plainDigits(at)
    if (field) return this.literal(T.integer, at)
    let token: number = T.integer
    if (text.charCodeAt(at) === 46 && at < limit) {
      const after = text.charCodeAt(at + 1)
      const isLetter = after >= 128 || (after !== 95 && ((CLASSES[after] ?? 0) & IDENTIFIER_START) !== 0)
      if (after === 95) throw NOT_QUICK
      if (!isLetter && after !== 46) {
        token = T.float
        at = this.plainDigits(at + 1)
      }
    }
    const exponent = text.charCodeAt(at)
    if (exponent === 101 || exponent === 69) {
      at++
      if (text.charCodeAt(at) === 43 || text.charCodeAt(at) === 45) at++
      if (!((CLASSES[text.charCodeAt(at)] ?? 0) & DIGIT)) throw NOT_QUICK
      at = this.plainDigits(at)
      token = T.float
    }
    this.suffixed(at, token)
  }

  private plainDigits(from: number): number {
    const { text, limit } = this
    let at = from
    while (at < limit) {
      const unit = text.charCodeAt(at)
      if (unit !== 95 && (unit < 48 || unit > 57)) break
      at++
    }
    return at
  }

  private suffixed(from: number, token: number): void {
    let at = from
    while (at < this.limit && (CLASSES[this.text.charCodeAt(at)] ?? 0) & (IDENTIFIER_START | DIGIT)) at++
    if (at > from && !/^(?:[iu](?:8|16|32|64|128|size)|f(?:32|64))$/.test(this.text.slice(from, at))) throw NOT_QUICK
    this.literal(token, at)
  }

  private punctuation(at: number, unit: number): void {
    const { text } = this
    // Control characters are no tokens.
    if (unit < T.bang) throw NOT_QUICK
    this.token = unit
    this.end = at + 1
    switch (unit) {
      case 34:
        return this.string(at)
      case 39:
        return this.quote(at)
      case 58:
        if (text.charCodeAt(at + 1) === 58) this.literal(T.colons, at + 2)
        return
      case 45:
        if (text.charCodeAt(at + 1) === 62) this.literal(T.arrow, at + 2)
        return
      case 61:
        if (text.charCodeAt(at + 1) === 62) this.literal(T.fatArrow, at + 2)
        return
      case 46:
        if (text.charCodeAt(at + 1) !== 46) return
        if (text.charCodeAt(at + 2) === 61) this.literal(T.dotsEquals, at + 3)
        else if (text.charCodeAt(at + 2) === 46) this.literal(T.ellipsis, at + 3)
        else this.literal(T.dots, at + 2)
        return
      default:
    }
  }
}
