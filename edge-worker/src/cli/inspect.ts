import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { Cluster } from '@doctown/common/contracts/cluster.js'
import type { Graph } from '@doctown/common/contracts/graph.js'
import type { Manifest } from '@doctown/common/contracts/manifest.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { openDocpack } from '@doctown/common/docpack/read.js'
import type { Console } from './console.js'
import type { InspectFlags } from './program.js'
import { shownNode, shownSymbol, type ShownSymbol } from './shown-symbol.js'

/** Clusters that are named in a summary. */
const MOST_CLUSTERS = 5

/** One end of a call, with how surely it was found. */
interface ShownCall extends ShownSymbol {
  readonly provenance: string
  readonly confidence: number
}

/** The manifest, or the symbols that were asked for. Throws `not_found` when no symbol has that name, path or id, `usage` for two questions. */
export async function inspectCommand(file: string, flags: InspectFlags, console: Console): Promise<number> {
  const questions = [flags.symbol, flags.callers, flags.callees].filter((asked) => asked !== null)
  if (questions.length + Number(flags.publicApi) > 1) {
    throw new DoctownError('usage', 'Ask one thing at a time: --symbol, --callers, --callees or --public-api.')
  }
  const docpack = await openDocpack({ path: file })
  try {
    const [asked] = questions
    if (asked === undefined && !flags.publicApi) {
      console.answer({ ...docpack.manifest }, [...manifestLines(docpack.manifest), clusterLine(await docpack.clusters())])
      return 0
    }
    const symbols = await docpack.symbols()
    if (asked === undefined) {
      const api = symbols.filter((symbol) => symbol.is_public_api).sort((a, b) => compare(a.path, b.path) || compare(a.id, b.id))
      console.answer(api.map(shownSymbol), api.length === 0 ? ['Nothing is public.'] : api.map(apiLine))
      return 0
    }
    const graph = await docpack.graph()
    const found = idsCalled(asked, symbols, graph)
    const shown = shownBy(symbols, graph)
    if (flags.symbol !== null) {
      const list = found.flatMap((id) => shown(id) ?? [])
      const docs = new Map(symbols.map((symbol) => [symbol.id as string, symbol.doc_comments]))
      console.answer(
        list,
        list.flatMap((symbol) => symbolLines(symbol, docs.get(symbol.id) ?? null, graph)),
      )
      return 0
    }
    const calls = callsOf(found, flags.callers !== null ? 'callers' : 'callees', graph, shown)
    const none = flags.callers !== null ? `Nothing here calls ${asked}.` : `${asked} calls nothing that is known here.`
    console.answer(calls, calls.length === 0 ? [none] : calls.map(callLine))
    return 0
  } finally {
    docpack.close()
  }
}

/** `WalkDir`, `WalkDir::new`, `walkdir::WalkDir::new` and the whole id all name the same; a whole path or id means that one alone. */
function idsCalled(asked: string, symbols: readonly Symbol[], graph: Graph): string[] {
  const byId = new Map(symbols.map((symbol) => [symbol.id as string, symbol]))
  const candidates = graph.nodes.flatMap((node) => {
    if (node.kind !== 'symbol') return []
    const symbol = byId.get(node.id)
    const names = symbol === undefined ? [node.name] : [symbol.name, symbol.path, symbol.definition_path]
    return [{ id: node.id, isImpl: node.symbol_type === 'impl', names: [node.id, node.id.slice(node.id.indexOf('#') + 1), ...names] }]
  })
  const exact = candidates.filter(({ names }) => names.some((name) => name === asked && (name.includes('::') || name.includes('#'))))
  const found =
    exact.length > 0 ? exact : candidates.filter(({ names }) => names.some((name) => name === asked || name.endsWith(`::${asked}`)))
  if (found.length === 0) {
    throw new DoctownError('not_found', `This docpack has no symbol called ${asked}; --public-api lists the public ones.`)
  }
  // An impl block bears the name of its type, which is what a person means by it.
  const named = found.filter(({ isImpl }) => !isImpl)
  return (named.length > 0 ? named : found).map(({ id }) => id).sort(compare)
}

