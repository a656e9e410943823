import type { GetWorkerStatus } from '../use-cases/worker-status.js'
import type { JobHistory } from '../use-cases/job-history.js'
import type { SubmitJob } from '../use-cases/submit-job.js'
import type { Handlers } from './handler.js'

const USUAL_LIMIT = 10

export interface IngestionUseCases {
  readonly submitJob: SubmitJob
  readonly workerStatus: GetWorkerStatus
  readonly jobHistory: JobHistory
}

export function ingestionRoutes({
  submitJob,
  workerStatus,
  jobHistory,
}: IngestionUseCases): Pick<Handlers, 'ingest' | 'workerStatus' | 'history'> {
  return {
    ingest: async ({ params, query }) => ({ status: 200, json: await submitJob({ repoUrl: params.repo_url, gitRef: query.ref }) }),
    workerStatus: async ({ isAdmin }) => ({ status: 200, json: await workerStatus({ includePrivate: isAdmin }) }),
    history: async ({ query, isAdmin }) => ({
      status: 200,
      json: { jobs: await jobHistory({ limit: Number(query.limit ?? USUAL_LIMIT), includePrivate: isAdmin }) },
    }),
  }
}
