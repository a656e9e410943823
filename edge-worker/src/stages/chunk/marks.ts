import type { Symbol } from '@doctown/common/contracts/symbol.js'

/** Structure that the built-in model has rows for: kind, receiver, return type and its first argument, qualifiers. */
export function marksOf(symbol: Symbol): string[] {
  const marks = [`kind:${symbol.symbol_type}`]
  if (symbol.symbol_type !== 'function' && symbol.symbol_type !== 'method') return marks
  const before = /^(.*?)\bfn\b/.exec(symbol.signature)?.[1] ?? ''
  for (const word of ['async', 'unsafe', 'const']) if (new RegExp(`\\b${word}\\b`).test(before)) marks.push(word)
  const receiver = symbol.parameters.find((parameter) => parameter.name === 'self')?.param_type
  if (receiver !== undefined) marks.push(`self:${/^&[^:]*\bmut\b/.test(receiver) ? 'mut' : receiver.startsWith('&') ? 'ref' : 'own'}`)
  const returned = /^&?\s*(?:'\w+\s+)?(?:mut\s+)?(?:impl\s+|dyn\s+)?([\w:]+)\s*(?:<\s*&?\s*(?:'\w+\s*,?\s*)?(?:mut\s+)?([\w:]+))?/.exec(
    symbol.return_type ?? '',
  )
  if (returned?.[1] !== undefined) marks.push(`ret:${lastName(returned[1])}`)
  if (returned?.[2] !== undefined) marks.push(`ret<${lastName(returned[2])}`)
  return marks
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(':') + 1).toLowerCase()
}
