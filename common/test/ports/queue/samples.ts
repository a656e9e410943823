import type { DoctownEvent, EventType } from '@doctown/common/contracts/event.js'
import type { JobResult, Task } from '@doctown/common/contracts/job.js'
import type { TakenJob } from '@doctown/common/ports/queue/port.js'

/** `submittedMsAgo` moves the stamp into the past. */
export function sampleTask(name: string, options: { readonly ref?: string; readonly submittedMsAgo?: number } = {}): Task {
  return {
    repo_url: `github.com/rust-lang/${name}`,
    clone_url: `https://github.com/rust-lang/${name}`,
    git_ref: options.ref ?? null,
    submitted_at: new Date(Date.now() - (options.submittedMsAgo ?? 0)).toISOString(),
    ttl: 86_400,
    source: 'api',
  }
}

export function completeResult(job: Pick<TakenJob, 'job_id' | 'task'>, options: { readonly isPrivate?: boolean } = {}): JobResult {
  const docpackId = '0123456789abcdef0123'
  return {
    status: 'complete',
    repo_url: job.task.repo_url,
    timestamp: new Date().toISOString(),
    duration_seconds: 1.5,
    files_processed: 3,
    embeddings_generated: 9,
    docpack_id: docpackId,
    commit_sha: '0'.repeat(40),
    files_skipped: 1,
    skips: { too_large: 1 },
    degraded: false,
    index_pending: false,
    private: options.isPrivate ?? false,
    output: {
      status: 'success',
      job_id: Number(job.job_id),
      docpack_id: docpackId,
      docpack_url: `/api/docpacks/${docpackId}/download`,
      summary: {
        status: 'success',
        files_detected: 4,
        files_processed: 3,
        files_skipped: 1,
        chunks_created: 9,
        duration_ms: 1500,
        language_breakdown: { Rust: 3 },
      },
      chunks_created: 9,
      embeddings_created: 9,
      clusters: 1,
      symbols: 5,
      docs_generated: 5,
      usage: { input_tokens: 0, output_tokens: 0, usd: 0 },
      execution_provider: 'typescript',
    },
  }
}

export function sampleEvent(job: TakenJob, sequence: number, type: EventType, payload: Record<string, unknown>): DoctownEvent {
  return {
    event_id: `evt_${job.job_id}_${job.attempt}_${sequence}`,
    event_type: type,
    timestamp: new Date().toISOString(),
    sequence,
    context: { job_id: job.job_id, repo_url: job.task.repo_url, git_ref: job.task.git_ref },
    meta: { producer_version: 'test' },
    payload,
    ...(type === 'job.completed.v1' ? { status: 'success' as const } : {}),
  }
}
