import { oneLine } from '../written-text.js'
import { bracketPairs, tokensOf, type Token } from './tokens.js'
import { usedNames, type UsedName } from './use-tree.js'

/** A stretch of text in the tokens of macro calls, and what is said of all that stands there. */
export interface MacroRegion {
  readonly start: number
  readonly end: number
  /** Names of the calls, outermost first. */
  readonly macros: readonly string[]
  /** Of a branch of `cfg_if!`, in the form of an attribute. */
  readonly attributes: readonly string[]
}

/** A `use` or `extern crate` of a macro's tokens. */
export interface UseInMacro {
  readonly start: number
  readonly visibility: string
  readonly attributes: readonly string[]
  readonly names: readonly UsedName[]
  readonly region: MacroRegion
}

export interface ReadTokens {
  /** An inner one after the one around it. */
  readonly regions: MacroRegion[]
  readonly uses: UseInMacro[]
}

/** Macros in macros: real code nests two or three. */
const MAX_DEPTH = 12

/** A macro call where items may stand, and the attributes before it. */
export interface CallText {
  readonly start: number
  readonly end: number
  readonly attributes: readonly string[]
}

/** What stands at item level in the tokens of one macro call, by its words alone: `cfg_rt! { pub use a::b; cfg_io! { mod c; } }`. */
export function readMacroTokens(text: string, given: CallText): ReadTokens {
  const { start, end } = given
  const tokens = tokensOf(text, start, end)
  const pairs = bracketPairs(tokens)
  const found: ReadTokens = { regions: [], uses: [] }
  const outside: MacroRegion = { start, end, macros: [], attributes: given.attributes }
  items(0, tokens.length, outside, 0)
  return found

  function items(from: number, to: number, region: MacroRegion, depth: number): void {
    let attributes: string[] = []
    let visibility: string | null = null
    let head: string | null = null
    /** Conditions of the branches of an `if #[cfg(..)]` so far. */
    let branches: string[] = []
    let at = from
    const reset = (): void => {
      attributes = []
      visibility = null
      head = null
    }
    while (at < to) {
      const word = wordAt(at)
      const close = Math.min(pairs.get(at) ?? at, to)
      if (word === '#' && wordAt(at + 1) === '[') {
        const end = pairs.get(at + 1) ?? to
        attributes.push(written(at, end))
        at = end + 1
      } else if (word === 'pub') {
        const scope = wordAt(at + 1) === '(' ? (pairs.get(at + 1) ?? at) : at
        visibility = written(at, scope)
        at = scope + 1
      } else if (word === 'use' || (word === 'extern' && wordAt(at + 1) === 'crate')) {
        const stop = semicolon(at, to)
        if (visibility !== null) {
          const names = word === 'use' ? usedNames(tokens.slice(at + 1, stop)) : externCrate(tokens.slice(at + 2, stop))
          found.uses.push({ start: startOf(at), visibility, attributes, names, region })
        }
        reset()
        at = stop + 1
      } else if (word === 'if' && wordAt(at + 1) === '#' && wordAt(at + 2) === '[') {
        const end = pairs.get(at + 2) ?? to
        const condition = /^#\[\s*cfg\s*\(([^]*)\)\s*\]$/.exec(written(at + 1, end))?.[1] ?? ''
        at = branch(end + 1, to, [...branches.map((each) => `not(${each})`), condition], region, depth)
        branches = [...branches, condition]
      } else if (word === 'else' && branches.length > 0) {
        if (wordAt(at + 1) === 'if') at++
        else {
          at = branch(
            at + 1,
            to,
            branches.map((each) => `not(${each})`),
            region,
            depth,
          )
          branches = []
        }
      } else if (word === '!' && /^[\w$]/.test(wordAt(at - 1)) && '{(['.includes(wordAt(at + 1)) && head === null) {
        at = call(at, to, region, attributes, depth)
        reset()
      } else if (word === '{') {
        // Items of a module or an impl are read as well: macros are called there. All other braces hold code.
        if (head !== null && depth < MAX_DEPTH) items(at + 1, close, region, depth + 1)
        reset()
        at = close + 1
      } else {
        if (word === ';' || word === '}') reset()
        else if (HEADS.has(word)) head ??= word
        else if (word === 'fn') head = null
        at = word === '(' || word === '[' ? close + 1 : at + 1
      }
    }
  }

  function branch(open: number, to: number, conditions: readonly string[], region: MacroRegion, depth: number): number {
    if (wordAt(open) !== '{') return open
    const close = Math.min(pairs.get(open) ?? to, to)
    const attribute = `#[cfg(all(${conditions.join(', ')}))]`
    const inner = { ...region, start: startOf(open), end: endOf(close), attributes: [...region.attributes, attribute] }
    found.regions.push(inner)
    if (depth < MAX_DEPTH) items(open + 1, close, inner, depth + 1)
    return close + 1
  }

  /** `name!(..)`; `at` is the mark. Other macros than braces end with a semicolon, which resets nothing. */
  function call(at: number, to: number, region: MacroRegion, attributes: readonly string[], depth: number): number {
    const close = Math.min(pairs.get(at + 1) ?? to, to)
    const inner = {
      start: startOf(at + 1),
      end: endOf(close),
      macros: [...region.macros, wordAt(at - 1)],
      attributes: [...region.attributes, ...attributes, ...conditionOf(at + 2)],
    }
    found.regions.push(inner)
    if (depth < MAX_DEPTH) items(at + 2, close, inner, depth + 1)
    return close + 1
  }

  /** `feature! { #![unix] .. }` hands a condition to the macro, which puts it before each item. */
  function conditionOf(at: number): string[] {
    if (wordAt(at) !== '#' || wordAt(at + 1) !== '!' || wordAt(at + 2) !== '[') return []
    const condition = written(at + 3, (pairs.get(at + 2) ?? at + 3) - 1)
    return IS_CONDITION.test(condition) ? [`#[cfg(${condition})]`] : []
  }

  function semicolon(at: number, to: number): number {
    for (let next = at; next < to; next++) {
      if (wordAt(next) === ';') return next
      if ('{(['.includes(wordAt(next))) next = pairs.get(next) ?? to
    }
    return to
  }

  function wordAt(at: number): string {
    return tokens[at]?.text ?? ' '
  }

  function startOf(at: number): number {
    return tokens[at]?.start ?? end
  }

  function endOf(at: number): number {
    return tokens[at]?.end ?? end
  }

  function written(first: number, last: number): string {
    return oneLine(text.slice(startOf(first), endOf(last)))
  }
}

const IS_CONDITION = /^(?:unix|windows|(?:all|any|not)\s*\(|(?:feature|target_\w+)\s*=)/
const HEADS = new Set(['mod', 'impl', 'trait'])

/** `extern crate a as b;` */
export function externCrate(tokens: readonly Token[]): UsedName[] {
  const [name, as, alias] = tokens
  if (name === undefined) return []
  return [{ path: ['', name.text], alias: as?.text === 'as' && alias !== undefined ? alias.text : name.text }]
}
