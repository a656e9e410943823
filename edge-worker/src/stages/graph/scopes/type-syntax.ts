/** A type as written, as far as finding members needs it. */
export type TypeSyntax =
  | { readonly kind: 'named'; readonly path: readonly string[]; readonly args: readonly TypeSyntax[] }
  | { readonly kind: 'tuple'; readonly items: readonly TypeSyntax[] }
  | { readonly kind: 'function'; readonly parameters: readonly TypeSyntax[]; readonly result: TypeSyntax }
  /** Any of them: a union without what stands for nothing, an intersection. */
  | { readonly kind: 'any_of'; readonly items: readonly TypeSyntax[] }
  /** `typeof x`, `type[X]`: the thing itself and not an instance of it. */
  | { readonly kind: 'self'; readonly of: TypeSyntax }
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, TypeSyntax> }
  /** What a call of this name gives, as a variable's first value tells it; of several results the first. */
  | { readonly kind: 'result'; readonly path: readonly string[]; readonly isFirst: boolean }
  | { readonly kind: 'unknown' }

export const UNKNOWN_SYNTAX: TypeSyntax = { kind: 'unknown' }

/** Reads the type text of one language. Gives `unknown` for whatever it does not know; never throws. */
export type ReadType = (text: string) => TypeSyntax

/** Longer ones are no names that anybody calls methods on. */
const MAX_TEXT = 2_000
const MAX_DEPTH = 12

/** Guards a reader against long texts and deep nesting, and remembers what it has read. */
export function typeReader(read: (text: string, again: (inner: string) => TypeSyntax) => TypeSyntax): ReadType {
  const known = new Map<string, TypeSyntax>()
  let depth = 0
  const again = (written: string): TypeSyntax => {
    const text = written.trim()
    if (text === '' || text.length > MAX_TEXT || depth >= MAX_DEPTH) return UNKNOWN_SYNTAX
    const before = known.get(text)
    if (before !== undefined) return before
    depth++
    const syntax = read(text, again)
    depth--
    known.set(text, syntax)
    return syntax
  }
  return again
}

const OPENING = '([{<'
const CLOSING = ')]}>'

/** Cuts at a separator that stands in no bracket or string. `=>` and `->` close nothing. */
export function splitTop(text: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === '"' || char === "'" || char === '`') quote = char
    else if (OPENING.includes(char)) depth++
    else if (CLOSING.includes(char)) {
      if (char !== '>' || (text[at - 1] !== '=' && text[at - 1] !== '-')) depth--
    }
    if (depth === 0 && quote === '' && text.startsWith(separator, at)) {
      parts.push(text.slice(start, at))
      start = at + separator.length
      at = start - 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

/** What stands between a bracket at the end of the text and the bracket that opens it: `Map<a, b>` is `Map` and `a, b`. */
export function lastGroup(text: string): { readonly before: string; readonly inside: string } | null {
  const close = text[text.length - 1] ?? ''
  const open = OPENING[CLOSING.indexOf(close)]
  if (close === '' || open === undefined) return null
  let depth = 0
  for (let at = text.length - 1; at >= 0; at--) {
    const char = text[at] ?? ''
    if (CLOSING.includes(char) && !(char === '>' && (text[at - 1] === '=' || text[at - 1] === '-'))) depth++
    else if (OPENING.includes(char) && --depth === 0) {
      return char === open ? { before: text.slice(0, at), inside: text.slice(at + 1, -1) } : null
    }
  }
  return null
}

export function list(text: string, read: (inner: string) => TypeSyntax): TypeSyntax[] {
  return text.trim() === '' ? [] : splitTop(text, ',').map(read)
}

/** `[]X`, `X[]`: by the name that a language's own table of containers has for it. */
export function arrayOf(item: TypeSyntax): TypeSyntax {
  return { kind: 'named', path: ['[]'], args: [item] }
}

export function anyOf(items: readonly TypeSyntax[]): TypeSyntax {
  return items.length === 1 && items[0] !== undefined ? items[0] : items.length === 0 ? UNKNOWN_SYNTAX : { kind: 'any_of', items }
}
