import { subWords } from './words.js'

const DOUBLE = /"(?:[^"\\]|\\[^])*"|`[^`]*`/g
/** One more kind outside Rust, where a single quote also begins a lifetime. */
const SINGLE = /'(?:[^'\\\n]|\\[^])*'/g
const PLACEHOLDER = /\{[^{}]*\}|%[-+0-9.]*[a-z]|\\[a-z0-9]+|\d+|\$\{[^{}]*\}/gi
/** A literal longer than this is data. */
const LONGEST_LITERAL = 2000

/** The string literals of a text, quotes included, in their order. */
export function literalsOf(text: string, isRust: boolean): string[] {
  const found: string[] = text.match(DOUBLE) ?? []
  const all = isRust ? found : [...found, ...(text.match(SINGLE) ?? [])]
  return all.filter((literal) => literal.length > 4 && literal.length <= LONGEST_LITERAL)
}

/** The words of a message without what was put into it: numbers and placeholders. */
export const literalWords = (text: string): string[] => subWords(text.replace(PLACEHOLDER, ' '))
