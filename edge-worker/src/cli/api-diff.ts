import { openDocpack } from '@doctown/common/docpack/read.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { apiChanges, type ApiChanges, type ChangedSymbol } from './api-changes.js'
import type { Console } from './console.js'
import type { ShownSymbol } from './shown-symbol.js'

/** Public symbols that the second docpack has more, fewer or different than the first. A difference is an answer, so the exit code is 0. */
export async function apiDiffCommand(before: string, after: string, console: Console): Promise<number> {
  const [a, b] = [await symbolsOf(before), await symbolsOf(after)]
  const changes = apiChanges(a, b)
  console.answer({ ...changes }, lines(changes))
  return 0
}

async function symbolsOf(path: string): Promise<Symbol[]> {
  const docpack = await openDocpack({ path })
  try {
    return await docpack.symbols()
  } finally {
    docpack.close()
  }
}

function lines({ added, removed, changed }: ApiChanges): string[] {
  if (added.length + removed.length + changed.length === 0) return ['The public API is the same.']
  return [
    `${added.length} added, ${removed.length} removed, ${changed.length} changed`,
    ...removed.map((symbol) => `- ${headline(symbol)}`),
    ...added.map((symbol) => `+ ${headline(symbol)}`),
    ...changed.flatMap(changedLines),
  ]
}

function headline({ symbol_type: type, path, signature }: ShownSymbol): string {
  return `${type} ${path}${signature === '' ? '' : `\n    ${signature}`}`
}

function changedLines({ path, before, after, differs }: ChangedSymbol): string[] {
  const kind = differs.includes('symbol_type') ? `${before.symbol_type}, now ${after.symbol_type},` : after.symbol_type
  const say = (symbol: ShownSymbol): string => symbol.signature || `${symbol.visibility} ${symbol.symbol_type}`
  return [`~ ${kind} ${path}`, `    - ${say(before)}`, `    + ${say(after)}`]
}
