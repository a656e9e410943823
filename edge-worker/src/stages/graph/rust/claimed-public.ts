import type { SymbolId } from '@doctown/common/contracts/ids.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { Presence } from './presence.js'

const LOCAL = new Set(['function', 'method', 'const', 'static'])
const OTHER_TARGETS = /(?:^|\/)(?:tests|benches|examples)\/|(?:^|\/)build\.rs$/

/**
 * What the items of a file claim by themselves: `pub`, items of public traits, items of trait impls, exported macros. This is the API of a
 * package that has no library, such as a program's; its tests, benches, examples and what is local to a function are not.
 */
export function claimedPublic({ file, symbols }: ParsedFile, presence: Presence): Symbol[] {
  if (OTHER_TARGETS.test(file)) return []
  const byId = new Map(symbols.map((symbol) => [symbol.id, symbol]))
  const hidden = new Set<SymbolId>()
  const claimed = new Set<SymbolId>()
  for (const symbol of symbols) {
    const container = symbol.container === null ? undefined : byId.get(symbol.container)
    const said = presence.ofSymbol(symbol)
    const isInside = container !== undefined && (hidden.has(container.id) || LOCAL.has(container.symbol_type))
    if (isInside || said.level === 0 || said.isHidden) hidden.add(symbol.id)
    else if (isNamedPublic(symbol, container, claimed, said.names)) claimed.add(symbol.id)
  }
  // An inherent impl is public as soon as one of its members is.
  for (const symbol of symbols) {
    const container = symbol.container === null ? undefined : byId.get(symbol.container)
    if (container?.symbol_type === 'impl' && claimed.has(symbol.id)) claimed.add(container.id)
  }
  return symbols.filter(({ id }) => claimed.has(id))
}

function isNamedPublic(symbol: Symbol, container: Symbol | undefined, claimed: ReadonlySet<SymbolId>, names: ReadonlySet<string>): boolean {
  if (symbol.symbol_type === 'macro') return names.has('macro_export')
  if (symbol.symbol_type === 'impl') return isOfTrait(symbol)
  if (container?.symbol_type === 'trait') return claimed.has(container.id)
  if (container?.symbol_type === 'impl' && isOfTrait(container)) return true
  return symbol.visibility === 'pub'
}

/** Its id is made of `impl Trait for Type`. */
function isOfTrait(impl: Symbol): boolean {
  return / for /.test(impl.id.slice(impl.file.length))
}
