import { randomUUID } from 'node:crypto'
import type { DoctownEvent, EventPayload, EventType } from '@doctown/common/contracts/event.js'
import { DOCTOWN_VERSION } from '@doctown/common/contracts/version.js'

export interface EmitterOptions {
  readonly job: { readonly job_id: string; readonly task: { readonly repo_url: string; readonly git_ref: string | null } }
  readonly now: () => Date
  readonly emit: (event: DoctownEvent) => void
}

/** Puts payloads into version 1 envelopes, numbered from 1 within one attempt. */
export function createEmitter(options: EmitterOptions) {
  let sequence = 0
  const { job_id, task } = options.job
  return <T extends EventType>(type: T, payload: EventPayload<T>, status?: 'success' | 'failed'): void => {
    const completed = status ?? (type.endsWith('.completed.v1') ? 'success' : undefined)
    options.emit({
      event_id: `evt_${randomUUID()}`,
      event_type: type,
      timestamp: options.now().toISOString(),
      sequence: ++sequence,
      context: { job_id, repo_url: task.repo_url, git_ref: task.git_ref },
      meta: { producer_version: DOCTOWN_VERSION },
      payload: { ...payload },
      ...(completed === undefined ? {} : { status: completed }),
    })
  }
}
