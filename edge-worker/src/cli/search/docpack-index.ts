import { basename } from 'node:path'
import type { ChunkEntry } from '@doctown/common/contracts/chunk.js'
import type { GraphNode } from '@doctown/common/contracts/graph.js'
import type { SearchText } from '@doctown/common/contracts/search-text.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { openDocpack, type DocpackReader } from '@doctown/common/docpack/read.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import { digestedItem } from '@doctown/common/search/digested-item.js'
import { containerPath } from '@doctown/common/search/container-path.js'
import type { ItemVectors, SearchItem } from '@doctown/common/search/item.js'
import { createSearchIndex } from '@doctown/common/search/search-index.js'
import { isImplementation } from '@doctown/common/search/implementation.js'
import { isTestPath } from '@doctown/common/runtime/test-path.js'
import { pieceFields } from '../../pipeline/search-items.js'
import { openIndex, type OpenedIndex } from './opened-index.js'

/**
 * A docpack's symbols and what stands outside them, searched by what search.jsonl keeps of them and by its vectors: as a folder is searched.
 * One that an older Doctown made has no search.jsonl: of it, names, signatures, documentation and the source where it has it are read.
 * Throws what `openDocpack` throws.
 */
export async function openDocpackIndex(file: string, small: Embedder): Promise<OpenedIndex> {
  const docpack = await openDocpack({ path: file })
  try {
    const [symbols, graph, chunks] = [await docpack.symbols(), await docpack.graph(), await docpack.chunks()]
    const listed = new Map<string, Symbol>(symbols.map((symbol) => [symbol.id, symbol]))
    const texts = await docpack.searchTexts()
    const notes: string[] = []
    const items = texts.length > 0 ? itemsOfTexts(graph.nodes, texts) : []
    if (texts.length === 0) {
      const sources = await readSources(docpack)
      const nodes = graph.nodes.filter(({ kind }) => kind === 'symbol')
      for (const node of nodes) items.push(itemOfNode(node, listed.get(node.id), sources.get(node.file)))
      const why = docpack.manifest.search_left_out ?? 'an older Doctown made it'
      if (sources.size === 0)
        notes.push(`This docpack has no words of what stands inside symbols (${why}); messages and bodies are not found.`)
    }
    const block = await docpack.vectors('small')
    const made = docpack.manifest.generators.embedding_models.small
    let vectors: ItemVectors | null = null
    if (block === undefined || made === null)
      notes.push(
        `This docpack has no vectors${docpack.manifest.embeddings.left_out === null ? '' : ` (${docpack.manifest.embeddings.left_out})`}; it is searched by words alone.`,
      )
    else if (made.name !== small.model.name || made.revision !== small.model.revision || block.dimensions !== small.model.dimensions)
      notes.push(
        `This docpack's vectors were made with ${made.name} ${made.revision} and this Doctown has ${small.model.name} ${small.model.revision}; it is searched by words alone. Build it again to search by meaning.`,
      )
    else vectors = await withPieces(rowsOf(items, chunks, block), items, small)
    return openIndex(createSearchIndex(items, vectors), vectors === null ? null : { small, text: null }, notes)
  } finally {
    docpack.close()
  }
}

/** Symbols in the order of the graph, then the pieces of files. */
function itemsOfTexts(nodes: readonly GraphNode[], texts: readonly SearchText[]): SearchItem[] {
  const bySymbol = new Map(texts.map((text) => [text.symbol_id as string | null, text]))
  const symbols = nodes.flatMap((node): SearchItem[] => {
    if (node.kind !== 'symbol') return []
    const text = bySymbol.get(node.id) ?? { ...NOTHING_KNOWN, path: containerPath(node.id.slice(node.id.indexOf('#') + 1), node.name) }
    const line = node.line ?? 1
    const { name, symbol_type, file, end_line } = node
    const place = { symbol_id: node.id, name, symbol_type: symbol_type ?? 'symbol', file, start_line: line, end_line: end_line ?? line }
    return [digestedItem({ ...place, public: node.public }, text)]
  })
  const pieces = texts.flatMap((text): SearchItem[] => {
    const { symbol_id, file = '', start_line = 1, end_line = start_line } = text
    if (symbol_id !== null) return []
    return [digestedItem({ symbol_id, name: basename(file), symbol_type: 'text', file, start_line, end_line, public: false }, text)]
  })
  return [...symbols, ...pieces]
}

const NOTHING_KNOWN = { head: '', body: '', docs: '', test: false } as const

/** Pieces of files are no chunks and have no row: they are embedded when the docpack is opened, of the words that are kept of them. */
async function withPieces(rows: ItemVectors, items: readonly SearchItem[], small: Embedder): Promise<ItemVectors> {
  const pieces = items.flatMap(({ symbol_id, file, body }, item) => (symbol_id === null ? [{ item, fields: pieceFields(file, body) }] : []))
  if (pieces.length === 0) return rows
  const more = await small.embedDocuments(pieces.map(({ fields }) => ({ text: fields.body, fields })))
  const values = new Float32Array(rows.values.length + more.length)
  values.set(rows.values)
  values.set(more, rows.values.length)
  return { ...rows, values, itemOfRow: Int32Array.from([...rows.itemOfRow, ...pieces.map(({ item }) => item)]) }
}

async function readSources(docpack: DocpackReader): Promise<Map<string, string[]>> {
  const sources = new Map<string, string[]>()
  for (const name of docpack.names) {
    if (name.startsWith('source/')) sources.set(name.slice('source/'.length), (await docpack.read(name)).toString('utf8').split('\n'))
  }
  return sources
}

function itemOfNode(node: GraphNode, symbol: Symbol | undefined, source: readonly string[] | undefined): SearchItem {
  const inFile = node.id.slice(node.id.indexOf('#') + 1)
  const path = symbol?.path ?? inFile
  const line = symbol?.line ?? node.line ?? 1
  const end = symbol?.end_line ?? node.end_line ?? line
  const test = isTestPath(node.file)
  return {
    symbol_id: node.id,
    name: node.name,
    symbol_type: node.symbol_type ?? 'symbol',
    path: containerPath(path, node.name),
    file: node.file,
    start_line: line,
    end_line: end,
    public: node.public && !test && !isImplementation(node.id),
    test,
    implementation: isImplementation(node.id),
    head: symbol?.signature ?? '',
    body: source === undefined ? '' : source.slice(line - 1, end).join('\n'),
    docs: symbol?.doc_comments ?? '',
  }
}

/** Rows of embeddings.bin stand in the order of chunks.json. */
function rowsOf(
  items: readonly SearchItem[],
  chunks: readonly ChunkEntry[],
  block: { readonly dimensions: number; readonly values: Float32Array },
): ItemVectors {
  const at = new Map(items.map((item, i) => [item.symbol_id, i]))
  const kept: { row: number; item: number }[] = []
  for (const [row, { symbol_id }] of chunks.entries()) {
    const item = symbol_id === null ? undefined : at.get(symbol_id)
    if (item !== undefined) kept.push({ row, item })
  }
  const { dimensions } = block
  const values = new Float32Array(kept.length * dimensions)
  for (const [i, { row }] of kept.entries()) values.set(block.values.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions)
  return { dimensions, values, itemOfRow: Int32Array.from(kept, ({ item }) => item) }
}
