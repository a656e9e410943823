/** Words as the lexical index knows them: sub-words of identifiers, lower case, lightly stemmed. */

/** Capitals before a capitalised word stand alone, so `HTTPServer2` is `http`, `server`, `2`; letters of any script are words. */
const SUB_WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\x00-\x7F\s\p{P}\p{S}]+/gu

export function subWords(text: string): string[] {
  const found = text.match(SUB_WORD)
  if (found === null) return []
  for (let i = 0; i < found.length; i++) found[i] = found[i]!.toLowerCase()
  return found
}

/** The stemming of the retrieval benchmark: endings off long words, a plural's s off short ones. */
export function stem(word: string): string {
  const length = word.length
  if (length <= 3) return word
  const code = word.charCodeAt(length - 1)
  if (length === 4) return code === S ? word.slice(0, word.charCodeAt(2) === S ? 2 : 3) : word
  if (code === S) {
    if (word.endsWith('ies')) return word.slice(0, -3)
    return word.endsWith('es') ? word.slice(0, -2) : word.slice(0, -1)
  }
  if (code === G && word.endsWith('ing')) return word.slice(0, -3)
  if (code === D && word.endsWith('ed')) return word.slice(0, -2)
  return word
}

const [S, G, D] = [0x73, 0x67, 0x64]

/** Letters and digits alone, so that `is_finished`, `isFinished` and `IsFinished` are one name. */
export const joined = (name: string): string => name.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase()

/** Words that say nothing of what is looked for; they hold no place in a name and bring no item forward. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an the and or of to in on at by for from with without into out as is are be been being was were do does did done it its this that these those there here ' +
    'which who what where when why how i my me we our you your he she they them their if then than so such not no can could will would shall should may might must ' +
    'has have had all any each one some only also just about over under between after before while until during because come comes go goes get gets say says tell tells'
  ).split(' '),
)
