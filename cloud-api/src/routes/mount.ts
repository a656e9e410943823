import express, { type NextFunction, type Request, type RequestHandler, type Response, type Router } from 'express'
import type { z } from 'zod'
import { DoctownError, type ErrorCode } from '@doctown/common/contracts/errors.js'
import type { HttpRoute } from '@doctown/common/contracts/http/route.js'
import { ROUTES, type RouteName } from '@doctown/common/contracts/http/routes.js'
import { LIMITS } from '@doctown/common/contracts/limits.js'
import type { Authenticator } from '../middleware/authenticate.js'
import { contextOf } from '../middleware/request-context.js'
import type { Handler, Handlers, Reply } from './handler.js'
import { pathPattern } from './path-pattern.js'

export interface MountOptions {
  readonly handlers: Handlers
  readonly authenticate: Authenticator
  /** Runs before every public read but the health routes, which a host asks for its own reasons. */
  readonly limitReads: RequestHandler
}

const UNLIMITED: ReadonlySet<RouteName> = new Set<RouteName>(['health', 'live'])

/** Every row of the contract as an Express route: bearer, rate, parameters, query, body, handler, in this order. */
export function mountRoutes(router: Router, options: MountOptions): void {
  const readJson = express.json({ limit: LIMITS.jsonBodyBytes, strict: false, type: () => true })
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const route: HttpRoute = ROUTES[name]
    const pattern = pathPattern(route.path)
    const limit = route.auth === 'admin' || UNLIMITED.has(name) ? null : options.limitReads
    // The table's type and the handlers' are made from one another; a loop over names loses that.
    const handler = options.handlers[name] as Handler<never>

    router[route.method](pattern.matcher, async (request: Request, response: Response) => {
      const context = contextOf(response)
      context.route = name
      const isAdmin = await options.authenticate(route.auth, request, response)
      if (limit !== null) await run(limit, request, response)
      const body = route.body === null ? null : await readBody(readJson, route.body, request, response)
      const reply = await handler({
        params: read(route.params, decoded(pattern.read(context.rawPath), route.wrongParams), route.wrongParams),
        query: read(route.query, request.query, route.wrongQuery),
        body,
        isAdmin,
        address: context.address,
        log: context.log,
        request,
        response,
      } as never)
      if (reply !== undefined) send(reply, isAdmin, response)
    })
  }
}

function send(reply: Reply, isAdmin: boolean, response: Response): void {
  response.status(reply.status)
  if ('json' in reply) {
    // A reader may keep a copy when it asks each time whether it is still good; what only the admin may see is kept nowhere.
    response.set('cache-control', isAdmin ? 'no-store' : 'no-cache').json(reply.json)
    return
  }
  response.set(reply.headers)
  if (reply.content === null) response.end()
  else
    response.send(
      typeof reply.content === 'string'
        ? reply.content
        : Buffer.from(reply.content.buffer, reply.content.byteOffset, reply.content.byteLength),
    )
}

/** Parameters decoded once. A sequence that is no UTF-8 is the client's mistake, not ours. */
function decoded(raw: Readonly<Record<string, string>>, wrong: ErrorCode): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    if (wrong === 'invalid_repo_url') throw new DoctownError('invalid_repo_url', 'Invalid repository URL')
    throw new DoctownError('invalid_request', 'The address has a percent sign that begins no valid sequence.')
  }
}

function read(schema: z.ZodType, value: unknown, wrong: ErrorCode): unknown {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  if (wrong === 'not_found') throw new DoctownError('not_found', 'There is nothing here.')
  const [issue] = result.error.issues
  const field = issue?.path.join('.') ?? ''
  const message = issue?.message ?? 'The request is wrong.'
  const sentence = field === '' || message.startsWith(field) ? message : `${field}: ${message}`
  throw new DoctownError(wrong, `${sentence.replace(/\.$/, '')}.`)
}

async function readBody(readJson: RequestHandler, schema: z.ZodType, request: Request, response: Response): Promise<unknown> {
  await run(readJson, request, response)
  return read(schema, request.body, 'invalid_request')
}

/** A middleware as a promise. */
function run(middleware: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    const next: NextFunction = (error?: unknown) => (error === undefined ? resolve() : reject(error as Error))
    void Promise.resolve(middleware(request, response, next)).catch(reject)
  })
}
