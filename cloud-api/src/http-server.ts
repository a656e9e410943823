import { randomUUID } from 'node:crypto'
import { STATUS_CODES, createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Express } from 'express'
import { DoctownError, type ErrorCode } from '@doctown/common/contracts/errors.js'
import { DOCTOWN_VERSION } from '@doctown/common/contracts/version.js'

/** A slow socket holds next to nothing, but not for ever: Node would grant it 60 s for headers and 5 min for all. */
const HEADERS_MS = 10_000
const REQUEST_MS = 30_000
const CHECK_MS = 2_000
/** Longer than the keep-alive of the proxies in front, which would otherwise write into a socket that we just closed. */
const KEEP_ALIVE_MS = 65_000
/** A reader that takes nothing of its answer; event streams write a ping more often. */
const IDLE_MS = 60_000
/** What the parser takes; `requestSize` refuses less than this in JSON. */
const MAX_HEADER_BYTES = 32 * 1024

/** An HTTP server that answers in JSON even what never becomes a request. */
export function createHttpServer(app: Express): Server {
  const server = createServer(
    {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Ours to refuse, with a body that says why.
      requireHostHeader: false,
    },
    app,
  )
  server.setTimeout(IDLE_MS)
  server.on('checkExpectation', app)
  // A tunnel is nothing that we have; without a listener Node would hang up without a word.
  server.on('connect', (_request, socket: Duplex) => void socket.end(rawReply(refusal(undefined))))
  const answering = new WeakMap<Socket, number>()
  const count = (socket: Socket, by: number): void => void answering.set(socket, (answering.get(socket) ?? 0) + by)
  server.on('request', ({ socket }, response) => {
    count(socket, 1)
    response.once('close', () => count(socket, -1))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    // An answer to an earlier request is on its way: ours would be taken for it.
    if ((answering.get(socket) ?? 0) > 0) return void socket.destroy()
    socket.end(rawReply(refusal(error.code)))
  })
  return server
}

function refusal(code: string | undefined): DoctownError {
  if (code === 'HPE_HEADER_OVERFLOW') return new DoctownError('headers_too_large', 'The headers are longer than 16 KiB.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new DoctownError('request_timeout', 'The request took too long to arrive.')
  return new DoctownError('invalid_request', 'This is not a request in HTTP.')
}

function rawReply({ status, code, message }: { readonly status: number; readonly code: ErrorCode; readonly message: string }): string {
  const body = JSON.stringify({ detail: message, error: code })
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${randomUUID()}`,
    `x-doctown-version: ${DOCTOWN_VERSION}`,
    'connection: close',
    '',
    body,
  ].join('\r\n')
}
