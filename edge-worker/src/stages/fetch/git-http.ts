/**
 * The HTTP client that isomorphic-git is given. Its own one follows ten redirects, to loopback too, and keeps the
 * Authorization header when only the port differs (limits-and-faults.md, measured fact 8); this one does neither.
 */
import { lookup as systemLookup } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git'
import { isPublicAddress } from './address-check.js'
import type { FetchLimits } from './fetch-limits.js'
import { redirectRefused, refusedByServer } from './git-errors.js'

export interface GitHttpOptions {
  /** Origins for which http, private addresses and loopback are allowed. */
  readonly trustedOrigins: readonly string[]
  readonly limits: Pick<FetchLimits, 'packBytes' | 'connectMs' | 'idleMs'>
  /** Every address of a host name. What it gives is checked and then connected to; nobody asks twice. */
  readonly resolve?: (hostname: string) => Promise<readonly ResolvedAddress[]>
  /** Shared by every client of one clone, so that the limit holds for all requests together. */
  readonly counter: ByteCounter
}

export interface ByteCounter {
  /** Bytes of every response body. */
  all: number
  /** Bytes of what upload-pack sent. */
  pack: number
}

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

export interface GitHttp extends HttpClient {
  /** Rejects with the first failure of any request, whatever isomorphic-git makes of it; never resolves. */
  readonly failed: Promise<never>
}

export function createGitHttp(options: GitHttpOptions): GitHttp {
  const trusted = new Set(options.trustedOrigins.map((origin) => new URL(origin).origin))
  let fail!: (error: unknown) => void
  const failed = new Promise<never>((_resolve, reject) => (fail = reject))
  // Who waits for the clone sees the same failure; without a listener Node would end the process.
  failed.catch(() => undefined)

  async function request(asked: GitHttpRequest): Promise<GitHttpResponse> {
    try {
      const url = new URL(asked.url)
      const isTrusted = trusted.has(url.origin)
      checkUrl(url, isTrusted)
      const response = await send(url, asked, { ...options, isTrusted, fail })
      const { statusCode = 0, statusMessage = '', headers } = response
      if (statusCode >= 300 && statusCode < 400) {
        response.destroy()
        throw redirectRefused(headers.location)
      }
      return {
        url: asked.url,
        method: asked.method,
        statusCode,
        statusMessage,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
        // isomorphic-git writes an `error` property on it and calls next(); a generator object allows both.
        body: body(response, asked.method === 'POST', isAdvertisement(response)),
      }
    } catch (error) {
      fail(error)
      throw error
    }
  }

  async function* body(response: http.IncomingMessage, isPack: boolean, isAdvertised: boolean): AsyncIterableIterator<Uint8Array> {
    let isFirst = true
    let tail = Buffer.alloc(0)
    try {
      // response: AsyncIterable<any> in Node's types; without an encoding set it gives Buffers.
      for await (const chunk of response as AsyncIterable<Buffer>) {
        options.counter.all += chunk.length
        if (isPack) options.counter.pack += chunk.length
        if (options.counter.all > options.limits.packBytes) {
          throw new DoctownError(
            'repo_too_large',
            `The repository's pack is larger than ${Math.floor(options.limits.packBytes / 1024 / 1024)} MiB; Doctown reads smaller ones. Build it from a local folder instead.`,
          )
        }
        if (isFirst) throwServerError(chunk)
        isFirst = false
        tail = Buffer.concat([tail, chunk.subarray(-4)]).subarray(-4)
        yield chunk
      }
      if (!response.complete)
        throw new DoctownError('git_unavailable', 'The git server closed the connection in the middle of the transfer.')
      // isomorphic-git takes a list of refs that stops early for a shorter one, or for an empty repository.
      if (isAdvertised && tail.toString('latin1') !== '0000')
        throw new DoctownError('git_protocol', 'The git server sent half a list of refs; try again later.')
    } catch (error) {
      const told = error instanceof DoctownError ? error : connectionLost(error)
      fail(told)
      throw told
    } finally {
      response.destroy()
    }
  }

  return { request, failed }
}

function isAdvertisement({ statusCode, headers }: http.IncomingMessage): boolean {
  return statusCode === 200 && headers['content-type'] === 'application/x-git-upload-pack-advertisement'
}

/** A pkt-line `ERR ...` at the start is how upload-pack refuses; isomorphic-git reads over it. */
function throwServerError(chunk: Buffer): void {
  const match = /^[0-9a-f]{4}ERR (.*)/s.exec(chunk.subarray(0, 1024).toString('latin1'))
  if (match) throw refusedByServer(match[1] ?? '')
}

