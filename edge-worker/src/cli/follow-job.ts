import { JobOutputSchema, type BuildSummary } from '@doctown/common/contracts/build-summary.js'
import { STAGE_NAMES, type StageName } from '@doctown/common/contracts/stage-services.js'
import { sleep } from '@doctown/common/runtime/sleep.js'
import { z } from 'zod'
import type { Console } from './console.js'
import { BuildProgress } from './progress.js'

export type EndedJob =
  | {
      readonly status: 'complete'
      readonly docpackId: string
      readonly summary: BuildSummary
      readonly symbols: number
      readonly documents: number
      readonly clusters: number
    }
  | { readonly status: 'failed' | 'skipped' | 'cancelled'; readonly detail: string; readonly errorCode: string | null }

const StatusSchema = z.looseObject({
  status: z.string(),
  stage: z.string().nullish(),
  progress: z.object({ done: z.number(), total: z.number().nullable() }).nullish(),
  error: z.string().nullish(),
  error_code: z.string().nullish(),
  output: z.unknown().optional(),
})

/** Watches a job through the HTTP API until it has ended. An API that does not answer for a while is waited for. */
export async function followJob(options: {
  readonly url: string
  readonly token: string
  readonly jobId: number
  readonly console: Console
  readonly signal: AbortSignal
}): Promise<EndedJob> {
  const progress = new BuildProgress(options.console, () => performance.now())
  for (;;) {
    const status = await statusOf(options)
    if (status?.stage != null && isStage(status.stage))
      progress.update(status.stage, status.progress?.done ?? 0, status.progress?.total ?? null)
    if (status?.status === 'COMPLETED') {
      const output = JobOutputSchema.parse(status.output)
      return {
        status: 'complete',
        docpackId: output.docpack_id,
        summary: output.summary,
        symbols: output.symbols,
        documents: output.docs_generated,
        clusters: output.clusters,
      }
    }
    if (status?.status === 'FAILED')
      return { status: 'failed', detail: status.error ?? 'The job failed.', errorCode: status.error_code ?? null }
    if (status?.status === 'SKIPPED')
      return { status: 'skipped', detail: 'The job waited too long and was skipped; submit it again.', errorCode: null }
    if (status?.status === 'CANCELLED') return { status: 'cancelled', detail: 'The job was cancelled.', errorCode: 'cancelled' }
    await sleep(300, options.signal)
  }
}

async function statusOf({ url, token, jobId, signal }: { url: string; token: string; jobId: number; signal: AbortSignal }) {
  const body: unknown = await fetch(`${url}/api/jobs/${jobId}/status`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  })
    .then((response) => (response.ok ? response.json() : null))
    .catch(() => null)
  // Only silence is waited out: an answer that cannot be read will be no better next time.
  return body === null ? null : StatusSchema.parse(body)
}

const isStage = (name: string): name is StageName => (STAGE_NAMES as readonly string[]).includes(name)
