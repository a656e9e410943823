import { DoctownError } from '../../contracts/errors.js'

/** Longest part of Qdrant's own sentence that we pass on. */
const MAX_REASON = 200

/** Whatever the client throws, in our words. `details.status` is the HTTP status where there was one. */
export function qdrantError(error: unknown): DoctownError {
  if (error instanceof DoctownError) return error
  const status = numberField(error, 'status')
  if (status === undefined) {
    const name = error instanceof Error ? error.constructor.name : ''
    const said =
      name === 'QdrantClientTimeoutError'
        ? 'did not answer in time'
        : name === 'QdrantClientResourceExhaustedError'
          ? 'is overloaded'
          : 'does not answer'
    return new DoctownError('vector_store_unavailable', `Qdrant ${said}. We will try again later.`, { cause: error })
  }
  const details = { status }
  if (status >= 500 || status === 408 || status === 429) {
    return new DoctownError('vector_store_unavailable', `Qdrant answered ${status}. We will try again later.`, { cause: error, details })
  }
  const advice =
    status === 401 || status === 403 ? 'Check QDRANT_API_KEY.' : status === 404 ? 'Check QDRANT_URL; Qdrant 1.18 or newer is needed.' : ''
  return new DoctownError('vector_store_refused', `Qdrant refused our request (${status}${reason(error)}). ${advice}`.trimEnd(), {
    cause: error,
    details,
  })
}

/** The collection is not there. */
export const isMissing = (error: unknown): boolean => error instanceof DoctownError && error.details['status'] === 404

/** `{status: {error: "..."}}` is how Qdrant says why. */
function reason(error: unknown): string {
  const data = field(error, 'data')
  const text = field(field(data, 'status'), 'error')
  return typeof text === 'string' ? `: ${text.slice(0, MAX_REASON)}` : ''
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined

function numberField(value: unknown, name: string): number | undefined {
  const found = field(value, name)
  return typeof found === 'number' ? found : undefined
}
