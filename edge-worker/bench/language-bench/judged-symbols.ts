import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { compare, type Comparison } from './language-bench.js'

/** One name as a judge tells it, with every line at which it is defined. */
export interface JudgedSymbol {
  readonly path: string
  readonly kind: string
  readonly file: string
  readonly lines: readonly number[]
}

/** Definitions of one name in one file (overloads, one for each platform) count once: path, kind and file must be equal, a line at most one apart. */
export function compareSymbols(
  what: string,
  ours: readonly Symbol[],
  judges: readonly JudgedSymbol[],
  kindOf: (symbol: Symbol) => string,
): Comparison {
  const lines = new Map(judges.map((judged) => [keyOf(judged), judged.lines]))
  const seen = new Map<string, Set<number>>()
  for (const symbol of ours) {
    const key = keyOf({ path: symbol.definition_path, kind: kindOf(symbol), file: symbol.file })
    seen.set(key, (seen.get(key) ?? new Set()).add(symbol.line))
  }
  const names = [...seen].map(([key, own]) => {
    const isThere = lines.get(key)?.some((line) => [...own].some((each) => Math.abs(each - line) <= 1)) ?? true
    return isThere ? key : `${key} at another line: ${[...own].join(', ')}`
  })
  return compare(what, names, lines.keys())
}

function keyOf({ path, kind, file }: Pick<JudgedSymbol, 'path' | 'kind' | 'file'>): string {
  return `${kind} ${path} (${file})`
}
