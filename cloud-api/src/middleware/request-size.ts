import type { RequestHandler } from 'express'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'

/** Node's own default for a request's headers together; the parser is allowed more, so that we can say in JSON what was too long. */
const HEADER_BYTES = 16 * 1024

/** Refuses an address over 8 KiB, headers over 16 KiB, a request line that is no path, and any but one host (HTTP/1.0 may have none). */
export const requestSize: RequestHandler = (request, _response, next) => {
  if (request.originalUrl.length > LIMITS.urlBytes) {
    return next(new DoctownError('uri_too_long', 'The address is longer than 8 KiB.'))
  }
  const headerBytes = request.rawHeaders.reduce((bytes, text) => bytes + text.length + 2, 0)
  if (headerBytes > HEADER_BYTES) return next(new DoctownError('headers_too_large', 'The headers are longer than 16 KiB.'))
  if (!request.originalUrl.startsWith('/') && request.method !== 'OPTIONS') {
    return next(new DoctownError('invalid_request', 'The request line must name a path that begins with a slash.'))
  }
  if (request.httpVersion === '1.1' && request.get('host') === undefined) {
    return next(new DoctownError('invalid_request', 'The request has no Host header.'))
  }
  // Which of two names a proxy in front believed cannot be known.
  if (request.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length > 1) {
    return next(new DoctownError('invalid_request', 'The request has more than one Host header.'))
  }
  return next()
}
