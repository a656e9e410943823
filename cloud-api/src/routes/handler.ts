import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { RouteName, Routes } from '@doctown/common/contracts/http/routes.js'
import type { StructuredLog } from '@doctown/common/runtime/log.js'

/** A request whose row of the contract has read it: nothing in here is still `unknown`. */
export interface RouteRequest<Name extends RouteName> {
  readonly params: z.output<Routes[Name]['params']>
  readonly query: z.output<Routes[Name]['query']>
  readonly body: Routes[Name]['body'] extends z.ZodType ? z.output<Routes[Name]['body']> : null
  /** Shown a good admin bearer. */
  readonly isAdmin: boolean
  /** Of the client, as the proxy in front tells it. */
  readonly address: string
  readonly log: StructuredLog
  /** For the routes that write their answer bit by bit. */
  readonly request: Request
  readonly response: Response
}

export type Reply =
  | { readonly status: number; readonly json: unknown }
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly content: Uint8Array | string | null }

/** `undefined`: the handler has answered itself. */
export type Handler<Name extends RouteName> = (request: RouteRequest<Name>) => Promise<Reply | undefined> | Reply

/** A row without a handler does not compile. */
export type Handlers = { readonly [Name in RouteName]: Handler<Name> }
