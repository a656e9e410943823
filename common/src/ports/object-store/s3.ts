import { createHash } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import { DoctownError } from '../../contracts/errors.js'
import type { Secret } from '../../contracts/secret.js'
import { compareBytes } from '../../runtime/bytes.js'
import { sleep } from '../../runtime/sleep.js'
import { assertObjectKey, assertObjectPrefix, isObjectKey, type ObjectInfo, type ObjectStore } from './port.js'
import { readErrorCode, readListPage } from './s3-xml.js'

export interface S3ObjectStoreOptions {
  /** `https://<account>.r2.cloudflarestorage.com` or any S3; buckets are addressed by path. */
  readonly endpoint: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: Secret
  /** R2 says `auto`. */
  readonly region?: string
  /** For tests: the pause before the second try; each further one is three times as long. */
  readonly retryAfterMs?: number
  /** For tests: silence after which a try is given up. */
  readonly idleMs?: number
}

const TRIES = 4
const RETRY_AFTER_MS = 250
const IDLE_MS = 15_000
/** A home line's upload that is slower than this would not end within the stage's 180 s anyway. */
const SLOWEST_UPLOAD_BYTES_A_SECOND = 512 * 1024
const MAX_PAGES = 10_000

/**
 * Objects in R2 or any S3. A try that is answered with 5xx or 429, reset, or silent is made again, four in all.
 * Errors: `object_store_unavailable` after the last try, `object_store_refused` for what trying again cannot help, `precondition_failed`.
 */
