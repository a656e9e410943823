import type { Symbol } from '@doctown/common/contracts/symbol.js'

/** What symbols.json lists: the public API, or everything (docpack.md, Which symbols). Impl blocks come with their public members. */
export function listedSymbols(symbols: readonly Symbol[], includePrivate: boolean): Symbol[] {
  if (includePrivate) return [...symbols]
  return symbols.filter((symbol) => symbol.is_public_api)
}
