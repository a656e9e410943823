import type { ErrorCode } from '../../contracts/errors.js'

/**
 * Why one try came to nothing, in the words of the retry policy and of no vendor:
 * - `busy`: asked to slow down; worth up to five tries
 * - `broken`: an error of the other side, a lost connection, an answer that is none; worth up to three
 * - `quota`: nothing left to spend; `refused`: key, model or request not accepted. Trying again cannot help.
 */
export class TryFailure extends Error {
  readonly kind: 'busy' | 'broken' | 'quota' | 'refused'
  /** What the other side asked us to wait, in ms. */
  readonly retryAfterMs: number | null
  /** True when no request with this key can succeed, so that the next one need not be sent. */
  readonly lasts: boolean
  /** What the try cost all the same. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number }

  /** `reason` is shown to people: it must hold no key and no text of the vendor's that might quote one. */
  constructor(kind: TryFailure['kind'], reason: string, facts: Partial<Pick<TryFailure, 'retryAfterMs' | 'lasts' | 'usage'>> = {}) {
    super(reason)
    this.kind = kind
    this.retryAfterMs = facts.retryAfterMs ?? null
    this.lasts = facts.lasts ?? kind === 'quota'
    this.usage = facts.usage ?? { inputTokens: 0, outputTokens: 0 }
  }
}

export const CODE_OF: Readonly<Record<TryFailure['kind'], ErrorCode>> = {
  busy: 'llm_unavailable',
  broken: 'llm_unavailable',
  quota: 'llm_quota',
  refused: 'llm_refused',
}