export function createS3ObjectStore(options: S3ObjectStoreOptions): ObjectStore {
  const client = new AwsClient({
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey.reveal(),
    region: options.region ?? 'auto',
    service: 's3',
  })
  const bucketUrl = `${options.endpoint.replace(/\/+$/, '')}/${encodeURIComponent(options.bucket)}`
  const keyUrl = (key: string): string => `${bucketUrl}/${key.split('/').map(encodeURIComponent).join('/')}`
  const idleMs = options.idleMs ?? IDLE_MS

  /** One try: headers and body, or a thrown error. */
  const attempt = async (request: S3Request): Promise<S3Answer> => {
    const stop = new AbortController()
    const uploadMs = ((request.body?.byteLength ?? 0) / SLOWEST_UPLOAD_BYTES_A_SECOND) * 1000
    const silent = new Error('no answer in time')
    let timer = setTimeout(() => stop.abort(silent), idleMs + uploadMs)
    const signal = request.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, request.signal])
    try {
      const signed = await client.sign(request.url, {
        method: request.method,
        headers: { ...request.headers, 'x-amz-content-sha256': sha256(request.body) },
        body: request.body,
      })
      const response = await fetch(signed, { signal, redirect: 'manual' })
      const pieces: Uint8Array[] = []
      for await (const piece of response.body ?? []) {
        clearTimeout(timer)
        timer = setTimeout(() => stop.abort(silent), idleMs)
        pieces.push(piece)
      }
      return { status: response.status, headers: response.headers, body: Buffer.concat(pieces) }
    } finally {
      clearTimeout(timer)
    }
  }

  /** Tries again where that can help; the answer's status is then 2xx, 404 or 412. */
  const send = async (request: S3Request): Promise<S3Answer & { readonly tries: number }> => {
    for (let tries = 1; ; tries += 1) {
      request.signal?.throwIfAborted()
      let cause: unknown
      let said = 'does not answer'
      try {
        const answer = await attempt(request)
        const code = answer.status >= 300 ? readErrorCode(answer.body) : undefined
        if (answer.status < 300 || answer.status === 412) return { ...answer, tries }
        if (answer.status === 404 && code !== 'NoSuchBucket') return { ...answer, tries }
        if (!isWorthAnotherTry(answer.status, code)) throw refused(answer.status, code)
        said = `answered ${answer.status}${code === undefined ? '' : ` (${code})`}`
      } catch (error) {
        request.signal?.throwIfAborted()
        if (error instanceof DoctownError) throw error
        cause = error
      }
      if (tries === TRIES) {
        throw new DoctownError('object_store_unavailable', `The object store ${said}. We will try again later.`, {
          cause: plainCause(cause),
        })
      }
      // Jitter, so that many workers do not come back at the same moment.
      await sleep((options.retryAfterMs ?? RETRY_AFTER_MS) * 3 ** (tries - 1) * (0.75 + Math.random() / 2), request.signal)
    }
  }

  const get = async (key: string, signal?: AbortSignal): Promise<Uint8Array | undefined> => {
    const answer = await send({ method: 'GET', url: keyUrl(key), signal })
    return answer.status === 404 ? undefined : answer.body
  }

  return {
    async put(key, body, putOptions = {}) {
      assertObjectKey(key)
      putOptions.signal?.throwIfAborted()
      const headers: Record<string, string> = { 'content-type': putOptions.contentType ?? 'application/octet-stream' }
      if (putOptions.onlyIfAbsent === true) headers['if-none-match'] = '*'
      const answer = await send({ method: 'PUT', url: keyUrl(key), headers, body: Uint8Array.from(body), signal: putOptions.signal })
      if (answer.status === 404) throw refused(404, 'NoSuchBucket')
      if (answer.status !== 412) return
      // An earlier try may have arrived although its answer was lost: then the object is ours.
      const there = answer.tries > 1 ? await get(key, putOptions.signal) : undefined
      if (there === undefined || !Buffer.from(there).equals(body)) {
        throw new DoctownError('precondition_failed', `There is an object ${key} already.`)
      }
    },

    async get(key, getOptions = {}) {
      assertObjectKey(key)
      return get(key, getOptions.signal)
    },

    async head(key) {
      assertObjectKey(key)
      const { status, headers } = await send({ method: 'HEAD', url: keyUrl(key) })
      if (status === 404) return undefined
      return {
        key,
        size: Number(headers.get('content-length') ?? 0),
        etag: (headers.get('etag') ?? '').replaceAll('"', ''),
        modifiedAt: new Date(headers.get('last-modified') ?? 0),
      }
    },

    async list(prefix) {
      assertObjectPrefix(prefix)
      const found: ObjectInfo[] = []
      let token: string | undefined
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const query = new URLSearchParams({ 'list-type': '2', prefix, ...(token === undefined ? {} : { 'continuation-token': token }) })
        const answer = await send({ method: 'GET', url: `${bucketUrl}?${query}` })
        if (answer.status === 404) throw refused(404, 'NoSuchBucket')
        const { objects, next } = readListPage(answer.body)
        // Names that others put there and that are no keys of ours cannot be read back.
        found.push(...objects.filter(({ key }) => key.startsWith(prefix) && isObjectKey(key)))
        if (next === undefined) return found.sort((a, b) => compareBytes(a.key, b.key))
        token = next
      }
      throw new DoctownError('object_store_refused', 'The object store has more pages of keys than we can list.')
    },

    async remove(key) {
      assertObjectKey(key)
      await send({ method: 'DELETE', url: keyUrl(key) })
    },

    async close() {},
  }
}

interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly signal?: AbortSignal
}

interface S3Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

const sha256 = (body: Uint8Array | undefined): string =>
  createHash('sha256')
    .update(body ?? '')
    .digest('hex')

/** 409 is what S3 says when two conditional writes of one key meet. */
const isWorthAnotherTry = (status: number, code: string | undefined): boolean =>
  status >= 500 || status === 429 || status === 408 || code === 'ConditionalRequestConflict' || code === 'RequestTimeout'

function refused(status: number, code: string | undefined): DoctownError {
  const said = code ?? `status ${status}`
  const advice =
    code === 'NoSuchBucket'
      ? 'There is no such bucket: check BUCKET_NAME.'
      : status === 401 || status === 403
        ? 'Check BUCKET_ACCESS_KEY_ID, BUCKET_SECRET and the rights of that key.'
        : 'Check BUCKET_ENDPOINT and BUCKET_NAME.'
  return new DoctownError('object_store_refused', `The object store refused our request (${said}). ${advice}`)
}

/** What the network said, without the request: that carries the signature. */
function plainCause(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined
  const inner = error.cause instanceof Error ? error.cause.message : undefined
  return new Error(inner === undefined ? error.message : `${error.message}: ${inner}`)
}
