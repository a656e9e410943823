/** A process that works, as an edge worker would. What it does with a job is told by the repository's name. */
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createBullmqJobSource } from '@doctown/common/ports/queue/bullmq-job-source.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { completeResult } from '../ports/queue/samples.js'

export interface WorkerChildOptions {
  readonly redisUrl: string
  readonly workerName: string
  readonly lockSeconds?: number
  readonly stalledSeconds?: number
  readonly heartbeatSeconds?: number
}
export interface WorkerChildNews {
  readonly kind: 'ready' | 'taken' | 'ended'
  readonly job_id?: string
  readonly attempt?: number
  readonly repo_url?: string
}

/**
 * `hang...` never ends by itself, `sleep<ms>...` waits, `block<ms>...` stops the event loop, `flaky...` fails once;
 * anything else ends at once.
 */
async function main(options: WorkerChildOptions): Promise<void> {
  const tell = (news: WorkerChildNews): void => void process.send?.(news)
  const source = createBullmqJobSource(options)
  process.on('disconnect', () => process.exit())
  await source.start(async (job) => {
    const { job_id, attempt, task } = job
    const name = task.repo_url.split('/').at(-1) ?? ''
    tell({ kind: 'taken', job_id, attempt, repo_url: task.repo_url })
    await source.report({
      state: 'training',
      status: `Training Graph on ${task.repo_url}`,
      job_id,
      stage: 'parse',
      done: null,
      total: null,
      execution_provider: 'cpu',
    })
    const ms = Number(/^(?:sleep|block)(\d+)/.exec(name)?.[1] ?? 0)
    if (name.startsWith('hang')) await sleep(3_600_000, job.signal)
    if (name.startsWith('sleep')) await sleep(ms, job.signal)
    if (name.startsWith('block')) block(ms)
    if (name.startsWith('flaky') && attempt === 1) throw new DoctownError('git_unavailable', 'The forge did not answer.')
    job.signal.throwIfAborted()
    tell({ kind: 'ended', job_id, attempt, repo_url: task.repo_url })
    return completeResult(job)
  })
  tell({ kind: 'ready' })
}

function block(ms: number): void {
  const endMs = performance.now() + ms
  const cell = new Int32Array(new SharedArrayBuffer(4))
  // Blocks the thread as a long synchronous parse would, without burning the processor that others share.
  while (performance.now() < endMs) Atomics.wait(cell, 0, 0, 50)
}

if (process.send !== undefined && process.argv[2] !== undefined) await main(JSON.parse(process.argv[2]) as WorkerChildOptions)
