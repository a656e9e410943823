/** The pipeline is prose: ten steps, top to bottom. Everything else in this folder serves these lines. */
import type { EventPayload, EventType } from '@doctown/common/contracts/event.js'
import type { JobId } from '@doctown/common/contracts/ids.js'
import type { PackageFacts } from '@doctown/common/contracts/package-facts.js'
import type { SourceTarget } from '@doctown/common/contracts/repository.js'
import type { SourceFile } from '@doctown/common/contracts/source-file.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import { listedSymbols } from './listed-symbols.js'
import { ParsedFiles } from './parsed-files.js'
import { searchTextsOf } from './search-texts.js'
import type { FetchPorts, PublishPorts, TrainPorts } from './stage-io.js'
import type { Stages } from './stages.js'
import { Steps, type StepOptions } from './step.js'
import { meanBySymbol } from './symbol-vectors.js'
import { summarise, type BuildResult } from './build-result.js'

export interface BuildOptions {
  readonly target: SourceTarget
  /** List private symbols too, in symbols.json and docs/. */
  readonly includePrivate: boolean
  readonly includeSource: boolean
  readonly withDocs: boolean
  /** Steps of training the graph's vectors; 0 for vectors without training. */
  readonly trainSteps: number
  /** Languages by file ending, and the names of the files that describe their packages. */
  readonly languages: Readonly<Record<string, string>>
  readonly manifests: readonly string[]
  readonly packageFacts: (manifests: readonly SourceFile[]) => Readonly<Record<string, PackageFacts>>
  readonly grammars: Readonly<Record<string, string>>
}

export interface BuildPorts {
  readonly fetch: FetchPorts
  /** `null`: nothing is embedded, and embeddings.bin is absent. */
  readonly embedders: { readonly small: Embedder; readonly text: Embedder | null } | null
  readonly parseProcesses: number
  readonly train: TrainPorts
  /** `null`: the docpack is handed back and goes nowhere. */
  readonly publish: (PublishPorts & { readonly job_id: JobId; readonly now: () => Date }) | null
}

/** Embedded chunks an event; how many a call of the model takes is the stage's own matter. */
const EVENT_CHUNKS = 512

export type Emit = <T extends EventType>(type: T, payload: EventPayload<T>) => void

