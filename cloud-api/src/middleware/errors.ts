import type { ErrorRequestHandler } from 'express'
import { DoctownError, type ErrorCode } from '@doctown/common/contracts/errors.js'
import type { ErrorBody } from '@doctown/common/contracts/http/bodies.js'
import { contextOf } from './request-context.js'

/** Seconds after which coming back makes sense. */
const RETRY_AFTER: Partial<Record<ErrorCode, number>> = {
  queue_full: 30,
  rate_limited: 60,
  too_many_streams: 30,
  too_many_downloads: 5,
  queue_unavailable: 5,
  redis_unavailable: 5,
  object_store_unavailable: 10,
  vector_store_unavailable: 10,
}

/** What a stranger may read of our own troubles; the log has the rest. A code that is neither here nor the client's own is `internal`. */
const OUR_TROUBLES: Partial<Record<ErrorCode, string>> = {
  object_store_unavailable: 'The store of docpacks does not answer. Try again later.',
  vector_store_unavailable: 'The vector store does not answer. Nothing was changed; try again later.',
  object_store_refused: 'The store of docpacks refused us. Whoever runs this service finds the reason in its log.',
}
/** Their sentences are made for the reader, and name the cause. */
const OUR_SENTENCES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'queue_unavailable',
  'redis_unavailable',
  'too_many_streams',
  'too_many_downloads',
])

export interface ErrorReply {
  readonly status: number
  readonly body: ErrorBody
  readonly retryAfterSeconds: number | null
}

/** Anything thrown, as the JSON a client gets: never a stack, a path or a secret. */
export function errorReply(thrown: unknown): ErrorReply {
  const error = readable(thrown)
  const { retry_after: retryAfter, ...extra } = error.details
  return {
    status: error.status,
    body: { detail: error.message, error: error.code, ...extra },
    retryAfterSeconds: typeof retryAfter === 'number' ? retryAfter : (RETRY_AFTER[error.code] ?? null),
  }
}

/** Express knows an error handler by its four parameters. */
export const answerErrors: ErrorRequestHandler = (thrown: unknown, request, response, _next) => {
  const { log } = contextOf(response)
  const reply = errorReply(thrown)
  // The client has gone: nobody is left to answer.
  if (request.destroyed && !request.complete) return
  if (reply.status >= 500) log.error('request failed', { error: thrown, code: reply.body.error, method: request.method })
  if (response.headersSent) {
    // What is half sent cannot be taken back; a connection cut short is the one honest end.
    response.destroy()
    return
  }
  if (reply.retryAfterSeconds !== null) response.set('retry-after', String(reply.retryAfterSeconds))
  response.status(reply.status).set('cache-control', 'no-store').json(reply.body)
}

function readable(thrown: unknown): DoctownError {
  if (thrown instanceof DoctownError) {
    if (thrown.status < 500 || OUR_SENTENCES.has(thrown.code)) return thrown
    const sentence = OUR_TROUBLES[thrown.code]
    return sentence === undefined ? internal() : new DoctownError(thrown.code, sentence)
  }
  const { type, status } = bodyParserError(thrown)
  if (type === 'entity.parse.failed') return new DoctownError('invalid_json', 'The body is not valid JSON.')
  if (type === 'entity.too.large') return new DoctownError('payload_too_large', 'The body is longer than 100 KiB.')
  if (status >= 400 && status < 500) return new DoctownError('invalid_request', 'The request could not be read.')
  return internal()
}

const internal = (): DoctownError =>
  new DoctownError('internal', 'Something went wrong on our side. Try again later; the x-request-id header names this request.')

/** Express and its body parser mark the client's mistakes with a status. */
function bodyParserError(thrown: unknown): { readonly type: string; readonly status: number } {
  // Read field by field, because a stranger's error may be anything.
  const { type, status } = (thrown ?? {}) as { type?: unknown; status?: unknown }
  return { type: typeof type === 'string' ? type : '', status: typeof status === 'number' ? status : 500 }
}
