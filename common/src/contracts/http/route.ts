import type { z } from 'zod'
import type { ErrorCode } from '../errors.js'

export interface HttpAnswer {
  readonly description: string
  /** Absent: no body. */
  readonly contentType?: string
  /** Absent: not JSON. */
  readonly body?: z.ZodType
  /** Response headers worth knowing, name to meaning. */
  readonly headers?: Readonly<Record<string, string>>
}

/** One row of the contract. Validation and `docs/openapi.json` are both made from it, so that they cannot disagree. */
export interface HttpRoute {
  readonly method: 'get' | 'post' | 'delete'
  /** OpenAPI template. A last parameter written `{name...}` takes the rest of the path, slashes included. */
  readonly path: string
  readonly summary: string
  readonly description?: string
  /** `admin`: decided before anything else. `optional`: the admin bearer shows private repositories too. */
  readonly auth: 'none' | 'optional' | 'admin'
  readonly params: z.ZodObject
  /** What a malformed path parameter is answered with. */
  readonly wrongParams: ErrorCode
  /** A repeated name reaches the schema as an array, which no schema of a string accepts. Unknown names are ignored. */
  readonly query: z.ZodObject
  readonly wrongQuery: ErrorCode
  readonly headers?: z.ZodObject
  readonly body: z.ZodType | null
  readonly answers: Readonly<Record<number, HttpAnswer>>
  /** Besides those that any route may give: `invalid_request`, `rate_limited`, `internal`. */
  readonly errors: readonly ErrorCode[]
}
