import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobOutput } from '@doctown/common/contracts/build-summary.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { ExecutionProvider } from '@doctown/common/contracts/embedding.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { JobResult } from '@doctown/common/contracts/job.js'
import { parseRepoUrl, type AllowedHost } from '@doctown/common/contracts/repo-url.js'
import type { SourceTarget } from '@doctown/common/contracts/repository.js'
import type { StageName } from '@doctown/common/contracts/stage-services.js'
import { statusText } from '@doctown/common/contracts/worker-status.js'
import type { StructuredLog } from '@doctown/common/runtime/log.js'
import type { JobHandler, JobSource, TakenJob } from '@doctown/common/ports/queue/port.js'
import type { BuildResult } from '../pipeline/build-result.js'
import { createEmitter } from '../pipeline/events.js'
import { errorForReaders } from './error-for-readers.js'
import { JobProgress, NOWHERE, type StageProgress } from './job-progress.js'
import { runBuild, type BuildOptions, type BuildPorts } from '../pipeline/run.js'
import type { Stages } from '../pipeline/stages.js'

export interface JobHandlerOptions {
  readonly stages: Stages
  readonly source: Pick<JobSource, 'report'>
  readonly build: Omit<BuildOptions, 'target'>
  readonly ports: (job: TakenJob) => BuildPorts
  readonly executionProvider: ExecutionProvider
  readonly allowedHosts: readonly AllowedHost[]
  readonly allowFolders: boolean
  readonly log: StructuredLog
  /** Folder that holds one folder for each attempt. */
  readonly tempRoot: string
  readonly seed: number
  /** A token is at hand, so a repository counts as private until its forge has shown it without one. */
  readonly mayBePrivate: boolean
  /** Told when a docpack was published without its vectors. */
  readonly onIndexPending: () => void
  readonly pauseAt: StageName | null
  readonly now: () => Date
  readonly monotonicMs: () => number
}

const PRIVATE_NAME = 'private repository'

/** One job: report, build, report, clean up. What it returns or throws ends the job; the queue writes the history. */
export function createJobHandler(options: JobHandlerOptions): JobHandler {
  return async (job) => {
    const log = options.log.with({ job_id: job.job_id, repo_url: job.task.repo_url, attempt: job.attempt })
    const deadline = AbortSignal.timeout(LIMITS.jobWholeMs)
    const signal = AbortSignal.any([job.signal, deadline])
    let isPrivate = job.task.private ?? (options.mayBePrivate && job.task.source !== 'local')
    let isOver = false
    let at = NOWHERE
    const report = (state: 'idle' | 'training' | 'error', status: string, place: StageProgress = NOWHERE): Promise<void> =>
      options.source.report({
        state,
        status,
        job_id: state === 'training' ? job.job_id : null,
        ...place,
        execution_provider: options.executionProvider,
      })
    const reportTraining = (): Promise<void> => report('training', statusText.training(isPrivate ? PRIVATE_NAME : job.task.repo_url), at)
    const reportEnd = (state: 'idle' | 'error', status: string): Promise<void> => {
      isOver = true
      return report(state, status)
    }

    const progress = new JobProgress({
      monotonicMs: options.monotonicMs,
      onProgress: (stage, done, total) => job.progress(stage, done, total),
      onReport: (stage, done, total) => {
        at = { stage, done, total }
        // A stage that was left to itself may still speak.
        if (!isOver) void reportTraining()
      },
    })
    const onSource = (source: { readonly private: boolean }): void => {
      if (isPrivate !== source.private) void job.markPrivate(source.private)
      isPrivate = source.private
      void reportTraining()
    }

    let tempDir: string | null = null
    const emit = createEmitter({ job, now: options.now, emit: (event) => job.emit(event) })
    try {
      log.info('job started')
      // Whatever tidies up this machine may have taken the folder.
      await mkdir(options.tempRoot, { recursive: true })
      tempDir = await mkdtemp(join(options.tempRoot, `job-${job.job_id}-${job.attempt}-`))
      if (isPrivate) await job.markPrivate(true)
      await reportTraining()
      const result = await runBuild(options.stages, { ...options.build, target: targetOf(job, options) }, options.ports(job), {
        log,
        signal,
        seed: options.seed,
        tempDir,
        monotonicMs: options.monotonicMs,
        onProgress: progress.update,
        onStageEnd: () => void job.flush(),
        pauseAt: options.pauseAt,
        emit,
        onSource,
      })
      const complete = completeResult(job, result, options.now())
      if (complete.index_pending) options.onIndexPending()
      emit('job.completed.v1', { ...complete.output }, 'success')
      await job.flush()
      await reportEnd('idle', statusText.idle)
      log.info('job complete', { docpack_id: complete.docpack_id, durationMs: result.summary.duration_ms })
      return complete
    } catch (cause) {
      const error = deadline.aborted
        ? new DoctownError('stage_timeout', 'The job took longer than 30 minutes; try a smaller repository or a faster machine.', { cause })
        : errorForReaders(cause)
      if (error.code === 'cancelled') {
        emit('job.completed.v1', { status: 'cancelled' }, 'failed')
        await job.flush()
        await reportEnd('idle', statusText.idle)
        log.info('job cancelled')
        const timestamp = options.now().toISOString()
        return { status: 'cancelled', repo_url: job.task.repo_url, timestamp, ...(isPrivate ? { private: true } : {}) }
      }
      log.warn('job failed', { error: cause, permanent: error.permanent })
      if (error.permanent || job.isLastAttempt) {
        emit('job.completed.v1', { status: 'failed', error: error.message, error_code: error.code }, 'failed')
        await job.flush()
      }
      await reportEnd('error', statusText.error(error.message))
      throw error
    } finally {
      if (tempDir !== null) await rm(tempDir, { recursive: true, force: true })
    }
  }
}

