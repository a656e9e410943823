/**
 * The HTTP client that isomorphic-git is given. Its own one follows ten redirects, to loopback too, and keeps the
 * Authorization header when only the port differs (limits-and-faults.md, measured fact 8); this one does neither.
 */
import type { IncomingMessage } from 'node:http'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git'
import { sendChecked } from './checked-request.js'
import type { ResolvedAddress } from './checked-request.js'
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
      const response = await sendChecked(url, asked, { ...options, isTrusted: trusted.has(url.origin), fail })
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
        body: statusCode !== 200 ? nothing(response) : body(response, asked.method === 'POST', isAdvertisement(response)),
      }
    } catch (error) {
      fail(error)
      throw error
    }
  }

  async function* body(response: IncomingMessage, isPack: boolean, isAdvertised: boolean): AsyncIterableIterator<Uint8Array> {
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

function isAdvertisement({ statusCode, headers }: IncomingMessage): boolean {
  return statusCode === 200 && headers['content-type'] === 'application/x-git-upload-pack-advertisement'
}

/** A pkt-line `ERR ...` at the start is how upload-pack refuses; isomorphic-git reads over it. */
function throwServerError(chunk: Buffer): void {
  const match = /^[0-9a-f]{4}ERR (.*)/s.exec(chunk.subarray(0, 1024).toString('latin1'))
  if (match) throw refusedByServer(match[1] ?? '')
}

/** What an answer other than 200 says is not read: it stands for itself, and its connection must not stay open. */
function nothing(response: IncomingMessage): AsyncIterableIterator<Uint8Array> {
  response.destroy()
  return (async function* (): AsyncIterableIterator<Uint8Array> {})()
}

function connectionLost(error: unknown): DoctownError {
  return new DoctownError('git_unavailable', 'The connection to the git server broke during the transfer.', { cause: error })
}
