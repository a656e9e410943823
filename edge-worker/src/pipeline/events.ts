import { randomUUID } from 'node:crypto'
import type { DoctownEvent, EventPayload, EventType } from '@doctown/common/contracts/event.js'
import { DOCTOWN_VERSION } from '@doctown/common/contracts/version.js'

export interface EmitterOptions {
  readonly job: { readonly job_id: string; readonly task: { readonly repo_url: string; readonly git_ref: string | null } }
  readonly now: () => Date
  readonly emit: (event: DoctownEvent) => void
}

/**
 * Events of one type in one attempt. A repository at the limits has half a million chunks: their events would fill a small Redis, and the
 * memory of an API on 512 MB that shows them to one reader. Totals stand in the `completed` events.
 */
export const MAX_EVENTS_OF_A_TYPE = 20_000

/** Puts payloads into version 1 envelopes, numbered from 1 within one attempt. */
export function createEmitter(options: EmitterOptions) {
  let sequence = 0
  const told = new Map<EventType, number>()
  const { job_id, task } = options.job
  return <T extends EventType>(type: T, payload: EventPayload<T>, status?: 'success' | 'failed'): void => {
    const count = (told.get(type) ?? 0) + 1
    if (count > MAX_EVENTS_OF_A_TYPE) return
    told.set(type, count)
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
