import type { ReadQuery } from './read-query.js'
import { STOP_WORDS } from './words.js'

/** What kind of query it is: numbers from 0 to 1, not boxes, because most queries are a little of several. */
export const GATES = [
  /** Always 1. */
  'any',
  /** Tells what something does, as documentation does: "Returns the number of ...". */
  'sentence',
  /** Is written as a sentence, with a capital, and asks nothing. */
  'prose',
  /** Asks for a place: "where is ...", "which function ...", "code that ...". */
  'question',
  /** Is mostly the name of an item, perhaps misspelt. */
  'name',
  /** Is mostly a text that the program prints. */
  'literal',
  /** Few words. */
  'short',
] as const
export type Gate = (typeof GATES)[number]

const ASKING = new Set('where which what who whose why how when code place part function method file'.split(' '))
const VERB = /[^su]s$/
const ARTICLE = /^(an?|the)$/

export function gatesOf(query: ReadQuery, found: { readonly closest: number; readonly literal: number }): Record<Gate, number> {
  const { words } = query
  const first = words[0] ?? ''
  const question = ASKING.has(first) || query.text.trimEnd().endsWith('?') ? 1 : 0
  const telling = words.filter((word) => !STOP_WORDS.has(word)).length
  const opensAsDoc = VERB.test(first) && !STOP_WORDS.has(first) ? 1 : ARTICLE.test(first) ? 0.5 : 0
  return {
    any: 1,
    sentence: question === 1 || words.length < 4 ? 0 : opensAsDoc,
    prose: question === 0 && words.length >= 4 && /^\s*\p{Lu}\p{Ll}*\s/u.test(query.text) ? 1 : 0,
    question,
    name: words.length > 8 ? 0 : found.closest ** 2,
    literal: found.literal ** 2,
    short: telling <= 2 ? 1 : telling >= 6 ? 0 : (6 - telling) / 4,
  }
}
