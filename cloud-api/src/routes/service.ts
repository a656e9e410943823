import type { Health } from '@doctown/common/contracts/http/bodies.js'
import { openApiDocument } from '@doctown/common/contracts/http/openapi.js'
import { ROUTES } from '@doctown/common/contracts/http/routes.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { JobHistory } from '../use-cases/job-history.js'
import type { Metrics } from '../use-cases/metrics.js'
import type { Handlers } from './handler.js'

export interface ServiceUseCases {
  readonly health: () => Promise<Health>
  readonly metrics: Metrics
  readonly jobHistory: JobHistory
}

export function serviceRoutes({ health, metrics, jobHistory }: ServiceUseCases): Pick<Handlers, 'health' | 'live' | 'metrics' | 'openapi'> {
  const contract = openApiDocument(ROUTES)
  return {
    health: async () => {
      const found = await health()
      return { status: found.status === 'unavailable' ? 503 : 200, json: found }
    },
    live: () => ({ status: 200, json: { status: 'ok' } }),
    metrics: async () => {
      // Learns of jobs that ended since, from the queue's copy in memory; without Redis the numbers stay what they were.
      await jobHistory({ limit: LIMITS.historyLimit, includePrivate: true }).catch(() => {})
      return { status: 200, headers: { 'content-type': metrics.contentType, 'cache-control': 'no-store' }, content: await metrics.text() }
    },
    openapi: () => ({ status: 200, json: contract }),
  }
}
