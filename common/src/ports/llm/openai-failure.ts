import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai'
import { TryFailure } from './failure.js'

/** 429s that waiting cannot cure: the account has nothing left, or a limit that a person set is reached. Read from `error.code` and `error.type`. */
const NOTHING_LEFT = /quota|credit|billing|spend|usage_limit|budget|hard_limit/i

/**
 * What the SDK threw, in the words of the retry policy. Nothing of the vendor's own text is kept but its machine-readable code:
 * a server may quote the key in its message.
 */
export function openaiFailure(error: unknown): TryFailure {
  if (error instanceof TryFailure) return error
  if (error instanceof APIConnectionTimeoutError) return new TryFailure('broken', 'did not answer in time; try again later.')
  if (error instanceof APIConnectionError) return new TryFailure('broken', 'cannot be reached; check OPENAI_BASE_URL and the network.')
  if (!(error instanceof APIError) || error.status === undefined) return new TryFailure('broken', 'broke off its answer; try again later.')
  return byStatus(error)
}

function byStatus(error: APIError): TryFailure {
  const { status, code } = error
  const told = typeof code === 'string' && /^[a-z0-9_]{1,64}$/.test(code) ? ` (${code})` : ''
  if (status === 429) {
    return NOTHING_LEFT.test(`${code ?? ''} ${error.type ?? ''}`)
      ? new TryFailure('quota', `has nothing left to spend${told}; add credit or raise the limit of the account.`)
      : new TryFailure('busy', `is asked too often${told}; lower MAX_CONCURRENT_REQUESTS or try again later.`, {
          retryAfterMs: retryAfterMs(error),
        })
  }
  if (status === 401) return new TryFailure('refused', `does not accept the key${told}; check OPENAI_API_KEY.`, { lasts: true })
  if (status === 403) return new TryFailure('refused', `does not let this key in${told}; check what the key may do.`, { lasts: true })
  if (status === 404) return new TryFailure('refused', `is not known there${told}; check MODEL_NAME and OPENAI_BASE_URL.`)
  if (status === 408 || status === 409 || (status !== undefined && status >= 500)) {
    return new TryFailure('broken', `failed with status ${status}${told}; try again later.`, { retryAfterMs: retryAfterMs(error) })
  }
  return new TryFailure('refused', `does not accept the request (status ${status}${told}).`)
}

/** Retry-After in seconds or as a date, `retry-after-ms` where a server gives it finer. */
function retryAfterMs(error: APIError): number | null {
  const ms = Number(error.headers?.get('retry-after-ms') ?? Number.NaN)
  if (Number.isFinite(ms) && ms >= 0) return ms
  const text = error.headers?.get('retry-after') ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now())
}
