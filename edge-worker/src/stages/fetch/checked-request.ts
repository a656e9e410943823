/** One request over a connection of its own, to an address that was checked, within the times. */
import { lookup as systemLookup } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { GitHttpRequest } from 'isomorphic-git'
import { isPublicAddress } from './address-check.js'
import type { FetchLimits } from './fetch-limits.js'

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

export interface SendOptions {
  readonly limits: Pick<FetchLimits, 'connectMs' | 'idleMs'>
  /** Every address of a host name; the system's own when left out. */
  readonly resolve?: (hostname: string) => Promise<readonly ResolvedAddress[]>
  /** http, private addresses and loopback are allowed. */
  readonly isTrusted: boolean
  /** A timer that ends a response must be told apart from a connection that broke; Node says "aborted" for both. */
  readonly fail: (error: unknown) => void
}

/** Resolves with the response's head. Throws `address_refused`, `clone_timeout`, `git_unavailable`. */
export async function sendChecked(url: URL, asked: GitHttpRequest, options: SendOptions): Promise<http.IncomingMessage> {
  checkUrl(url, options.isTrusted)
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
export function checkedLookup(options: Pick<SendOptions, 'resolve' | 'isTrusted'>): LookupFunction {
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
  if (/CERT|SELF_SIGNED|ALTNAME|ERR_TLS|UNABLE_TO/.test(code ?? '')) {
    const advice = 'if the forge has its own authority, name its file in NODE_EXTRA_CA_CERTS'
    return new DoctownError('git_unavailable', `${url.host} has a certificate that cannot be trusted (${code}); ${advice}.`, {
      cause: error,
    })
  }
  return new DoctownError('git_unavailable', `${url.host} could not be reached (${code ?? error.message}).`, { cause: error })
}

async function collect(body: GitHttpRequest['body']): Promise<Buffer | undefined> {
  if (body === undefined) return undefined
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts)
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
