/** What stages hand each other. One home, so that the ten folders agree without importing each other. */
import type { Chunk } from '@doctown/common/contracts/chunk.js'
import type { Cluster } from '@doctown/common/contracts/cluster.js'
import type { Document, Usage } from '@doctown/common/contracts/document.js'
import type {
  EmbeddedChunk,
  EmbeddingModel,
  ExecutionProvider,
  ProviderFallback,
  VectorBlock,
} from '@doctown/common/contracts/embedding.js'
import type { Abstentions, Graph } from '@doctown/common/contracts/graph.js'
import type { DocpackId, JobId } from '@doctown/common/contracts/ids.js'
import type { Manifest } from '@doctown/common/contracts/manifest.js'
import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import type { Repository, SourceTarget } from '@doctown/common/contracts/repository.js'
import type { SkippedFile } from '@doctown/common/contracts/skip.js'
import type { FetchedRepository, SourceFile } from '@doctown/common/contracts/source-file.js'
import type { SearchText } from '@doctown/common/contracts/search-text.js'
import type { SymbolContext } from '@doctown/common/contracts/symbol-context.js'
import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import type { VectorStore } from '@doctown/common/ports/vector-store/port.js'

// fetch
export interface FetchInput {
  readonly target: SourceTarget
  /** Languages that have a folder, by file ending: `{".rs": "Rust"}`. */
  readonly languages: Readonly<Record<string, string>>
  /** File names that describe a package; `Cargo.toml` when left out. */
  readonly manifests?: readonly string[]
}
/** What fetch may use of the world. `token` is handed to git through onAuth only. */
export interface FetchPorts {
  readonly token: (() => Promise<string | null>) | null
  /** Origins that an entry of ALLOWED_GIT_HOSTS trusts; for them alone private addresses and http are allowed. */
  readonly trustedOrigins: readonly string[]
}
export type FetchOutput = FetchedRepository

// parse
export interface ParseInput {
  readonly files: readonly SourceFile[]
  readonly manifests: readonly SourceFile[]
}
/** A parsed file, or one that the parser had to give up. In the order of `files`. */
export type ParseItem =
  { readonly kind: 'parsed'; readonly parsed: ParsedFile } | { readonly kind: 'skipped'; readonly skipped: SkippedFile }
export type ParseOutput = AsyncIterable<ParseItem>
export interface ParsePorts {
  /** Child processes, at least 1. */
  readonly parallel: number
}

// chunk
export type ChunkInput = AsyncIterable<ParsedFile>
export type ChunkOutput = AsyncIterable<Chunk>
export interface ChunkPorts {
  /** Every model in use: a chunk fits the window of each. */
  readonly embedders: readonly Pick<Embedder, 'model' | 'countTokens'>[]
}

// embed
export type EmbedInput = AsyncIterable<Chunk>
export type EmbedOutput = AsyncIterable<EmbeddedChunk>
export interface EmbedPorts {
  readonly small: Embedder
  readonly text: Embedder | null
}

// graph
export interface GraphInput {
  readonly files: readonly ParsedFile[]
  /** What the manifests say, by language name; nothing is known where it is left out. */
  readonly packages?: Readonly<Record<string, PackageFacts>>
}
export interface GraphOutput {
  readonly graph: Graph
  /** Every symbol of every file, `dependencies` filled, sorted by id. */
  readonly symbols: readonly Symbol[]
  readonly abstentions: Abstentions
}

// cluster
export interface ClusterInput {
  readonly graph: Graph
  readonly symbols: readonly Symbol[]
}
export interface ClusterOutput {
  readonly clusters: readonly Cluster[]
  readonly contexts: readonly SymbolContext[]
}

// train
export interface TrainInput {
  readonly graph: Graph
  /** Normalised mean of each symbol's chunk vectors by node id; nodes without text are absent. */
  readonly textVectors: ReadonlyMap<string, Float32Array>
  /** Steps of training; 0 for vectors without training. */
  readonly steps: number
}
/** Where training may run: providers in the order to try them, and threads of the CPU's. */
export interface TrainPorts {
  readonly providers: readonly ('cuda' | 'webgpu' | 'cpu')[]
  readonly threads: number
}
export interface TrainOutput {
  /** A row a graph node, in the order of `graph.nodes`. */
  readonly structure: VectorBlock
  readonly model: { readonly name: string; readonly dimensions: number; readonly scores: Readonly<Record<string, number>> }
}

// generate
export interface GenerateInput {
  /** The symbols that get a document, sorted by id. */
  readonly symbols: readonly Symbol[]
  readonly graph: Graph
  readonly contexts: readonly SymbolContext[]
  readonly clusters: readonly Cluster[]
  readonly repository: Repository
  /** What files say of themselves (`ParsedFile.file_docs`), sorted by file: the front pages open with a crate's own words. */
  readonly fileDocs?: readonly { readonly file: string; readonly text: string }[]
}
export interface GenerateOutput {
  readonly documents: readonly Document[]
  /** overview.md and llms.txt */
  readonly overview: string
  readonly llms: string
  readonly usage: Usage
  readonly languageModel: string | null
  readonly degraded: boolean
}

// package
export interface PackageInput {
  readonly repository: Repository
  readonly committedAt: number
  /** What symbols.json lists. */
  readonly symbols: readonly Symbol[]
  readonly documents: readonly Document[]
  readonly graph: Graph
  readonly clusters: readonly Cluster[]
  readonly contexts: readonly SymbolContext[]
  readonly embedded: readonly EmbeddedChunk[]
  /** What search reads beside names: of every symbol and of what stands outside them. */
  readonly searchTexts: readonly SearchText[]
  readonly structure: VectorBlock | null
  readonly overview: string
  readonly llms: string
  readonly sources: readonly SourceFile[] | null
  readonly files: { readonly detected: number; readonly processed: number; readonly skipped: readonly SkippedFile[] }
  readonly languages: Readonly<Record<string, number>>
  readonly models: { readonly small: EmbeddingModel | null; readonly text: EmbeddingModel | null }
  /** Providers that died while this build's vectors were made. */
  readonly fallbacks: readonly ProviderFallback[]
  readonly grammars: Readonly<Record<string, string>>
  readonly graphModel: TrainOutput['model']
  readonly languageModel: string | null
  readonly degraded: boolean
  readonly usage: Usage
}
export interface PackageOutput {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly docpack_id: DocpackId
  readonly manifest: Manifest
}

// publish
export interface PublishInput {
  readonly job_id: JobId
  readonly docpack: PackageOutput
  readonly symbols: readonly Symbol[]
  readonly graph: Graph
  readonly embedded: readonly EmbeddedChunk[]
  readonly searchTexts: readonly SearchText[]
  readonly structure: VectorBlock | null
  readonly private: boolean
  readonly execution_provider: ExecutionProvider
  readonly duration_ms: number
  readonly cost_usd: number
  /** ISO 8601, by the caller's clock. */
  readonly built_at: string
}
export interface PublishPorts {
  readonly objectStore: ObjectStore
  readonly vectorStore: VectorStore
  readonly keepPerRepository: number
}
export interface PublishOutput {
  readonly docpack_id: DocpackId
  readonly key: string
  readonly index_pending: boolean
}
