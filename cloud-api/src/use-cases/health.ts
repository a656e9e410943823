import type { Health, ServiceState } from '@doctown/common/contracts/http/bodies.js'
import type { QueueHealth } from '@doctown/common/ports/queue/port.js'

/** Asks a store whether it is there. Rejects when it is not. */
export type Probe = () => Promise<unknown>

export interface HealthOptions {
  /** Sends no command. */
  readonly queueHealth: () => QueueHealth
  readonly objectStore: Probe
  /** `null`: the API uses none, so it does not know. */
  readonly vectorStore: Probe | null
  readonly now: () => number
}

/** A probe is asked again after this time, and given this long to answer: `/health` must answer within 2 s. */
const PROBE_EVERY_MS = 10_000
const PROBE_PATIENCE_MS = 1_200

export function createHealth(options: HealthOptions): () => Promise<Health> {
  const objectStore = watched(options.objectStore, options.now)
  const vectorStore =
    options.vectorStore === null ? async (): Promise<ServiceState> => 'unknown' : watched(options.vectorStore, options.now)
  return async () => {
    const { redis, workers } = options.queueHealth()
    const isAlive = workers.some(({ state }) => state !== 'offline')
    const [objects, vectors] = await Promise.all([objectStore(), vectorStore()])
    const services = {
      redis,
      object_store: objects,
      vector_store: vectors,
      worker: redis === 'down' ? ('unknown' as const) : isAlive ? ('ok' as const) : ('down' as const),
    }
    const isDegraded = Object.values(services).includes('down')
    return { status: redis === 'down' ? 'unavailable' : isDegraded ? 'degraded' : 'ok', services }
  }
}

function watched(probe: Probe, now: () => number): () => Promise<ServiceState> {
  let known: ServiceState = 'unknown'
  let askedAtMs = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | null = null

  const ask = async (): Promise<void> => {
    try {
      await probe()
      known = 'ok'
    } catch {
      known = 'down'
    }
    askedAtMs = now()
  }

  return async () => {
    if (now() - askedAtMs < PROBE_EVERY_MS) return known
    asking ??= ask().finally(() => (asking = null))
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), PROBE_PATIENCE_MS)
    })
    const outcome = await Promise.race([asking, late])
    clearTimeout(timer)
    // A store that is silent is as good as away; when it does answer after all, `known` is set then.
    return outcome === 'late' ? 'down' : known
  }
}
