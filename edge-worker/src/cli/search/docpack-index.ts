import type { ChunkEntry } from '@doctown/common/contracts/chunk.js'
import type { GraphNode } from '@doctown/common/contracts/graph.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { openDocpack, type DocpackReader } from '@doctown/common/docpack/read.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import { containerPath } from '@doctown/common/search/container-path.js'
import type { ItemVectors, SearchItem } from '@doctown/common/search/item.js'
import { createSearchIndex } from '@doctown/common/search/search-index.js'
import { isImplementation } from '@doctown/common/search/implementation.js'
import { isTestPath } from '@doctown/common/search/test-path.js'
import { openIndex, type OpenedIndex } from './opened-index.js'

/**
 * A docpack's symbols, searched by names, signatures, documentation, its source where it has it, and its vectors. Symbols that symbols.json does
 * not list (private ones) are known by the graph's names. Throws what `openDocpack` throws.
 */
export async function openDocpackIndex(file: string, small: Embedder): Promise<OpenedIndex> {
  const docpack = await openDocpack({ path: file })
  try {
    const [symbols, graph, chunks] = [await docpack.symbols(), await docpack.graph(), await docpack.chunks()]
    const listed = new Map<string, Symbol>(symbols.map((symbol) => [symbol.id, symbol]))
    const sources = await readSources(docpack)
    const items = graph.nodes
      .filter((node) => node.kind === 'symbol')
      .map((node) => itemOfNode(node, listed.get(node.id), sources.get(node.file)))
    const block = await docpack.vectors('small')
    const made = docpack.manifest.generators.embedding_models.small
    const notes: string[] = []
    let vectors: ItemVectors | null = null
    if (block === undefined || made === null)
      notes.push(
        `This docpack has no vectors${docpack.manifest.embeddings.left_out === null ? '' : ` (${docpack.manifest.embeddings.left_out})`}; it is searched by words alone.`,
      )
    else if (made.name !== small.model.name || made.revision !== small.model.revision || block.dimensions !== small.model.dimensions)
      notes.push(
        `This docpack's vectors were made with ${made.name} ${made.revision} and this Doctown has ${small.model.name} ${small.model.revision}; it is searched by words alone. Build it again to search by meaning.`,
      )
    else vectors = rowsOf(items, chunks, block)
    return openIndex(createSearchIndex(items, vectors), vectors === null ? null : { small, text: null }, notes)
  } finally {
    docpack.close()
  }
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