function shownBy(symbols: readonly Symbol[], graph: Graph): (id: string) => ShownSymbol | undefined {
  const byId = new Map(symbols.map((symbol) => [symbol.id as string, symbol]))
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  return (id) => {
    const symbol = byId.get(id)
    const node = nodes.get(id)
    return symbol !== undefined ? shownSymbol(symbol) : node === undefined ? undefined : shownNode(node)
  }
}

function callsOf(
  found: readonly string[],
  which: 'callers' | 'callees',
  graph: Graph,
  shown: (id: string) => ShownSymbol | undefined,
): ShownCall[] {
  const asked = new Set(found)
  const calls = new Map<string, ShownCall>()
  for (const { kind, source, target, provenance, confidence } of graph.edges) {
    const [near, far] = which === 'callers' ? [target, source] : [source, target]
    const known = calls.get(far)
    const symbol = kind === 'calls' && asked.has(near) ? shown(far) : undefined
    if (symbol !== undefined && (known === undefined || known.confidence < confidence))
      calls.set(far, { ...symbol, provenance, confidence })
  }
  return [...calls.values()].sort((a, b) => compare(a.id, b.id))
}

function apiLine({ symbol_type: type, path, signature }: Symbol): string {
  return `${type.padEnd(10)} ${path}${signature === '' ? '' : `  ${signature}`}`
}

function symbolLines(symbol: ShownSymbol, docs: string | null, graph: Graph): string[] {
  const calls = graph.edges.filter(({ kind }) => kind === 'calls')
  const callers = calls.filter(({ target }) => target === symbol.id).length
  const callees = calls.filter(({ source }) => source === symbol.id).length
  const first = docs?.split('\n').find((line) => line.trim() !== '')
  const defined = symbol.definition_path !== '' && symbol.definition_path !== symbol.path ? `, defined as ${symbol.definition_path}` : ''
  return [
    `${symbol.symbol_type} ${symbol.path}  (${symbol.is_public_api ? 'public' : 'private'}${defined})`,
    `  ${symbol.file}:${symbol.line}`,
    ...(symbol.signature === '' ? [] : [`  ${symbol.signature}`]),
    ...(first === undefined ? [] : [`  ${first.trim()}`]),
    `  ${callers} callers, ${callees} callees`,
  ]
}

function callLine({ file, line, path, signature, provenance, confidence }: ShownCall): string {
  return `${file}:${line}  ${signature === '' ? path : signature}  (${provenance}, ${confidence})`
}

function manifestLines(manifest: Manifest): string[] {
  const { repository, files, generators, embeddings } = manifest
  const graphModel = structureLine(generators.graph_model)
  const languages = Object.entries(manifest.languages).map(([name, count]) => `${name} ${count}`)
  return [
    `${repository.url} at ${repository.commit_sha}${repository.branch === '' ? '' : ` (${repository.branch})`}, ${manifest.generated_at}`,
    `${manifest.symbol_count} symbols; files: ${files.processed} of ${files.detected} read (${languages.join(', ')})`,
    `written by ${generators.program.name} ${generators.program.version}, docpack format ${manifest.docpack_format}; documentation: ${generators.language_model ?? 'extractive, no model text'}`,
    `vectors: ${embeddings.blocks.map((block) => `${block.name} ${block.rows} x ${block.dimensions}`).join(', ') || 'none'}`,
    ...(graphModel === null ? [] : [graphModel]),
  ]
}

/** Which model placed the symbols, and how well it tells edges that it has not seen; `null` for a docpack without scores. */
function structureLine({ name, scores }: NonNullable<Manifest['generators']['graph_model']>): string | null {
  const { held_out_auc: adopted, held_out_edges: edges, trained_auc: trained, training_free_auc: free } = scores
  if (adopted === undefined) return null
  const both = trained === undefined || free === undefined ? '' : ` (trained ${trained}, without training ${free})`
  return `structure: ${name}, AUC ${adopted} on ${edges ?? 0} edges held out${both}`
}

/** The largest clusters by name. */
function clusterLine(clusters: readonly Cluster[]): string {
  const largest = [...clusters].sort((a, b) => b.members.length - a.members.length || compare(a.label, b.label)).slice(0, MOST_CLUSTERS)
  const names = largest.map(({ label, members }) => `${label} ${members.length}`)
  return `clusters: ${clusters.length}${names.length === 0 ? '' : `, the largest: ${names.join(', ')}`}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
