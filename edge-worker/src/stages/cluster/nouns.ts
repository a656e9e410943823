import { nameWords } from './name-words.js'
import type { Named } from './phrases.js'

/** What part of speech a word is, as far as names tell; shares from 0 to 1, a half for a word that nobody has written. */
export interface Nouns {
  /** How often it ends a name, as nouns do: the last word of a type, of a function, a module's name. */
  asHead(word: string): number
  /** How often it is anything but the first word of a function, where verbs stand. */
  asFirst(word: string): number
}

export function countNouns(symbols: Iterable<Named>): Nouns {
  const heads = new Map<string, number>()
  const modifiers = new Map<string, number>()
  const verbs = new Map<string, number>()
  const add = (counts: Map<string, number>, word: string, by: number): void => void counts.set(word, (counts.get(word) ?? 0) + by)
  for (const { name, isType, module, docs } of symbols) {
    const words = nameWords(name)
    const isPhrase = isType || words.length > 1
    words.forEach((word, at) => {
      if (isPhrase && at === words.length - 1) add(heads, word, isType ? 2 : 1)
      else add(!isType && at === 0 ? verbs : modifiers, word, isType ? 2 : 1)
    })
    for (const word of nameWords(module.at(-1) ?? '')) add(heads, word, 0.3)
    // Behind an article stands a noun or its adjective.
    for (const [, word] of (docs ?? '').slice(0, 500).matchAll(/\b(?:an?|the|its|this|each)\s+([a-z]+)\b/gi)) {
      add(modifiers, (word ?? '').toLowerCase(), 0.5)
    }
  }
  const count = (counts: ReadonlyMap<string, number>, word: string): number => counts.get(word) ?? 0
  const all = (word: string): number => count(heads, word) + count(modifiers, word) + count(verbs, word) + 1
  return {
    asHead: (word) => (count(heads, word) + 0.5) / all(word),
    asFirst: (word) => 1 - (count(verbs, word) + 0.5) / all(word),
  }
}
