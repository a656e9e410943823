import type { Token } from './tokens.js'

/** One name that a `use` brings in: `*` for a glob, `_` for none. */
export interface UsedName {
  readonly path: readonly string[]
  readonly alias: string
}

/** Deeper trees than this nobody writes. */
const MAX_DEPTH = 64

/** The names of a `use` tree, from the tokens between `use` and `;`. What does not read as one is left out. */
export function usedNames(tokens: readonly Token[]): UsedName[] {
  const names: UsedName[] = []
  let at = 0
  const peek = (): string => tokens[at]?.text ?? ''

  const tree = (prefix: readonly string[], depth: number): void => {
    const path = [...prefix]
    if (peek() === '::') {
      if (path.length === 0) path.push('')
      at++
    }
    for (;;) {
      const word = peek()
      if (word === '*') {
        at++
        names.push({ path, alias: '*' })
        return
      }
      if (word === '{') {
        at++
        while (at < tokens.length && peek() !== '}') {
          const before = at
          if (depth < MAX_DEPTH) tree(path, depth + 1)
          if (peek() === ',') at++
          else if (at === before) at++
        }
        at++
        return
      }
      if (!/^(?:r#)?[\p{ID_Start}_$]/u.test(word)) return
      at++
      // `a::{self}` means `a`.
      if (word !== 'self' || path.length === 0) path.push(word)
      if (peek() !== '::') break
      at++
    }
    let alias = path[path.length - 1] ?? ''
    if (peek() === 'as') {
      alias = tokens[at + 1]?.text ?? alias
      at += 2
    }
    if (path.length > 0) names.push({ path, alias })
  }

  tree([], 0)
  return names
}
