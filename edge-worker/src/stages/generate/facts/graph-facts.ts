import type { Graph, GraphNode } from '@doctown/common/contracts/graph.js'
import type { SymbolContext } from '@doctown/common/contracts/symbol-context.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { baseName } from './base-name.js'
import { isTestPath } from '@doctown/common/runtime/test-path.js'

/** What the repository knows about one symbol beyond its own header. Names are ready to be shown, best known first. */
export interface SymbolFacts {
  readonly symbol: Symbol
  /** The block, trait or class around it, or `null` when it stands free in a module or a file. */
  readonly owner: { readonly kind: string; readonly name: string } | null
  /** Path of the module it is written in, `tokio::net`; the file where no path is known. */
  readonly home: string
  readonly trait: string | null
  readonly callers: readonly string[]
  readonly callees: readonly string[]
  /** To read next to it: what comments link to first, then what shares its neighbours. */
  readonly related: readonly string[]
  /** Types that it names. */
  readonly uses: readonly string[]
  /** What it holds, in source order; of a type also what its own impl blocks hold. */
  readonly members: readonly Member[]
  /** Of a type: traits that blocks in the repository implement for it. */
  readonly implements: readonly string[]
  /** Of a trait: types that implement it. */
  readonly implementers: readonly string[]
}

/** A graph node or a symbol: what a sentence needs of either. */
export interface Member {
  readonly name: string
  readonly symbol_type: string | null
  readonly file: string
  readonly line: number | null
}

export interface FactsInput {
  readonly graph: Graph
  readonly symbols: readonly Symbol[]
  readonly contexts: readonly SymbolContext[]
}

/** Looks up facts symbol by symbol; building it reads the graph once. */
export function createFacts({ graph, symbols, contexts }: FactsInput): (symbol: Symbol) => SymbolFacts {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const known = new Map<string, Symbol>(symbols.map((symbol) => [symbol.id, symbol]))
  const contextOf = new Map<string, SymbolContext>(contexts.map((context) => [context.symbol_id, context]))
  const parents = new Map<string, GraphNode>()
  const children = groups<GraphNode>()
  const uses = groups<string>()
  const callers = groups<string>()
  const callees = groups<string>()
  const blocks = groups<GraphNode>()
  const implementers = groups<GraphNode>()
  for (const edge of graph.edges) {
    const source = nodes.get(edge.source)
    const target = nodes.get(edge.target)
    if (source === undefined || target === undefined) continue
    if (edge.kind === 'contains' && source.kind === 'symbol') {
      parents.set(target.id, source)
      children.add(source.id, target)
    }
    if (edge.kind === 'calls') {
      callers.add(target.id, source.id)
      callees.add(source.id, target.id)
    }
    if (edge.kind === 'uses_type') uses.add(source.id, target.id)
    if (edge.kind === 'uses_type' && source.symbol_type === 'impl') blocks.add(target.id, source)
    if (edge.kind === 'implements' && source.symbol_type === 'impl') implementers.add(target.id, source)
  }
  const topLevel = groups<Symbol>()
  for (const symbol of symbols) if (symbol.container === null) topLevel.add(homeOf(symbol), symbol)

  const byWeight = (ids: readonly string[]): string[] =>
    ids
      .flatMap((id) => nodes.get(id) ?? [])
      .sort((a, b) => Number(isTestPath(a.file)) - Number(isTestPath(b.file)) || b.pagerank - a.pagerank || (a.id < b.id ? -1 : 1))
      .map((node) => shownName(node, parents.get(node.id)))
  // What the graph does not know is not shown.
  const nameOf = (id: string): string[] => [nodes.get(id) ?? []].flat().map((node) => shownName(node, parents.get(node.id)))
  const unique = (names: readonly string[], except: string): string[] => [...new Set(names)].filter((name) => name !== except)

  return (symbol) => {
    const context = contextOf.get(symbol.id)
    const ownName = shownName(symbol, parents.get(symbol.id))
    const own = blocks.get(symbol.id).filter((block) => isBlockOf(block, symbol))
    const traitOf = (block: GraphNode): string | null => contextOf.get(block.id)?.trait ?? null
    const inherent = own.filter((block) => traitOf(block) === null)
    const held: Member[] = [symbol.id, ...inherent.map((block) => block.id)].flatMap((id) => children.get(id))
    const owner = ownerOf(symbol, { nodes, known })
    return {
      symbol,
      owner,
      home: withoutOwner(homeOf(symbol), owner),
      trait: context?.trait ?? null,
      callers: unique(byWeight(callers.get(symbol.id)), ownName),
      callees: unique(byWeight(callees.get(symbol.id)), ownName),
      related: unique((context?.related ?? []).flatMap(nameOf), ownName),
      uses: unique(byWeight(uses.get(symbol.id)), symbol.name),
      members: [...new Set(held.length === 0 ? fileMembers(symbol, topLevel.get(definedAt(symbol))) : held)].sort((a, b) =>
        a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : a.file < b.file ? -1 : 1,
      ),
      implements: [...new Set(own.flatMap((block) => traitOf(block) ?? []))].sort(),
      implementers: [...new Set(implementers.get(symbol.id).map((block) => block.name))].sort(),
    }
  }
}