/** Builds one docpack. Throws a DoctownError; a broken file in the repository is a skip in the result and no error. */
export async function runBuild(
  stages: Stages,
  options: BuildOptions,
  ports: BuildPorts,
  environment: StepOptions & {
    readonly emit: Emit
    /** Told once the forge has shown what the repository is. */
    readonly onSource: (source: { readonly private: boolean }) => void
  },
): Promise<BuildResult> {
  const steps = new Steps(environment)
  const { emit, monotonicMs } = environment
  const begin = monotonicMs()
  const { target } = options
  emit('ingest.started.v1', { repo_url: target.repo_url, git_ref: target.ref })

  const source = await steps.run(stages.fetch, { target, languages: options.languages, manifests: options.manifests }, ports.fetch)
  environment.onSource(source)
  for (const { path, language, text } of source.files) emit('ingest.file_detected.v1', { file: path, language, bytes: text.length })
  for (const skipped of source.skipped) emit('ingest.file_skipped.v1', skipped)

  // Parse, chunk and embed are one stream: a file's chunks are embedded while others are parsed.
  const parsed = new ParsedFiles(
    steps.stream(stages.parse, { files: source.files, manifests: source.manifests }, { parallel: ports.parseProcesses }),
    emit,
  )
  const embedders = ports.embedders === null ? [] : [ports.embedders.small, ports.embedders.text].filter((model) => model !== null)
  const chunks = steps.stream(stages.chunk, parsed, { embedders }, parsed)
  const counted = countChunks(chunks, emit)
  if (ports.embedders !== null) {
    const { small, text } = ports.embedders
    emit('embedding.started.v1', { model: (text ?? small).model.name, execution_provider: (text ?? small).executionProvider })
  }
  // A worker's models live longer than a build: what died before is no news of this one.
  const diedBefore = ports.embedders?.text?.fallbacks?.length ?? 0
  const embedded =
    ports.embedders === null
      ? await counted.drain().then(() => [])
      : await collect(steps.stream(stages.embed, counted, ports.embedders, chunks), (done) => {
          if (done % EVENT_CHUNKS === 0) emit('embedding.batch_completed.v1', { done, total: null })
        })
  if (embedded.length % EVENT_CHUNKS > 0) emit('embedding.batch_completed.v1', { done: embedded.length, total: embedded.length })
  const files = { detected: source.files_detected, processed: parsed.files.length, skipped: [...source.skipped, ...parsed.skipped] }
  emit('ingest.completed.v1', {
    files_detected: files.detected,
    files_processed: files.processed,
    files_skipped: files.skipped.length,
    chunks_created: counted.count,
  })
  emit('embedding.completed.v1', { embeddings_created: embedded.length })

  const { graph, symbols, abstentions } = await steps.run(
    stages.graph,
    { files: parsed.files, packages: options.packageFacts(source.manifests) },
    {},
  )
  emit('assembly.started.v1', { symbols: symbols.length })
  emit('assembly.graph_completed.v1', { nodes: graph.nodes.length, edges: graph.edges.length })

  const { clusters, contexts } = await steps.run(stages.cluster, { graph, symbols }, {})
  for (const { id, label, size } of clusters) emit('assembly.cluster_created.v1', { cluster_id: id, label, size })

  const trained =
    ports.embedders === null
      ? { structure: null, model: { name: 'none', dimensions: 0, scores: {} } }
      : await steps.run(stages.train, { graph, textVectors: meanBySymbol(embedded, 'small'), steps: options.trainSteps }, ports.train)
  emit('assembly.completed.v1', { clusters: clusters.length, graph_model: trained.model.name })

  const listed = listedSymbols(symbols, options.includePrivate)
  emit('generation.started.v1', { symbols: listed.length, generator: 'extractive' })
  const documented = options.withDocs ? listed : []
  const written = await steps.run(
    stages.generate,
    { symbols: documented, graph, contexts, clusters, repository: source.repository, fileDocs: parsed.fileDocs() },
    {},
  )
  for (const document of written.documents) {
    emit('generation.symbol_documented.v1', { symbol_id: document.symbol, generated_by: document.generated_by })
  }
  emit('generation.completed.v1', { docs_generated: written.documents.length, ...written.usage })

  const searchTexts = await searchTextsOf(parsed.files, symbols, environment.signal)
  emit('pack.started.v1', { entries: written.documents.length })
  const docpack = await steps.run(
    stages.package,
    {
      repository: source.repository,
      committedAt: source.committed_at,
      symbols: listed,
      documents: written.documents,
      graph,
      clusters,
      contexts,
      embedded,
      searchTexts,
      structure: trained.structure,
      overview: written.overview,
      llms: written.llms,
      sources: options.includeSource ? source.files : null,
      files,
      languages: parsed.languages(),
      models: { small: ports.embedders?.small.model ?? null, text: ports.embedders?.text?.model ?? null },
      fallbacks: (ports.embedders?.text?.fallbacks ?? []).slice(diedBefore),
      grammars: options.grammars,
      graphModel: trained.model,
      languageModel: written.languageModel,
      degraded: written.degraded,
      usage: written.usage,
    },
    {},
  )
  emit('pack.completed.v1', { docpack_id: docpack.docpack_id, bytes: docpack.bytes.length })

  const embedder = ports.embedders?.text ?? ports.embedders?.small
  const executionProvider = embedder?.executionProvider ?? 'none'
  const published =
    ports.publish === null
      ? null
      : await steps.run(
          stages.publish,
          {
            job_id: ports.publish.job_id,
            docpack,
            symbols: listed,
            graph,
            embedded,
            searchTexts,
            structure: trained.structure,
            private: source.private,
            execution_provider: executionProvider,
            duration_ms: Math.round(monotonicMs() - begin),
            cost_usd: written.usage.usd,
            built_at: ports.publish.now().toISOString(),
          },
          ports.publish,
        )

  return summarise({
    repository: source.repository,
    private: source.private,
    docpack,
    published,
    files,
    languages: parsed.languages(),
    chunks: counted.count,
    embeddings: embedded.length,
    symbols: listed.length,
    graph,
    clusters: clusters.length,
    documents: written.documents.length,
    degraded: written.degraded,
    usage: written.usage,
    executionProvider,
    abstentions,
    diagnostics: parsed.diagnostics(),
    stages: steps.times(),
    durationMs: monotonicMs() - begin,
  })
}

async function collect<Item>(stream: AsyncIterable<Item>, onItem: (done: number) => void): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of stream) {
    items.push(item)
    onItem(items.length)
  }
  return items
}

function countChunks<C extends { chunk_id: string; file: string; start_line: number; end_line: number }>(
  chunks: AsyncIterable<C>,
  emit: Emit,
) {
  return {
    count: 0,
    async *[Symbol.asyncIterator](): AsyncGenerator<C> {
      for await (const chunk of chunks) {
        this.count++
        const { chunk_id, file, start_line, end_line } = chunk
        emit('ingest.chunk_created.v1', { chunk_id, file, start_line, end_line })
        yield chunk
      }
    },
    /** Reads to the end for the count alone. */
    async drain(): Promise<void> {
      for await (const _ of this) void _
    },
  }
}
