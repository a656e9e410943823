import { createHash, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { HttpRoute } from '@doctown/common/contracts/http/route.js'
import type { Secret } from '@doctown/common/contracts/secret.js'
import { contextOf } from './request-context.js'

/** True for a good admin bearer. Throws `unauthorized` where the row asks for one, `rate_limited` to an address that goes on guessing. */
export type Authenticator = (auth: HttpRoute['auth'], request: Request, response: Response) => Promise<boolean>

export interface AuthenticatorOptions {
  /** Two while rotating. */
  readonly tokens: readonly Secret[]
  /** Counts a bad token, and refuses with `rate_limited` past the limit. */
  readonly limitBadTokens: RequestHandler
  readonly onFailure: () => void
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const digests = options.tokens.map((token) => digest(token.reveal()))
  const isGood = (token: string): boolean => {
    const shown = digest(token)
    // Every token is compared, so that the time tells nothing.
    return digests.map((expected) => timingSafeEqual(expected, shown)).includes(true)
  }

  return async (auth, request, response) => {
    if (auth === 'none') return false
    const token = /^bearer +([^\s]+) *$/i.exec(request.get('authorization') ?? '')?.[1]
    if (token !== undefined && isGood(token)) return true
    // A public route takes anybody, but is no place to try tokens at.
    if (auth === 'optional' && token === undefined) return false
    options.onFailure()
    contextOf(response).log.warn('authentication failed', { address: contextOf(response).address, shown: token !== undefined })
    await new Promise<void>((resolve, reject) => {
      const next = (error?: unknown): void => (error === undefined ? resolve() : reject(error as Error))
      void Promise.resolve(options.limitBadTokens(request, response, next)).catch(reject)
    })
    if (auth === 'optional') return false
    response.set('www-authenticate', 'Bearer')
    throw new DoctownError('unauthorized', 'Invalid or missing authentication token')
  }
}

/** Equal lengths, whatever was shown. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest()
