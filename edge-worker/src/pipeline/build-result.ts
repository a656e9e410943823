import type { BuildSummary } from '@doctown/common/contracts/build-summary.js'
import type { Diagnostic } from '@doctown/common/contracts/diagnostic.js'
import type { Usage } from '@doctown/common/contracts/document.js'
import type { ExecutionProvider } from '@doctown/common/contracts/embedding.js'
import type { Abstentions, Graph } from '@doctown/common/contracts/graph.js'
import type { Repository } from '@doctown/common/contracts/repository.js'
import { countSkips, type SkippedFile } from '@doctown/common/contracts/skip.js'
import type { PackageOutput, PublishOutput } from './stage-io.js'
import type { StageTime } from './step.js'

/** What one build came to, for the job's output, the command line and the benches. */
export interface BuildResult {
  readonly repository: Repository
  readonly private: boolean
  readonly docpack: PackageOutput
  readonly published: PublishOutput | null
  readonly summary: BuildSummary
  readonly skips: Readonly<Record<string, number>>
  readonly skipped: readonly SkippedFile[]
  readonly embeddings: number
  readonly symbols: number
  readonly nodes: number
  readonly edges: number
  readonly clusters: number
  readonly documents: number
  readonly degraded: boolean
  readonly usage: Usage
  readonly executionProvider: ExecutionProvider
  readonly abstentions: Abstentions
  readonly diagnostics: readonly Diagnostic[]
  readonly stages: readonly StageTime[]
}

interface Facts extends Omit<BuildResult, 'summary' | 'skips' | 'skipped' | 'nodes' | 'edges'> {
  readonly graph: Graph
  readonly files: { readonly detected: number; readonly processed: number; readonly skipped: readonly SkippedFile[] }
  readonly languages: Readonly<Record<string, number>>
  readonly chunks: number
  readonly durationMs: number
}

export function summarise({ graph, files, languages, chunks, durationMs, ...facts }: Facts): BuildResult {
  return {
    ...facts,
    nodes: graph.nodes.length,
    edges: graph.edges.length,
    skipped: files.skipped,
    skips: countSkips(files.skipped),
    summary: {
      status: 'success',
      files_detected: files.detected,
      files_processed: files.processed,
      files_skipped: files.skipped.length,
      chunks_created: chunks,
      duration_ms: Math.round(durationMs),
      language_breakdown: { ...languages },
    },
  }
}
