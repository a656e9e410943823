import type { Symbol } from '@doctown/common/contracts/symbol.js'

/** Path of the module that each symbol is written in, as segments: `['tokio','net','tcp']`. By symbol id. */
export function modulePaths(symbols: readonly Symbol[]): ReadonlyMap<string, readonly string[]> {
  const byId = new Map<string, Symbol>(symbols.map((symbol) => [symbol.id, symbol]))
  const paths = new Map<string, readonly string[]>()
  const votes = new Map<string, Map<string, number>>()
  for (const symbol of symbols) {
    const outermost = climb(symbol, byId)
    const container = symbol.symbol_type === 'module' ? symbol : outermost.container === null ? undefined : byId.get(outermost.container)
    const path = container === undefined ? splitPath(outermost.path).slice(0, -1) : splitPath(container.path)
    paths.set(symbol.id, path)
    if (symbol.symbol_type !== 'impl' && symbol === outermost) vote(votes, symbol.file, path.join('\n'))
  }
  // An impl is named after its type, which may live elsewhere: it counts to the module that most of its file belongs to.
  for (const symbol of symbols) {
    const outermost = climb(symbol, byId)
    if (outermost.symbol_type !== 'impl' || outermost.container !== null) continue
    const winner = mostVotes(votes.get(symbol.file))
    if (winner !== undefined) paths.set(symbol.id, winner === '' ? [] : winner.split('\n'))
  }
  return paths
}

/** The segments of a path, cut at `::` (or `.`, where no `::` is) outside of brackets: `Vec<a::B>::new` is `Vec<a::B>`, `new`. */
export function splitPath(path: string): string[] {
  const separator = path.includes('::') ? '::' : '.'
  const segments: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < path.length; at += 1) {
    const character = path[at]
    if (character === '<' || character === '(' || character === '[') depth += 1
    else if ((character === '>' && path[at - 1] !== '-') || character === ')' || character === ']') depth -= 1
    else if (depth === 0 && path.startsWith(separator, at)) {
      segments.push(path.slice(start, at))
      start = at + separator.length
      at = start - 1
    }
  }
  segments.push(path.slice(start))
  return segments.filter((segment) => segment !== '')
}

/** The symbol itself or the outermost one around it that still stands inside the same module. */
function climb(symbol: Symbol, byId: ReadonlyMap<string, Symbol>): Symbol {
  let current = symbol
  // Containers form a tree; the bound only keeps a broken input from running for ever.
  for (let steps = 0; steps < 100 && current.container !== null; steps += 1) {
    const container = byId.get(current.container)
    if (container === undefined || container.symbol_type === 'module') break
    current = container
  }
  return current
}

function vote(votes: Map<string, Map<string, number>>, file: string, path: string): void {
  const counts = votes.get(file) ?? new Map<string, number>()
  counts.set(path, (counts.get(path) ?? 0) + 1)
  votes.set(file, counts)
}

function mostVotes(counts: ReadonlyMap<string, number> | undefined): string | undefined {
  return [...(counts ?? [])].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))[0]?.[0]
}
