import type { RequestHandler } from 'express'

const PREFLIGHT_SECONDS = 600

/** Lets pages of the listed origins call the API (`*`: of any). No cookies are ever involved. */
export function cors(origins: readonly string[]): RequestHandler {
  const any = origins.includes('*')
  return (request, response, next) => {
    if (origins.length === 0) return next()
    response.vary('origin')
    const origin = request.get('origin')
    if (origin === undefined || !(any || origins.includes(origin))) return next()
    response.set('access-control-allow-origin', any ? '*' : origin)
    response.set('access-control-expose-headers', 'x-request-id, x-doctown-version, retry-after, etag, content-disposition')
    response.set('cross-origin-resource-policy', 'cross-origin')
    if (request.method !== 'OPTIONS' || request.get('access-control-request-method') === undefined) return next()
    response.set('access-control-allow-methods', 'GET, POST, DELETE')
    response.set('access-control-allow-headers', 'authorization, content-type, if-none-match, last-event-id, x-request-id')
    response.set('access-control-max-age', String(PREFLIGHT_SECONDS))
    response.status(204).end()
  }
}
