import type { Accepted, Cancelled } from '@doctown/common/contracts/http/bodies.js'
import type { JobId } from '@doctown/common/contracts/ids.js'
import type { JobQueue } from '@doctown/common/ports/queue/port.js'
import { sendEvents, type EventStreamLimits } from '../sse/send-events.js'
import type { StreamSlots } from '../sse/stream-slots.js'
import { jobState, type FindJob } from '../use-cases/find-job.js'
import type { SubmitJob } from '../use-cases/submit-job.js'
import type { Handlers } from './handler.js'

export interface JobsUseCases {
  readonly submitJob: SubmitJob
  readonly findJob: FindJob
  readonly cancelJob: (jobId: JobId) => Promise<Cancelled>
  readonly events: JobQueue['events']
  /** What stands before a path in an answer. */
  readonly linkBase: string
  readonly streamSlots: StreamSlots
  readonly streamLimits: EventStreamLimits
}

export function jobsRoutes(useCases: JobsUseCases): Pick<Handlers, 'submitJob' | 'jobStatus' | 'jobEvents' | 'cancelJob'> {
  const { submitJob, findJob, cancelJob } = useCases
  return {
    submitJob: async ({ body }) => {
      const { job_id } = await submitJob({ repoUrl: body.repo_url, gitRef: body.git_ref })
      return { status: 202, json: { job_id } satisfies Accepted }
    },
    jobStatus: async ({ params, isAdmin }) => ({
      status: 200,
      json: jobState(await findJob(params.job_id, { includePrivate: isAdmin }), useCases.linkBase),
    }),
    jobEvents: async ({ params, query, isAdmin, address, request, response, log }) => {
      const job = await findJob(params.job_id, { includePrivate: isAdmin })
      if (request.method === 'HEAD') return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, content: null }
      const afterSequence = lastEventId(request.get('last-event-id'))
      await sendEvents({
        events: (signal) => useCases.events(params.job_id, { afterSequence, signal }),
        response,
        address,
        unnamed: query.unnamed === '1',
        mayBeOver: job.result !== null && afterSequence > 0,
        slots: useCases.streamSlots,
        limits: useCases.streamLimits,
        log,
      })
      return undefined
    },
    cancelJob: async ({ params }) => ({ status: 202, json: await cancelJob(params.job_id) }),
  }
}

/** What a browser sends back is our own `id:`; anything else means from the beginning. */
const lastEventId = (header: string | undefined): number => (header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : 0)
