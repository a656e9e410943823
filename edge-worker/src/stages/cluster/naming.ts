import type { GraphNode } from '@doctown/common/contracts/graph.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { isTestPath } from '@doctown/common/runtime/test-path.js'
import type { Naming } from './label.js'
import { modulePaths } from './module-path.js'

/** A cluster with fewer members of real code, or a smaller share, is a cluster of tests. */
const LEAST_CODE = 5
const LEAST_CODE_SHARE = 0.1

/** What users of a library see names the part better than what only its writers do. */
const PRIVATE = 0.6
const MOST_WEIGHT = 4
const LEAST_WEIGHT = 0.3

/** Turns lists of node ids into what labels are drawn from. */
export function createNaming(nodes: readonly GraphNode[], symbols: readonly Symbol[]): (ids: readonly string[]) => Naming {
  const nodeOf = new Map(nodes.map((node) => [node.id, node]))
  const symbolOf = new Map<string, Symbol>(symbols.map((symbol) => [symbol.id, symbol]))
  const modules = modulePaths(symbols)
  const fileOf = (id: string): string => nodeOf.get(id)?.file ?? ''
  const typeAround = (symbol: Symbol): Symbol | undefined => {
    if (isType(symbol) || symbol.symbol_type === 'impl') return symbol
    const container = symbol.container === null ? undefined : symbolOf.get(symbol.container)
    return container !== undefined && (isType(container) || container.symbol_type === 'impl') ? container : undefined
  }
  return (all) => {
    // A part of the code that tests hang on to is named after the code, when there is enough of it to have a name.
    const code = all.filter((id) => !isTestPath(fileOf(id)))
    const isTests = code.length < Math.max(Math.min(LEAST_CODE, all.length), LEAST_CODE_SHARE * all.length)
    const ids = isTests ? all : code
    return {
      isTests,
      files: [...new Set(ids.map(fileOf))].sort(),
      symbols: ids.flatMap((id) => {
        const symbol = symbolOf.get(id)
        const node = nodeOf.get(id)
        if (symbol === undefined || node === undefined) return []
        const type = typeAround(symbol)
        const weight = Math.min(MOST_WEIGHT, Math.max(LEAST_WEIGHT, Math.sqrt(node.pagerank * nodes.length)))
        return [
          {
            id,
            name: symbol.symbol_type === 'impl' ? '' : symbol.name,
            type: type === undefined ? null : type.name.replace(/<.*/s, ''),
            isType: isType(symbol),
            module: modules.get(id) ?? [],
            file: symbol.file,
            docs: symbol.doc_comments,
            weight: symbol.is_public_api ? weight : weight * PRIVATE,
          },
        ]
      }),
    }
  }
}

const isType = ({ symbol_type: type }: Symbol): boolean => TYPES.has(type)
const TYPES: ReadonlySet<string> = new Set(['struct', 'enum', 'union', 'trait', 'class', 'interface', 'type_alias'])
