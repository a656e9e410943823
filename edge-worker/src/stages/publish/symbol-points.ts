import type { VectorBlock } from '@doctown/common/contracts/embedding.js'
import type { Graph, GraphNode } from '@doctown/common/contracts/graph.js'
import type { Repository } from '@doctown/common/contracts/repository.js'
import type { EmbeddingModel } from '@doctown/common/contracts/embedding.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import { repositoryKey, type PointPayload, type VectorName, type VectorPoint } from '@doctown/common/ports/vector-store/port.js'
import { containerPath } from '@doctown/common/search/container-path.js'
import { sparseDocument, type SparseTexts } from '@doctown/common/search/sparse.js'
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
  /** The symbols that the docpack lists; of the others only names are known. */
  readonly symbols: readonly Pick<Symbol, 'id' | 'signature' | 'doc_comments' | 'path'>[]
  /** Name and revision of the model that made `small`. */
  readonly smallModel: string | null
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
  for (const [position, node] of source.graph.nodes.entries()) {
    if (!isSymbol(node)) continue
    const texts = textsOf(node, listed.get(node.id))
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
      sparse: sparseDocument(texts),
      payload: payload(source, node, texts),
    }
  }
}

const isSymbol = (node: GraphNode): boolean => node.kind === 'symbol'

/** A payload is sent with every hit: this much of a text tells what it is. */
const MAX_TEXT = 400

function textsOf(node: GraphNode, symbol: PointSource['symbols'][number] | undefined): SparseTexts {
  const path = symbol?.path ?? node.id.slice(node.id.indexOf('#') + 1)
  return {
    name: node.name,
    path: containerPath(path, node.name),
    head: (symbol?.signature ?? '').slice(0, MAX_TEXT),
    docs: (symbol?.doc_comments ?? '').trim().slice(0, MAX_TEXT),
  }
}

function payload(source: PointSource, node: GraphNode, { head, docs }: SparseTexts): PointPayload {
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
    ...(head === '' ? {} : { signature: head }),
    ...(docs === '' ? {} : { docs }),
    ...(source.smallModel === null ? {} : { small_model: source.smallModel }),
  }
}

/** `undefined` without rows, or when they cancel each other out. */
function normalisedMean(rows: VectorRows, indexes: readonly number[]): Float32Array | undefined {
  const sum = new Float64Array(rows.dimensions)
  for (const index of indexes) rows.row(index).forEach((value, position) => (sum[position] = (sum[position] ?? 0) + value))
  const norm = Math.sqrt(sum.reduce((total, value) => total + value * value, 0))
  return norm === 0 ? undefined : Float32Array.from(sum, (value) => value / norm)
}
