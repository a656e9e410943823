import { z } from 'zod'
import { ExecutionProviderSchema } from './embedding.js'

/** What one worker says of itself: kept under its own key for 2.5 heartbeats and published on every change. */
export const WorkerReportSchema = z.object({
  name: z.string(),
  state: z.enum(['idle', 'training', 'error', 'offline']),
  /** Exactly `Idle`, `Training Graph on {repo_url}`, `Error: {message}` or `Offline`. */
  status: z.string(),
  job_id: z.string().nullable(),
  stage: z.string().nullable(),
  done: z.number().nonnegative().nullable(),
  total: z.number().nonnegative().nullable(),
  execution_provider: ExecutionProviderSchema.nullable(),
  /** ISO 8601: when the report was sent, and when `state` last changed. */
  last_heartbeat: z.string(),
  changed_at: z.string(),
})
export type WorkerReport = z.infer<typeof WorkerReportSchema>

export const statusText = {
  idle: 'Idle',
  offline: 'Offline',
  training: (repoUrl: string): string => `Training Graph on ${repoUrl}`,
  error: (message: string): string => `Error: ${message}`,
} as const

const BUSIEST = { training: 0, error: 1, idle: 2, offline: 3 } as const

/** The one status of many workers: training before error before idle, then the latest change. `Offline` when none lives. */
export function overallStatus(workers: readonly WorkerReport[]): string {
  const living = workers.filter((worker) => worker.state !== 'offline')
  const [first] = [...living].sort((a, b) => BUSIEST[a.state] - BUSIEST[b.state] || (a.changed_at < b.changed_at ? 1 : -1))
  return first?.status ?? statusText.offline
}
