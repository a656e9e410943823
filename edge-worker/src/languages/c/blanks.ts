import type { Span } from './scan.js'
import type { Token } from './tokens.js'

/** A piece of text that the grammar would stumble over. */
export interface Blank extends Span {
  /** It belongs to the declaration that follows: an export mark, an attribute. */
  readonly isAttached: boolean
  /** What stands there instead, no longer than the span. */
  readonly text?: string
}

export interface StatementPlace {
  /** `;`, `{`, `}`, or empty at the end of the text. */
  readonly terminator: string
  /** Name of the class around it, whose constructors have no type. */
  readonly className: string
  /** It goes on after the body of a struct: `} PACKED name;`. */
  readonly afterBody: boolean
  /** Macros that this file itself makes stand for nothing or for an attribute. */
  readonly attributes: ReadonlySet<string>
}

export function isTypeText(group: Token): boolean {
  return (
    group.inner.length > 0 &&
    group.inner.every(
      (token) => (token.kind === 'word' && !/^\d/.test(token.text)) || token.text === '*' || token.text === ':' || token.text === '&',
    )
  )
}

export function split(tokens: readonly Token[]): Token[][] {
  const pieces: Token[][] = [[]]
  for (const token of tokens) {
    if (token.text === ',' && token.kind === 'sign') pieces.push([])
    else pieces[pieces.length - 1]?.push(token)
  }
  return pieces
}

export function brackets(group: Token): Blank[] {
  return [
    { start: group.start, end: group.start + 1, isAttached: false },
    { start: group.end - 1, end: group.end, isAttached: false },
  ]
}

export function spanOf({ start, end }: Token): Span {
  return { start, end }
}