function checkUrl(url: URL, isTrusted: boolean): void {
  if (isTrusted) return
  if (url.protocol !== 'https:') {
    throw new DoctownError('address_refused', 'Doctown clones over https only; name the origin in ALLOWED_GIT_HOSTS to trust another one.')
  }
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) throw addressRefused(literal)
}

function addressRefused(hostname: string): DoctownError {
  return new DoctownError(
    'address_refused',
    `${hostname} is an address inside a private network; a forge there must be named with its scheme or port in ALLOWED_GIT_HOSTS.`,
  )
}

interface SendOptions extends GitHttpOptions {
  readonly isTrusted: boolean
  /** A timer that ends a response must be told apart from a connection that broke; Node says "aborted" for both. */
  readonly fail: (error: unknown) => void
}

async function send(url: URL, asked: GitHttpRequest, options: SendOptions): Promise<http.IncomingMessage> {
  const payload = await collect(asked.body)
  const { connectMs, idleMs } = options.limits
  const transport = url.protocol === 'https:' ? https : http
  return await new Promise((resolve, reject) => {
    const request = transport.request(url, {
      method: asked.method ?? 'GET',
      headers: { ...asked.headers, 'accept-encoding': 'identity', ...(payload ? { 'content-length': String(payload.length) } : {}) },
      // One connection a request: Node's shared agent drops an idle one after 5 s.
      agent: new transport.Agent({ keepAlive: false }),
      lookup: checkedLookup(options),
      rejectUnauthorized: true,
    })
    const giveUp = (sentence: string): void => {
      const error = new DoctownError('clone_timeout', sentence)
      options.fail(error)
      request.destroy(error)
    }
    const connectTimer = setTimeout(() => giveUp(`${url.host} did not accept a connection within ${connectMs / 1000} s.`), connectMs)
    let idleTimer: NodeJS.Timeout | undefined
    const restartIdle = (): void => {
      clearTimeout(idleTimer)
      idleTimer = setTimeout(() => giveUp(`${url.host} sent nothing for ${idleMs / 1000} s.`), idleMs)
    }
    request.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        clearTimeout(connectTimer)
        restartIdle()
        socket.on('data', restartIdle)
      })
    })
    request.on('close', () => {
      clearTimeout(connectTimer)
      clearTimeout(idleTimer)
    })
    request.on('error', (error) => reject(error instanceof DoctownError ? error : unreachable(url, error)))
    request.on('response', resolve)
    request.end(payload)
  })
}

/** Asks for a name's addresses once, refuses the name when any of them is not public, and gives the same ones to connect to. */
export function checkedLookup(options: Pick<GitHttpOptions, 'resolve'> & { readonly isTrusted: boolean }): LookupFunction {
  const resolve = options.resolve ?? ((hostname: string) => systemLookup(hostname, { all: true }))
  return (hostname, wanted, callback) => {
    const answer = async (): Promise<readonly ResolvedAddress[]> => {
      const addresses = await resolve(hostname)
      if (!options.isTrusted && addresses.some(({ address }) => !isPublicAddress(address))) throw addressRefused(hostname)
      return addresses
    }
    answer().then(
      (addresses) => {
        const [first] = addresses
        if (first === undefined) return callback(new Error(`${hostname} has no address`), '', 0)
        if (wanted.all === true) return callback(null, [...addresses])
        callback(null, first.address, first.family)
      },
      (error: Error) => callback(error, '', 0),
    )
  }
}

function unreachable(url: URL, error: Error): DoctownError {
  // `code` is on every error of Node's network layer; its type does not say so.
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOTFOUND')
    return new DoctownError('git_unavailable', `The host ${url.hostname} was not found; check the address.`, { cause: error })
  if (/CERT|SELF_SIGNED|ALTNAME|ERR_TLS/.test(code ?? '')) {
    const advice = 'if the forge has its own authority, name its file in NODE_EXTRA_CA_CERTS'
    return new DoctownError('git_unavailable', `${url.host} has a certificate that cannot be trusted (${code}); ${advice}.`, {
      cause: error,
    })
  }
  return new DoctownError('git_unavailable', `${url.host} could not be reached (${code ?? error.message}).`, { cause: error })
}

function connectionLost(error: unknown): DoctownError {
  return new DoctownError('git_unavailable', 'The connection to the git server broke during the transfer.', { cause: error })
}

async function collect(body: GitHttpRequest['body']): Promise<Buffer | undefined> {
  if (body === undefined) return undefined
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts)
}
