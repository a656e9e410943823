import type { Symbol } from '@doctown/common/contracts/symbol.js'

/** Path of the module that each symbol is written in, as segments: `['tokio','net','tcp']`. By symbol id. */
export function modulePaths(symbols: readonly Symbol[]): ReadonlyMap<string, readonly string[]> {
  const byId = new Map<string, Symbol>(symbols.map((symbol) => [symbol.id, symbol]))
  return new Map(symbols.map((symbol) => [symbol.id, moduleOf(symbol, byId)]))
}

function moduleOf(symbol: Symbol, byId: ReadonlyMap<string, Symbol>): readonly string[] {
  if (symbol.symbol_type === 'module') return splitPath(symbol.path)
  const outermost = climb(symbol, byId)
  const container = outermost.container === null ? undefined : byId.get(outermost.container)
  if (container !== undefined) return splitPath(container.path)
  // An impl block's path ends in its header, whose `::` are no steps of the path: `io::read::impl io::Read for Take<T>`.
  const block = outermost.path.search(/(?:^|::)impl[ <]/)
  return block >= 0 ? splitPath(outermost.path.slice(0, block)) : splitPath(outermost.path).slice(0, -1)
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
