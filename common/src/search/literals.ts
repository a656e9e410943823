import { subWords } from './words.js'

const DOUBLE = /"(?:[^"\\]|\\[^])*"|`[^`]*`/g
/** One more kind outside Rust, where a single quote also begins a lifetime. */
const SINGLE = /'(?:[^'\\\n]|\\[^])*'/g
const PLACEHOLDER = /\{[^{}]*\}|%[-+0-9.]*[a-z]|\\[a-z0-9]+|\d+|\$\{[^{}]*\}/gi
/** A literal longer than this is data. */
const LONGEST_LITERAL = 2000
/** Of a longer text only so much is looked at: quotes that nothing closes cost the square of it. */
const MOST_READ = 32_768

/** The string literals of a text, quotes included, in their order. */
export function literalsOf(text: string, isRust: boolean): string[] {
  const read = text.slice(0, MOST_READ)
  const found: string[] = read.match(DOUBLE) ?? []
  const all = isRust ? found : [...found, ...(read.match(SINGLE) ?? [])]
  return all.filter((literal) => literal.length > 4 && literal.length <= LONGEST_LITERAL)
}

/** The words of a message without what was put into it: numbers and placeholders. */
export const literalWords = (text: string): string[] => subWords(text.replace(PLACEHOLDER, ' '))
