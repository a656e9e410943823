import type { OpenedSession, OnnxProvider } from './onnx-session.js'

/** A session that is replaced by one on the CPU when its provider dies in the middle of the work. */
export interface SteadySession {
  readonly provider: OnnxProvider
  readonly shape: OpenedSession['shape']
  readonly refused: OpenedSession['refused']
  run: OpenedSession['run']
  close(): Promise<void>
}

/**
 * Runs the batch again on the CPU when a GPU provider throws (a driver reset, memory that is gone) or gives no numbers, and stays there. `told` hears of it
 * once. `openOnCpu` is `null` where the CPU was ruled out (`ONNX_USE_GPU=true`): then the error goes to the caller.
 */
export function withFallback(
  first: OpenedSession,
  { openOnCpu, told }: { readonly openOnCpu: (() => Promise<OpenedSession>) | null; readonly told: (now: SteadySession) => void },
): SteadySession {
  let session = first
  const refused = [...first.refused]
  const steady: SteadySession = {
    get provider() {
      return session.provider
    },
    get shape() {
      return session.shape
    },
    refused,
    async run(batch) {
      try {
        const vectors = await session.run(batch)
        // The CPU may do better; if it does not, the model is broken, and the embed stage says so.
        if (session.provider !== 'cpu' && !vectors.every(Number.isFinite)) throw new Error('its vectors were not finite')
        return vectors
      } catch (error) {
        if (session.provider === 'cpu' || openOnCpu === null) throw error
        const dead = session
        refused.push({ provider: dead.provider, reason: `it died at work: ${error instanceof Error ? error.message : String(error)}` })
        session = await openOnCpu()
        told(steady)
        // What is broken may not even close.
        await dead.close().catch(() => {})
        return session.run(batch)
      }
    },
    close: () => session.close(),
  }
  return steady
}
