import type { ChunkEntry } from '../contracts/chunk.js'
import type { Cluster } from '../contracts/cluster.js'
import type { Document } from '../contracts/document.js'
import type { Graph } from '../contracts/graph.js'
import { LIMITS } from '../contracts/limits.js'
import type { SearchText } from '../contracts/search-text.js'
import type { SymbolContext } from '../contracts/symbol-context.js'
import type { Symbol } from '../contracts/symbol.js'
import { compareBytes } from '../runtime/bytes.js'
import { stableJson } from '../runtime/canonical-json.js'
import { documentEntryName } from './entry-name.js'

export interface DocpackEntry {
  readonly name: string
  readonly body: Uint8Array
}

export interface DocpackContent {
  /** What symbols.json lists; written in the order of the bytes of their ids. */
  readonly symbols: readonly Symbol[]
  /** The most central first: the first 9,000 get a file of their own. */
  readonly documents: readonly Document[]
  readonly graph: Graph
  readonly clusters: readonly Cluster[]
  readonly contexts: readonly SymbolContext[]
  readonly chunks: readonly ChunkEntry[]
  /** Written as they come; none makes no entry. */
  readonly searchTexts?: readonly SearchText[]
  readonly overview: string
  readonly llms: string
  /** `source/<path>`, or `null` for none. */
  readonly sources: readonly { readonly path: string; readonly text: string }[] | null
}

/** What search reads, one item a line. Only search needs it: it is left out before vectors are. */
export const SEARCH_ENTRY = 'search.jsonl'

/** Items turned into text before they become bytes: one string of a large array would pass the longest string of V8. */
const ITEMS_A_PIECE = 500

/** Every entry but manifest.json and embeddings.bin, one at a time, so that the caller can breathe and let go between them. */
export function* docpackEntries(content: DocpackContent): Generator<DocpackEntry> {
  const symbols = [...content.symbols].sort((a, b) => compareBytes(a.id, b.id))
  yield { name: 'symbols.json', body: jsonArray(symbols) }
  yield { name: 'graph.json', body: graphJson(content.graph) }
  yield { name: 'clusters.json', body: jsonArray(content.clusters) }
  yield { name: 'symbol_contexts.json', body: jsonArray(content.contexts) }
  yield { name: 'chunks.json', body: jsonArray(content.chunks) }
  const { searchTexts = [] } = content
  if (searchTexts.length > 0) yield { name: SEARCH_ENTRY, body: jsonLines(searchTexts) }
  yield { name: 'overview.md', body: Buffer.from(content.overview) }
  yield { name: 'llms.txt', body: Buffer.from(content.llms) }
  for (const document of content.documents.slice(0, LIMITS.docsFiles)) {
    yield { name: documentEntryName(document.symbol), body: Buffer.from(stableJson(document)) }
  }
  const rest = content.documents.slice(LIMITS.docsFiles)
  if (rest.length > 0) yield { name: 'docs-rest.jsonl', body: jsonLines([...rest].sort((a, b) => compareBytes(a.symbol, b.symbol))) }
  for (const { path, text } of content.sources ?? []) yield { name: `source/${path}`, body: Buffer.from(text) }
}

/** An array with one item a line: a person can read it, a diff shows items, and JSON.parse takes it whole. */
const jsonArray = (items: readonly unknown[]): Uint8Array =>
  Buffer.concat([Buffer.from('[\n'), ...pieces(items, ',\n'), Buffer.from('\n]\n')])

const jsonLines = (items: readonly unknown[]): Uint8Array => Buffer.concat([...pieces(items, '\n'), Buffer.from('\n')])

const graphJson = ({ nodes, edges }: Graph): Uint8Array =>
  Buffer.concat([
    Buffer.from('{"nodes":[\n'),
    ...pieces(nodes, ',\n'),
    Buffer.from('\n],\n"edges":[\n'),
    ...pieces(edges, ',\n'),
    Buffer.from('\n]}\n'),
  ])

function* pieces(items: readonly unknown[], separator: string): Generator<Buffer> {
  for (let at = 0; at < items.length; at += ITEMS_A_PIECE) {
    const lines = items.slice(at, at + ITEMS_A_PIECE).map((item) => JSON.stringify(item))
    yield Buffer.from(`${at === 0 ? '' : separator}${lines.join(separator)}`)
  }
}
