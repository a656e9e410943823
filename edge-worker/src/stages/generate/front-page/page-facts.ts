import type { Cluster } from '@doctown/common/contracts/cluster.js'
import type { Document } from '@doctown/common/contracts/document.js'
import type { Graph, GraphNode } from '@doctown/common/contracts/graph.js'
import type { SymbolContext } from '@doctown/common/contracts/symbol-context.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { compareBytes } from '@doctown/common/runtime/bytes.js'
import type { GenerateInput } from '../../../pipeline/stage-io.js'
import { toBlocks } from '../comment/blocks.js'
import { splitFirstSentence } from '../comment/first-sentence.js'
import { plainInline } from '../comment/inline.js'
import { homeOf, shownName } from '../facts/graph-facts.js'
import { isTestPath } from '@doctown/common/runtime/test-path.js'

export interface PageInput extends GenerateInput {
  readonly documents: readonly Document[]
}

/** A symbol with its summary and rank, as both front pages show it. */
export interface Shown {
  readonly symbol: Symbol
  /** `Type::method` for a member, else the name. */
  readonly shownName: string
  readonly summary: string
  readonly centrality: number
  /** A type, trait, free function, macro or module: what a reader looks up by its own name. Members are found through them. */
  readonly isLandmark: boolean
  /** Its summary is in the words of who wrote the code. */
  readonly isAuthored: boolean
}

export interface PageFacts {
  /** Every documented symbol, the most central first. */
  readonly shown: readonly Shown[]
  /** Groups with at least one documented symbol, biggest first, each with its most central symbols. */
  readonly groups: readonly { readonly cluster: Cluster; readonly shown: readonly Shown[] }[]
  readonly languages: readonly (readonly [language: string, symbols: number])[]
  readonly files: number
  readonly edges: number
  /** There are public symbols, and none was to be documented. */
  readonly isEmptyByChoice: boolean
  /** `main` functions of programs, whether public or not. */
  readonly programs: readonly GraphNode[]
  /** First paragraph of what a crate or package says of itself, by its name. */
  readonly introductions: readonly { readonly name: string; readonly text: string }[]
}

/** What the front pages tell; sorted by centrality and then by id, so that the same build gives the same pages. */
export function pageFacts({ symbols, documents, contexts, clusters, graph, fileDocs, repository }: PageInput): PageFacts {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const documentOf = new Map<string, Document>(documents.map((document) => [document.symbol, document]))
  const contextOf = new Map<string, SymbolContext>(contexts.map((context) => [context.symbol_id, context]))
  const shown = symbols
    .map((symbol): Shown => {
      const container = nodes.get(symbol.container ?? '')
      return {
        symbol,
        shownName: shownName(symbol, container),
        summary: splitFirstSentence(documentOf.get(symbol.id)?.summary ?? '').first,
        centrality: contextOf.get(symbol.id)?.centrality ?? 0,
        isAuthored: documentOf.get(symbol.id)?.generated_by === 'extractive:comment',
        isLandmark:
          LANDMARKS.has(symbol.symbol_type) &&
          (symbol.container === null || container?.symbol_type === 'module') &&
          !isTestPath(symbol.file),
      }
    })
    .sort((a, b) => b.centrality - a.centrality || compareBytes(a.symbol.id, b.symbol.id))
  const byCluster = new Map<string, Shown[]>()
  for (const each of shown) {
    const cluster = contextOf.get(each.symbol.id)?.cluster
    if (cluster == null) continue
    const members = byCluster.get(cluster)
    if (members === undefined) byCluster.set(cluster, [each])
    else members.push(each)
  }
  return {
    shown,
    groups: clusters.flatMap((cluster) => (byCluster.has(cluster.id) ? [{ cluster, shown: byCluster.get(cluster.id) ?? [] }] : [])),
    languages: countLanguages(symbols),
    files: graph.nodes.filter((node) => node.kind === 'file').length,
    edges: graph.edges.length,
    isEmptyByChoice: symbols.length === 0 && graph.nodes.some((node) => node.kind === 'symbol' && node.public),
    programs: programs(graph),
    introductions: introductions(fileDocs ?? [], symbols, repository.name),
  }
}

function countLanguages(symbols: readonly Symbol[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const symbol of symbols) counts.set(symbol.language, (counts.get(symbol.language) ?? 0) + 1)
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
}

/** Programs of the repository before its examples; tests and build scripts are nobody's way in. */
function programs(graph: Graph): GraphNode[] {
  const isTop = new Set(
    graph.edges.filter((edge) => edge.kind === 'contains' && edge.source === fileOf(edge.target)).map((edge) => edge.target),
  )
  const isExample = (node: GraphNode): boolean => /(?:^|\/)examples?\//.test(node.file)
  const found = graph.nodes.filter(
    (node) =>
      node.symbol_type === 'function' &&
      node.name === 'main' &&
      isTop.has(node.id) &&
      (isExample(node) || !isTestPath(node.file)) &&
      !/(?:^|\/)build\.rs$/.test(node.file),
  )
  return [...found.filter((node) => !isExample(node)), ...found.filter(isExample)]
}

/**
 * Of the files that are a crate's root, because what stands in them has a path of the crate's name and its own. Where no crate says
 * anything: the README at the top, or else what the topmost package file says (`__init__.py`, a package comment of Go).
 */
function introductions(
  fileDocs: NonNullable<GenerateInput['fileDocs']>,
  symbols: readonly Symbol[],
  repository: string,
): PageFacts['introductions'] {
  const rootOf = new Map<string, string>()
  for (const symbol of symbols) {
    const home = symbol.container === null ? homeOf(symbol) : ''
    if (home !== '' && home !== symbol.file && !home.includes('::')) rootOf.set(symbol.file, home)
  }
  const crates = fileDocs.flatMap(({ file, text }) => {
    const paragraph = firstParagraph(text)
    const name = rootOf.get(file)
    return paragraph === null || name === undefined || isTestPath(file) ? [] : [{ name, text: paragraph }]
  })
  if (crates.length > 0) return crates
  const depth = (file: string): number => file.split('/').length
  const readme = fileDocs.filter(({ file }) => /^readme\.(?:md|markdown)$/i.test(file))
  const others = fileDocs
    .filter(({ file }) => !/\.(?:md|markdown)$/i.test(file) && !isTestPath(file))
    .sort((a, b) => depth(a.file) - depth(b.file))
  for (const { text } of [...readme, ...others.slice(0, 1)]) {
    const paragraph = firstParagraph(text)
    if (paragraph !== null) return [{ name: repository, text: paragraph }]
  }
  return []
}

/** The first paragraph that says something: no picture, badge or HTML alone. */
function firstParagraph(text: string): string | null {
  for (const block of toBlocks(text)) {
    const plain = block.kind === 'paragraph' ? plainInline(block.text) : ''
    if (/\p{L}{2}[^.]*\s\p{L}/u.test(plain)) return plain
  }
  return null
}

const fileOf = (id: string): string => id.slice(0, id.indexOf('#'))

const LANDMARKS: ReadonlySet<string> = new Set([
  'function',
  'struct',
  'enum',
  'union',
  'trait',
  'type_alias',
  'macro',
  'module',
  'class',
  'interface',
])
