import type { GraphNode } from '@doctown/common/contracts/graph.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'

/** A symbol as commands answer with it. */
export interface ShownSymbol {
  readonly id: string
  readonly name: string
  readonly symbol_type: string
  readonly visibility: string
  readonly file: string
  readonly line: number
  readonly signature: string
  readonly return_type: string | null
  readonly path: string
  readonly definition_path: string
  readonly is_public_api: boolean
}

export function shownSymbol(symbol: Symbol): ShownSymbol {
  const { id, name, symbol_type, visibility, file, line, signature, return_type, path, definition_path, is_public_api } = symbol
  return { id, name, symbol_type, visibility, file, line, signature, return_type, path, definition_path, is_public_api }
}

/** A symbol that the docpack does not list, because it is private, is known by its node alone. */
export function shownNode({ id, name, symbol_type, file, line, public: isPublic }: GraphNode): ShownSymbol {
  const path = id.slice(id.indexOf('#') + 1)
  return {
    id,
    name,
    symbol_type: symbol_type ?? 'file',
    visibility: '',
    file,
    line: line ?? 1,
    signature: '',
    return_type: null,
    path,
    definition_path: path,
    is_public_api: isPublic,
  }
}
