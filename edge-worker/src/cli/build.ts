import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { SourceTarget } from '@doctown/common/contracts/repository.js'
import { samplePeakBytes } from '@doctown/common/runtime/process-tree.js'
import type { StructuredLog } from '@doctown/common/runtime/log.js'
import type { BuildResult } from '../pipeline/build-result.js'
import { runBuild, type BuildOptions, type BuildPorts } from '../pipeline/run.js'
import type { Stages } from '../pipeline/stages.js'
import type { Console } from './console.js'
import { BuildProgress } from './progress.js'

export interface BuildCommand {
  readonly target: SourceTarget
  /** Where the docpack goes; `null`: `./<name>-<first 7 of the commit>.docpack`. */
  readonly out: string | null
  readonly build: Omit<BuildOptions, 'target'>
  readonly ports: BuildPorts
  readonly stages: Stages
  readonly seed: number
  readonly signal: AbortSignal
  readonly log: StructuredLog
  readonly console: Console
}

/** The whole pipeline in this process, no Redis. Writes the file whole or not at all. */
export async function buildCommand(command: BuildCommand): Promise<void> {
  const { console, target } = command
  const progress = new BuildProgress(console, () => performance.now())
  const peak = samplePeakBytes()
  const tempDir = await mkdtemp(join(tmpdir(), 'doctown-build-'))
  try {
    console.note(`Building the docpack of ${target.repo_url}`)
    const result = await runBuild(command.stages, { ...command.build, target }, command.ports, {
      log: command.log,
      signal: command.signal,
      seed: command.seed,
      tempDir,
      monotonicMs: () => performance.now(),
      onProgress: (stage, done, total) => progress.update(stage, done, total),
      onStageEnd: () => {},
      pauseAt: null,
      emit: () => {},
      onSource: () => {},
    })
    const file = resolve(command.out ?? defaultName(result))
    await writeWhole(file, result.docpack.bytes)
    console.answer(answerOf(file, result, peak.stop().tree), linesOf(file, result))
  } finally {
    peak.stop()
    await rm(tempDir, { recursive: true, force: true })
  }
}

const defaultName = ({ repository }: BuildResult): string =>
  `${repository.name}-${repository.commit_sha.replace('worktree-', '').slice(0, 7)}.docpack`

async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(file), `.${process.pid}-${Date.now()}.docpack.part`)
  try {
    await writeFile(temporary, bytes)
    await rename(temporary, file)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw new DoctownError('data_folder_unwritable', `${file} cannot be written; choose another place with --out.`, { cause })
  }
}

function answerOf(file: string, result: BuildResult, peakBytes: number): Record<string, unknown> {
  const { name: _name, ...repository } = result.repository
  return {
    docpack: file,
    docpack_id: result.docpack.docpack_id,
    repository: { name: result.repository.name, ...repository },
    summary: result.summary,
    symbols: result.symbols,
    nodes: result.nodes,
    edges: result.edges,
    clusters: result.clusters,
    docs_generated: result.documents,
    embeddings_created: result.embeddings,
    degraded: result.degraded,
    skips: result.skips,
    usage: result.usage,
    execution_provider: result.executionProvider,
    abstentions: result.abstentions,
    stages: result.stages,
    peak_rss_bytes: peakBytes,
  }
}

function linesOf(file: string, result: BuildResult): string[] {
  const { summary, repository } = result
  const skipped = Object.entries(result.skips).map(([reason, count]) => `${count} ${reason}`)
  return [
    `${repository.url} at ${repository.commit_sha.slice(0, 12)}${repository.branch === '' ? '' : ` (${repository.branch})`}`,
    `${summary.files_processed} of ${summary.files_detected} files read${skipped.length === 0 ? '' : `; skipped: ${skipped.join(', ')}`}`,
    `${result.symbols} symbols, ${result.edges} edges, ${result.clusters} clusters, ${result.documents} documents, ${result.embeddings} vectors`,
    `${(summary.duration_ms / 1000).toFixed(1)} s; ${result.stages.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)}`).join(', ')}`,
    `docpack: ${file}`,
  ]
}
