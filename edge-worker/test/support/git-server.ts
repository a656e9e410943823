import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { gitEnvironment } from './git-command.js'

/** How the server misbehaves. Every field can be changed while it runs. */
export interface GitServerBehaviour {
  /** Basic-auth password that every request must carry; without it the answer is 401. */
  token?: string
  /** Answer every request with this status and no body. */
  status?: number
  /** Answer every request with 302 to this address. */
  redirectTo?: string
  /** Accept, read, and never answer. */
  hang?: boolean
  /** Wait before each answer. */
  delayMs?: number
  /** Let a git-upload-pack answer through in pieces of so many bytes, one every so often. */
  trickle?: { readonly bytes: number; readonly everyMs: number }
  /** Stop sending after so many bytes of a git-upload-pack answer: `cut` destroys the connection, `stall` keeps it open. */
  stopAfterBytes?: number
  stopHow?: 'cut' | 'stall'
  /** Answer git-upload-pack with noise of this many bytes, framed as a pack on side-band 1. */
  noiseBytes?: number
}

export interface GitServer {
  /** `http://127.0.0.1:<port>` (or https), as ALLOWED_GIT_HOSTS wants it. */
  readonly origin: string
  /** `127.0.0.1:<port>` */
  readonly host: string
  readonly behaviour: GitServerBehaviour
  /** What was asked, in order. */
  readonly requests: { readonly method: string; readonly url: string; readonly authorization: string | undefined }[]
  /** Bytes of git-upload-pack answers handed to the network. */
  readonly sentBytes: () => number
  readonly connections: () => number
  readonly close: () => Promise<void>
}

/** Serves every repository under `root` over smart HTTP with the real `git http-backend`, on a free loopback port. */
export async function startGitServer(
  root: string,
  behaviour: GitServerBehaviour = {},
  tls?: { readonly key: Buffer; readonly cert: Buffer },
): Promise<GitServer> {
  const requests: { method: string; url: string; authorization: string | undefined }[] = []
  const sockets = new Set<Socket>()
  let sent = 0
  let connections = 0
  const listener: RequestListener = (request, response) => {
    requests.push({ method: request.method ?? '', url: request.url ?? '', authorization: request.headers.authorization })
    answer(root, behaviour, request, response, (bytes) => (sent += bytes)).catch(() => response.destroy())
  }
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener)
  server.on('connection', (socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    behaviour,
    requests,
    sentBytes: () => sent,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  root: string,
  behaviour: GitServerBehaviour,
  request: IncomingMessage,
  response: ServerResponse,
  count: (bytes: number) => void,
): Promise<void> {
  if (behaviour.delayMs !== undefined) await pause(behaviour.delayMs)
  if (behaviour.hang === true) return
  if (behaviour.token !== undefined && passwordOf(request) !== behaviour.token) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('Who are you?')
    return
  }
  if (behaviour.redirectTo !== undefined) {
    response.writeHead(302, { location: behaviour.redirectTo }).end()
    return
  }
  if (behaviour.status !== undefined) {
    response.writeHead(behaviour.status).end()
    return
  }
  const isPack = request.method === 'POST'
  if (isPack && behaviour.noiseBytes !== undefined) {
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' })
    await sendNoise(response, behaviour.noiseBytes, count)
    return
  }
  await backend(root, request, response, (write, end) => (isPack ? shape(behaviour, write, end, response, count) : { write, end }))
}

function passwordOf(request: IncomingMessage): string | undefined {
  const encoded = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  return encoded === undefined
    ? undefined
    : Buffer.from(encoded, 'base64')
        .toString('utf8')
        .replace(/^[^:]*:/, '')
}

interface Out {
  readonly write: (chunk: Buffer) => void
  readonly end: () => void
}

/** Runs the CGI program and hands its body on through `wrap`. */
async function backend(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  wrap: (write: Out['write'], end: Out['end']) => Out,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://loopback')
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: request.headers['content-length'] ?? '',
      REMOTE_ADDR: '127.0.0.1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => undefined)
  request.pipe(child.stdin)
  response.on('close', () => child.kill())
  const out = wrap(
    (chunk) => void response.write(chunk),
    () => void response.end(),
  )
  let head: Buffer | null = Buffer.alloc(0)
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    if (head === null) {
      out.write(chunk)
      continue
    }
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) continue
    const lines = head.toString('latin1', 0, end).split('\r\n')
    const headers = lines.map((line) => line.split(': ', 2) as [string, string])
    const status = headers.find(([name]) => name === 'Status')?.[1]
    response.writeHead(Number(status?.slice(0, 3) ?? 200), Object.fromEntries(headers.filter(([name]) => name !== 'Status')))
    const rest = head.subarray(end + 4)
    head = null
    if (rest.length > 0) out.write(rest)
  }
  out.end()
}

/** The faults that concern the body of a pack. */
function shape(
  behaviour: GitServerBehaviour,
  write: Out['write'],
  end: Out['end'],
  response: ServerResponse,
  count: (bytes: number) => void,
): Out {
  let left = behaviour.stopAfterBytes ?? Infinity
  const queue: Buffer[] = []
  let ended = false
  const send = (chunk: Buffer): void => {
    if (left <= 0) return
    const part = chunk.subarray(0, left)
    left -= part.length
    count(part.length)
    write(part)
    if (left <= 0 && behaviour.stopHow !== 'stall') setTimeout(() => response.destroy(), 50)
  }
  const { trickle } = behaviour
  if (trickle === undefined) return { write: send, end: () => (left > 0 ? end() : undefined) }
  const timer = setInterval(() => {
    const [first] = queue
    if (first === undefined) {
      if (ended) {
        clearInterval(timer)
        end()
      }
      return
    }
    send(first.subarray(0, trickle.bytes))
    if (first.length > trickle.bytes) queue[0] = first.subarray(trickle.bytes)
    else queue.shift()
  }, trickle.everyMs)
  response.on('close', () => clearInterval(timer))
  return { write: (chunk) => void queue.push(chunk), end: () => (ended = true) }
}

async function sendNoise(response: ServerResponse, bytes: number, count: (bytes: number) => void): Promise<void> {
  let wake = (): void => undefined
  response.on('drain', () => wake()).on('close', () => wake())
  response.write('0008NAK\n')
  const frame = Buffer.concat([Buffer.from('fff0\x01'), Buffer.alloc(0xfff0 - 5, 'P')])
  for (let sent = 0; sent < bytes && !response.destroyed; sent += frame.length) {
    count(frame.length)
    if (!response.write(frame)) await new Promise<void>((resolve) => (wake = resolve))
  }
  response.end('0000')
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
