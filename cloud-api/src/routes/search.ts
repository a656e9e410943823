import type { SearchAnswer } from '@doctown/common/contracts/http/bodies.js'
import type { SymbolQuery } from '../use-cases/search-symbols.js'
import type { Handlers } from './handler.js'

export function searchRoutes(searchSymbols: (query: SymbolQuery) => Promise<SearchAnswer>): Pick<Handlers, 'search'> {
  return {
    search: async ({ query, isAdmin }) => ({ status: 200, json: await searchSymbols({ ...query, includePrivate: isAdmin }) }),
  }
}
