import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import type { RouteName } from '@doctown/common/contracts/http/routes.js'
import { DOCTOWN_VERSION } from '@doctown/common/contracts/version.js'
import type { StructuredLog } from '@doctown/common/runtime/log.js'

export interface RequestContext {
  readonly requestId: string
  readonly address: string
  /** Path as it stood on the request line, without BASE_PATH and query. */
  readonly rawPath: string
  readonly log: StructuredLog
  route: RouteName | null
}

export interface RequestContextOptions {
  readonly basePath: string
  readonly log: StructuredLog
  readonly now: () => number
  /** Told of every answered request. */
  readonly onFinish: (facts: {
    readonly route: RouteName | null
    readonly method: string
    readonly status: number
    readonly seconds: number
  }) => void
}

/** No answer should take longer; event streams and downloads take what their readers take. */
const SLOW_SECONDS = 2

/** A caller's own id is kept when it cannot be mistaken for anything else. */
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/

/** Gives every request an id, a log that says it, and every answer the two headers that all have. */
export function requestContext(options: RequestContextOptions): RequestHandler {
  return (request, response, next) => {
    const startedAt = options.now()
    const given = request.get('x-request-id')
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID()
    const { originalUrl } = request
    const queryAt = originalUrl.indexOf('?')
    const path = queryAt === -1 ? originalUrl : originalUrl.slice(0, queryAt)
    let log: StructuredLog | null = null
    response.locals.context = {
      requestId,
      address: clientAddress(request.ip ?? '', request.socket.remoteAddress ?? ''),
      rawPath: path.startsWith(options.basePath) ? path.slice(options.basePath.length) || '/' : path,
      // Most requests say nothing.
      get log() {
        log ??= options.log.with({ requestId })
        return log
      },
      route: null,
    } satisfies RequestContext
    response.setHeader('x-request-id', requestId)
    response.setHeader('x-doctown-version', DOCTOWN_VERSION)
    response.once('finish', () => {
      const context = contextOf(response)
      const { route } = context
      const facts = { route, method: request.method, status: response.statusCode, seconds: (options.now() - startedAt) / 1000 }
      options.onFinish(facts)
      // Dashboards ask every two seconds: only what changes something is worth a line.
      if (request.method === 'POST' || request.method === 'DELETE') context.log.info('request finished', facts)
      else if (facts.seconds > SLOW_SECONDS && route !== 'jobEvents' && route !== 'download') context.log.warn('request was slow', facts)
    })
    next()
  }
}

/** Express types `locals` as any; `requestContext` runs before everything and sets it. */
export const contextOf = (response: Response): RequestContext => response.locals.context as RequestContext

/** Who asks, as the proxy in front tells it. From elsewhere nobody is this machine, which is exempt from limits, whatever the header says. */
export function clientAddress(told: string, peer: string): string {
  const address = plainAddress(told)
  return isLoopback(address) ? plainAddress(peer) : address
}

/** One spelling of an address, whichever socket it came in by; what a proxy made up is cut. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').slice(0, 45)

export const isLoopback = (address: string): boolean => address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address)
