import type { VectorBlock } from '@doctown/common/contracts/embedding.js'
import type { Graph, GraphNode } from '@doctown/common/contracts/graph.js'
import type { Repository } from '@doctown/common/contracts/repository.js'
import type { EmbeddingModel } from '@doctown/common/contracts/embedding.js'
import type { SearchText } from '@doctown/common/contracts/search-text.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import {
  PAYLOAD_TEXT_BYTES,
  repositoryKey,
  type PointPayload,
  type VectorName,
  type VectorPoint,
} from '@doctown/common/ports/vector-store/port.js'
import { containerPath } from '@doctown/common/search/container-path.js'
import { cutDigest, digestText, expandDigest } from '@doctown/common/search/digest.js'
import { sparseDocument } from '@doctown/common/search/sparse.js'
import { isTestPath } from '@doctown/common/runtime/test-path.js'
import { uuidV5 } from '@doctown/common/runtime/uuid-v5.js'

/** Vectors one below the other; `row` may be a view. */
export interface VectorRows {
  readonly dimensions: number
  readonly row: (index: number) => Float32Array
}

export const blockRows = ({ dimensions, values }: VectorBlock): VectorRows => ({
  dimensions,
  row: (index) => values.subarray(index * dimensions, (index + 1) * dimensions),
})

export interface PointSource {
  readonly repository: Repository
  readonly docpackId: string
  readonly private: boolean
  readonly graph: Graph
  /** The symbol of each chunk, in the order of the rows of `small` and `text`. */
  readonly chunkSymbols: readonly (string | null)[]
  readonly small: VectorRows | null
  readonly text: VectorRows | null
  /** A row a graph node. */
  readonly structure: VectorRows | null
  /** What search reads of each symbol; none in docpacks of an older Doctown. */
  readonly searchTexts: readonly SearchText[]
  /** The symbols that the docpack lists: without search texts, of the others only names are known. */
  readonly symbols: readonly Pick<Symbol, 'id' | 'signature' | 'doc_comments' | 'path'>[]
  /** Name and revision of the models that made `small` and `text`. */
  readonly smallModel: string | null
  readonly textModel: string | null
}

/** Doctown's own namespace for the ids of points: a random UUID, fixed for good. */
const POINT_NAMESPACE = 'c7f3a1d2-5b0e-4c6f-9a57-3d1e8b42f690'

/** The same symbol of the same commit has the same id, whoever builds it and however often. */
export const pointId = (repoUrl: string, commitSha: string, symbolId: string): string =>
  uuidV5(POINT_NAMESPACE, JSON.stringify([repositoryKey(repoUrl), commitSha, symbolId]))

/** `doctown-small 1`: one name of one make of a model, as points and answers carry it. */
export const modelName = (model: EmbeddingModel | null): string | null => (model === null ? null : `${model.name} ${model.revision}`)

/** How many points `symbolPoints` gives: one a symbol of the graph, private ones too, because all can be searched. */
export const countPoints = (graph: Graph): number => graph.nodes.filter(isSymbol).length

export function* symbolPoints(source: PointSource): Generator<VectorPoint> {
  const chunksOf = new Map<string, number[]>()
  source.chunkSymbols.forEach((symbol, chunk) => {
    if (symbol === null) return
    const chunks = chunksOf.get(symbol)
    if (chunks === undefined) chunksOf.set(symbol, [chunk])
    else chunks.push(chunk)
  })
  const listed = new Map<string, PointSource['symbols'][number]>(source.symbols.map((symbol) => [symbol.id, symbol]))
  const known = new Map<string | null, SearchText>(source.searchTexts.map((text) => [text.symbol_id, text]))
  for (const [position, node] of source.graph.nodes.entries()) {
    if (!isSymbol(node)) continue
    const texts = known.get(node.id) ?? textsOf(node, listed.get(node.id))
    const chunks = chunksOf.get(node.id) ?? []
    const vectors: Partial<Record<VectorName, Float32Array>> = {}
    const small = source.small === null ? undefined : normalisedMean(source.small, chunks)
    if (small !== undefined) vectors.small = small
    const text = source.text === null ? undefined : normalisedMean(source.text, chunks)
    if (text !== undefined) vectors.text = text
    if (source.structure !== null) vectors.structure = Float32Array.from(source.structure.row(position))
    yield {
      id: pointId(source.repository.url, source.repository.commit_sha, node.id),
      vectors,
      sparse: sparseDocument({
        name: node.name,
        path: texts.path,
        head: expandDigest(texts.head),
        body: expandDigest(texts.body),
        docs: expandDigest(texts.docs),
      }),
      payload: payload(source, node, texts),
    }
  }
}

const isSymbol = (node: GraphNode): boolean => node.kind === 'symbol'

type Texts = Pick<SearchText, 'path' | 'head' | 'body' | 'docs' | 'test'>

function textsOf(node: GraphNode, symbol: PointSource['symbols'][number] | undefined): Texts {
  const path = symbol?.path ?? node.id.slice(node.id.indexOf('#') + 1)
  const digest = (text: string): string => digestText(text, { maxBytes: PAYLOAD_TEXT_BYTES, isRust: node.file.endsWith('.rs') })
  return {
    path: containerPath(path, node.name),
    head: digest(symbol?.signature ?? ''),
    body: '',
    docs: digest(symbol?.doc_comments ?? ''),
    test: isTestPath(node.file),
  }
}

/** Of a head and of documentation at most so much is kept where the body needs the rest. */
const MAX_HEAD = 300
const MAX_DOCS = 400

/** The texts within `PAYLOAD_TEXT_BYTES`. */
function payloadTexts({ head, body, docs }: Texts): Pick<PointPayload, 'head' | 'body' | 'docs'> {
  const shortHead = cutDigest(head, MAX_HEAD)
  const left = PAYLOAD_TEXT_BYTES - Buffer.byteLength(shortHead)
  const shortDocs = cutDigest(docs, Math.max(MAX_DOCS, left - Buffer.byteLength(body)))
  const shortBody = cutDigest(body, left - Buffer.byteLength(shortDocs))
  return {
    ...(shortHead === '' ? {} : { head: shortHead }),
    ...(shortBody === '' ? {} : { body: shortBody }),
    ...(shortDocs === '' ? {} : { docs: shortDocs }),
  }
}

function payload(source: PointSource, node: GraphNode, texts: Texts): PointPayload {
  return {
    repo_url: source.repository.url,
    commit_sha: source.repository.commit_sha,
    docpack_id: source.docpackId,
    symbol_id: node.id,
    name: node.name,
    symbol_type: node.symbol_type ?? 'symbol',
    file: node.file,
    start_line: node.line ?? 1,
    end_line: node.end_line ?? node.line ?? 1,
    public: node.public,
    private_repository: source.private,
    path: texts.path,
    test: texts.test,
    ...payloadTexts(texts),
    ...(source.smallModel === null ? {} : { small_model: source.smallModel }),
    ...(source.textModel === null ? {} : { text_model: source.textModel }),
  }
}

/** `undefined` without rows, or when they cancel each other out. */
function normalisedMean(rows: VectorRows, indexes: readonly number[]): Float32Array | undefined {
  const sum = new Float64Array(rows.dimensions)
  for (const index of indexes) rows.row(index).forEach((value, position) => (sum[position] = (sum[position] ?? 0) + value))
  const norm = Math.sqrt(sum.reduce((total, value) => total + value * value, 0))
  return norm === 0 ? undefined : Float32Array.from(sum, (value) => value / norm)
}
