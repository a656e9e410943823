import type { RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { contextOf } from './request-context.js'

const WINDOW_MS = 60_000

/** So many a minute an address (an IPv6 network counts as one); over it `rate_limited`. 0 is no limit. */
export function perMinute(limit: number): RequestHandler {
  if (limit === 0) return (_request, _response, next) => next()
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    keyGenerator: (_request, response) => addressKey(contextOf(response).address),
    handler: (request, _response, next) => {
      // Set by the library on the request it hands over; its types leave it out.
      const { resetTime } = (request as typeof request & { rateLimit: { resetTime?: Date } }).rateLimit
      const seconds = Math.max(1, Math.ceil(((resetTime?.getTime() ?? Date.now() + WINDOW_MS) - Date.now()) / 1000))
      next(
        new DoctownError('rate_limited', `Too many requests from your address. Try again in ${seconds} s.`, {
          details: { retry_after: seconds },
        }),
      )
    },
  })
}

/** A home is given a whole IPv6 network, so its /56 counts as one address. */
export const addressKey = (address: string): string => (/^[0-9a-f]*:[0-9a-f:]+$/i.test(address) ? ipKeyGenerator(address, 56) : address)
