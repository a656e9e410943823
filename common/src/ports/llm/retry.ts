import { DoctownError } from '../../contracts/errors.js'
import { sleep } from '../../runtime/sleep.js'
import { CODE_OF, TryFailure } from './failure.js'

/** limits-and-faults.md, section 3: 429 at most 5 tries and 120 s a call; everything else that may pass, 3 tries. */
const MOST_TRIES = { busy: 5, broken: 3, quota: 1, refused: 1 } as const
export const CALL_MS = 120_000

export interface RetryOptions {
  readonly signal: AbortSignal | undefined
  /** First pause without Retry-After; doubled at each try. Default 500. */
  readonly backoffMs?: number
  /** In [0, 1), for the jitter that keeps ten waiting requests from coming back at once. */
  readonly random: () => number
}

/**
 * Tries until it succeeds, until trying again cannot help, or until tries or time run out. `attempt` gets the time that is left, in ms.
 * A pause is at least what the other side asked for; one that would not end in time is not begun.
 * Throws the signal's reason, `llm_quota`, `llm_refused` or `llm_unavailable`.
 */
export async function withRetries<T>(options: RetryOptions, attempt: (leftMs: number) => Promise<T>): Promise<T> {
  const { signal, backoffMs = 500, random } = options
  const started = performance.now()
  const left = (): number => CALL_MS - (performance.now() - started)
  const tries = { busy: 0, broken: 0, quota: 0, refused: 0 }
  for (let pause = backoffMs; ; pause *= 2) {
    signal?.throwIfAborted()
    try {
      return await attempt(left())
    } catch (error) {
      signal?.throwIfAborted()
      if (!(error instanceof TryFailure)) throw error
      tries[error.kind] += 1
      const waitMs = Math.max(error.retryAfterMs ?? 0, pause) + random() * pause
      if (tries[error.kind] >= MOST_TRIES[error.kind] || waitMs >= left()) throw gaveUp(error)
      await sleep(waitMs, signal)
    }
  }
}

const gaveUp = (failure: TryFailure): DoctownError =>
  new DoctownError(CODE_OF[failure.kind], `The language model ${failure.message}`, { cause: failure })
