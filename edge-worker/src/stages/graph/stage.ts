import { AbstentionsSchema, GraphSchema, type GraphNode } from '@doctown/common/contracts/graph.js'
import type { SymbolId } from '@doctown/common/contracts/ids.js'
import { PackageFactsSchema, type PackageFacts } from '@doctown/common/contracts/package-facts.js'
import { ParsedFileSchema, type ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { SymbolSchema, type Symbol } from '@doctown/common/contracts/symbol.js'
import { numberEdges } from '@doctown/common/runtime/number-edges.js'
import { setImmediate as turn } from 'node:timers/promises'
import { z } from 'zod'
import type { GraphInput, GraphOutput } from '../../pipeline/stage-io.js'
import type { Stage, StageContext } from '../../pipeline/stage.js'
import { compare, EdgeSet } from './edge-set.js'
import { resolveLinks } from './links.js'
import { pageRank } from './rank.js'
import { resolveRust } from './rust/resolve.js'
import { resolveScopes } from './scopes/resolve.js'
import { Tally } from './tally.js'

/** Files to one graph: what contains, calls, implements, uses and imports what, with how each edge was found. */
export const graphStage: Stage<GraphInput, GraphOutput, Record<string, never>> = Object.freeze({
  name: 'graph',
  version: 1,
  input: z.object({ files: z.array(ParsedFileSchema), packages: z.record(z.string(), PackageFactsSchema).optional() }),
  output: z.object({ graph: GraphSchema, symbols: z.array(SymbolSchema), abstentions: AbstentionsSchema }),
  run: buildGraph,
})

/** How long the event loop may be held: locks are renewed and events sent in between. */
const SLICE_MS = 40

async function buildGraph(input: GraphInput, context: StageContext<Record<string, never>>): Promise<GraphOutput> {
  context.signal.throwIfAborted()
  const files = [...input.files].sort((a, b) => compare(a.file, b.file))
  const edges = new EdgeSet()
  const tally = new Tally()
  for (const file of files) containment(file, edges)
  const found = new Map<SymbolId, Partial<Symbol>>()
  let done = 0
  let since = performance.now()
  for (const isFileDone of resolveAll(files, { packages: input.packages ?? {}, edges, tally, found })) {
    if (isFileDone) context.progress(Math.min(++done, files.length), files.length)
    if (performance.now() - since < SLICE_MS) continue
    await turn()
    context.signal.throwIfAborted()
    since = performance.now()
  }
  const output = assemble(files, edges, found)
  const abstentions = tally.total()
  context.log.info('graph built', { nodes: output.graph.nodes.length, edges: output.graph.edges.length, ...abstentions })
  return { ...output, abstentions }
}

interface Resolving {
  readonly packages: Readonly<Record<string, PackageFacts>>
  readonly edges: EdgeSet
  readonly tally: Tally
  readonly found: Map<SymbolId, Partial<Symbol>>
}

function* resolveAll(files: readonly ParsedFile[], { packages, edges, tally, found }: Resolving): Generator<boolean> {
  const rust = files.filter((file) => file.language === 'Rust')
  yield* resolveRust(rust, edges, tally, { packages: packages.Rust, found })
  resolveLinks(files, edges, tally)
  if (rust.length < files.length) yield* resolveScopes({ files, packages }, edges, tally, found)
}

function containment(file: ParsedFile, edges: EdgeSet): void {
  for (const symbol of file.symbols) edges.add(symbol.container ?? file.file, symbol.id, 'contains', 'syntax')
}

const DEPENDENCIES = new Set(['calls', 'uses_type', 'implements'])

function assemble(
  files: readonly ParsedFile[],
  set: EdgeSet,
  found: ReadonlyMap<SymbolId, Partial<Symbol>>,
): Pick<GraphOutput, 'graph' | 'symbols'> {
  const symbols = files
    .flatMap((file) => file.symbols)
    .map((symbol): Symbol => ({ ...symbol, ...found.get(symbol.id) }))
    .sort((a, b) => compare(a.id, b.id))
  const bare = [...files.map(fileNode), ...symbols.map(symbolNode)].sort((a, b) => compare(a.id, b.id))
  const known = new Set(bare.map((node) => node.id))
  const edges = set.sorted().filter((edge) => known.has(edge.source) && known.has(edge.target))
  const numbered = numberEdges(bare, edges)
  const incoming = new Uint32Array(bare.length)
  const outgoing = new Uint32Array(bare.length)
  const dependencies = new Map<string, Set<string>>()
  edges.forEach(({ source, target, kind }, edge) => {
    outgoing[numbered.sources[edge]!]!++
    incoming[numbered.targets[edge]!]!++
    if (!DEPENDENCIES.has(kind) || source === target) return
    const list = dependencies.get(source)
    if (list === undefined) dependencies.set(source, new Set([target]))
    else list.add(target)
  })
  const ranks = pageRank(bare.length, numbered)
  const nodes = bare.map((node, position) => ({
    ...node,
    in_degree: incoming[position]!,
    out_degree: outgoing[position]!,
    pagerank: ranks[position]!,
  }))
  const filled = symbols.map((symbol): Symbol => ({
    ...symbol,
    // `as`: targets of these kinds of edges are symbols.
    dependencies: [...(dependencies.get(symbol.id) ?? [])].sort(compare) as Symbol['dependencies'],
  }))
  return { graph: { nodes, edges }, symbols: filled }
}

function fileNode(file: ParsedFile): GraphNode {
  const name = file.file.slice(file.file.lastIndexOf('/') + 1)
  const shape = { symbol_type: null, line: null, end_line: null, public: false, in_degree: 0, out_degree: 0, pagerank: 0 }
  return { id: file.file, kind: 'file', name, file: file.file, ...shape }
}

function symbolNode(symbol: Symbol): GraphNode {
  return {
    id: symbol.id,
    kind: 'symbol',
    name: symbol.name,
    symbol_type: symbol.symbol_type,
    file: symbol.file,
    line: symbol.line,
    end_line: symbol.end_line,
    public: symbol.is_public_api,
    in_degree: 0,
    out_degree: 0,
    pagerank: 0,
  }
}