/** `Type::method` (`Type.method`, where the language writes a dot) for what stands in a type, block or trait, else the name alone. */
export function shownName(node: Pick<GraphNode, 'name'>, parent: GraphNode | undefined): string {
  if (parent === undefined || parent.symbol_type === 'module' || parent.symbol_type === 'section') return node.name
  return `${baseName(parent.name)}${/\.(?:rs|[ch]|cc|cpp|cxx|c\+\+|hh|hpp|hxx|h\+\+)$/i.test(parent.file) ? '::' : '.'}${node.name}`
}

function ownerOf(
  symbol: Symbol,
  index: { readonly nodes: ReadonlyMap<string, GraphNode>; readonly known: ReadonlyMap<string, Symbol> },
): SymbolFacts['owner'] {
  if (symbol.container === null) return null
  const owner = index.known.get(symbol.container) ?? index.nodes.get(symbol.container)
  if (owner?.symbol_type == null || owner.symbol_type === 'module') return null
  return { kind: owner.symbol_type, name: owner.name }
}

/** The path it is defined at without what lies inside the module: types, blocks, the name itself. */
export function homeOf(symbol: Symbol): string {
  const whole = definedAt(symbol)
  const inner = whole.search(/(?:^|::|\.)(?:impl[ <]|<)/)
  const module = (inner >= 0 ? whole.slice(0, inner) : whole).split('::')
  const path = (inner >= 0 ? module : module.slice(0, -1)).join('::')
  return path === '' ? symbol.file : path
}

const definedAt = (symbol: Symbol): string => (symbol.definition_path === '' ? symbol.path : symbol.definition_path)

/** The module of a method is its type's: `net::TcpStream` is no module. */
function withoutOwner(home: string, owner: SymbolFacts['owner']): string {
  const end = `::${owner === null ? '' : baseName(owner.name)}`
  return owner !== null && home.endsWith(end) ? home.slice(0, -end.length) : home
}

/** What stands in the file of `mod name;`. Two packages may have modules of one path: only files below the declaration's folder count. */
function fileMembers(symbol: Symbol, namesakes: readonly Symbol[]): readonly Member[] {
  if (symbol.symbol_type !== 'module') return []
  const folder = symbol.file.slice(0, symbol.file.lastIndexOf('/') + 1)
  return namesakes.filter((member) => member.file !== symbol.file && member.file.startsWith(folder))
}

/**
 * Whether a block that names a type is the type's own: `impl Error` and `impl fmt::Display for Error` are, `impl From<Error> for io::Error`
 * is not, nor is `impl Read for &File` one of File.
 */
function isBlockOf(block: GraphNode, type: Symbol): boolean {
  const written = /^((?:[\p{L}_][\p{L}\p{N}_]*::)*)([\p{L}_][\p{L}\p{N}_]*)(?=<|$)/u.exec(block.name)
  if (written?.[2] !== type.name) return false
  const qualifier = written[1]?.split('::').at(-2)
  return qualifier === undefined || ['crate', 'self', 'super', homeOf(type).split('::').at(-1)].includes(qualifier)
}

function groups<T>(): { add: (key: string, value: T) => void; get: (key: string) => readonly T[] } {
  const lists = new Map<string, T[]>()
  return {
    add: (key, value) => {
      const existing = lists.get(key)
      if (existing === undefined) lists.set(key, [value])
      else existing.push(value)
    },
    get: (key) => lists.get(key) ?? [],
  }
}