/**
 * What to build. The worker holds to its own ALLOWED_GIT_HOSTS and takes folders only from `doctown up` on its own machine,
 * whatever somebody with the queue's password has put there. Throws `invalid_repo_url`.
 */
function targetOf({ task }: TakenJob, options: Pick<JobHandlerOptions, 'allowedHosts' | 'allowFolders'>): SourceTarget {
  if (task.source !== 'local') {
    const { clone_url: url } = parseRepoUrl(task.clone_url, options.allowedHosts)
    return { kind: 'git', url, repo_url: task.repo_url, ref: task.git_ref }
  }
  if (!options.allowFolders)
    throw new DoctownError('invalid_repo_url', 'This worker takes no folders; use doctown up --ingest on its machine.')
  return { kind: 'folder', path: task.clone_url, repo_url: task.repo_url, ref: task.git_ref }
}

function completeResult(job: TakenJob, result: BuildResult, now: Date): Extract<JobResult, { status: 'complete' }> {
  const { docpack, summary } = result
  const output: JobOutput = {
    status: 'success',
    job_id: Number(job.job_id),
    docpack_id: docpack.docpack_id,
    docpack_url: `/api/docpacks/${docpack.docpack_id}/download`,
    summary,
    chunks_created: summary.chunks_created,
    embeddings_created: result.embeddings,
    clusters: result.clusters,
    symbols: result.symbols,
    docs_generated: result.documents,
    usage: result.usage,
    execution_provider: result.executionProvider,
  }
  return {
    status: 'complete',
    repo_url: job.task.repo_url,
    timestamp: now.toISOString(),
    duration_seconds: Math.round(summary.duration_ms / 10) / 100,
    files_processed: summary.files_processed,
    embeddings_generated: result.embeddings,
    docpack_id: docpack.docpack_id,
    commit_sha: result.repository.commit_sha,
    files_skipped: summary.files_skipped,
    skips: { ...result.skips },
    degraded: result.degraded,
    index_pending: result.published?.index_pending ?? false,
    output,
    private: result.private,
  }
}
