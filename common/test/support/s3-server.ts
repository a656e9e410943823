/**
 * A small S3 that checks what a real one checks: the signature (its own reading of SigV4, not the client's), the hash of the
 * content, preconditions; and that can go wrong on purpose. Objects are in memory.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to the next request instead of, or after, its work. */
export type S3Fault =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'reset-half' | 'reset-before' | 'reply-lost' | 'silent' | 'half-answer' }

export interface S3TestServer {
  readonly endpoint: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly objects: Map<string, { body: Buffer; etag: string; modifiedAt: Date; contentType: string }>
  /** Method and key of every request that reached the server. */
  readonly seen: string[]
  /** One a request, in order. */
  readonly faults: S3Fault[]
  pageSize: number
  close(): Promise<void>
}

export async function startS3Server(): Promise<S3TestServer> {
  const server = createServer((request, response) => {
    answer(state, request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const state: S3TestServer = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket: 'doctown-test',
    accessKeyId: 'AKTEST',
    secretAccessKey: 'the-secret-of-the-test-server',
    objects: new Map(),
    seen: [],
    faults: [],
    pageSize: 1000,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
  return state
}

async function answer(state: S3TestServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', state.endpoint)
  const key = decodeURIComponent(url.pathname).slice(state.bucket.length + 2)
  state.seen.push(`${request.method} ${key}`)
  const fault = state.faults.shift()
  if (fault?.kind === 'reset-before') return void request.socket.destroy()
  const expected = Number(request.headers['content-length'] ?? 0)
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    pieces.push(piece)
    bytes += piece.byteLength
    if (fault?.kind === 'reset-half' && bytes >= expected / 2) return void request.socket.destroy()
  }
  const body = Buffer.concat(pieces)
  if (fault?.kind === 'silent') return
  if (fault?.kind === 'status') return fail(response, fault.status, 'InternalError')

  const problem = signatureProblem(state, request, url)
  if (problem !== undefined) return fail(response, 403, problem)
  if (createHash('sha256').update(body).digest('hex') !== request.headers['x-amz-content-sha256'])
    return fail(response, 400, 'XAmzContentSHA256Mismatch')
  if (!url.pathname.startsWith(`/${state.bucket}`)) return fail(response, 404, 'NoSuchBucket')
  serve(state, { request, response, url, key, body, fault })
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly key: string
  readonly body: Buffer
  readonly fault: S3Fault | undefined
}

function serve(state: S3TestServer, { request, response, url, key, body, fault }: Exchange): void {
  const found = state.objects.get(key)
  if (request.method === 'PUT') {
    if (request.headers['if-none-match'] === '*' && found !== undefined) return fail(response, 412, 'PreconditionFailed')
    const etag = createHash('md5').update(body).digest('hex')
    state.objects.set(key, { body, etag, modifiedAt: new Date(), contentType: request.headers['content-type'] ?? '' })
    if (fault?.kind === 'reply-lost') return void request.socket.destroy()
    return void response.writeHead(200, { etag: `"${etag}"` }).end()
  }
  if (request.method === 'DELETE') {
    state.objects.delete(key)
    return void response.writeHead(204).end()
  }
  if (url.searchParams.get('list-type') === '2') return list(state, response, url)
  if (found === undefined) return fail(response, 404, 'NoSuchKey')
  response.writeHead(200, {
    etag: `"${found.etag}"`,
    'content-length': found.body.byteLength,
    'last-modified': found.modifiedAt.toUTCString(),
  })
  if (fault?.kind === 'half-answer') {
    response.write(found.body.subarray(0, found.body.byteLength / 2), () => request.socket.destroy())
    return
  }
  response.end(request.method === 'HEAD' ? undefined : found.body)
}

function list(state: S3TestServer, response: ServerResponse, url: URL): void {
  const after = url.searchParams.get('continuation-token') ?? ''
  const keys = [...state.objects.keys()].filter((key) => key.startsWith(url.searchParams.get('prefix') ?? '') && key > after).sort()
  const page = keys.slice(0, state.pageSize)
  const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const contents = page.map((key) => {
    const object = state.objects.get(key)
    return `<Contents><Key>${escape(key)}</Key><LastModified>${object?.modifiedAt.toISOString()}</LastModified><ETag>&quot;${object?.etag}&quot;</ETag><Size>${object?.body.byteLength}</Size></Contents>`
  })
  const more = page.length < keys.length
  const next = more ? `<NextContinuationToken>${escape(page.at(-1) ?? '')}</NextContinuationToken>` : ''
  response.writeHead(200, { 'content-type': 'application/xml' })
  response.end(
    `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${more}</IsTruncated>${contents.join('')}${next}</ListBucketResult>`,
  )
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml', connection: 'close' })
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`)
}

/** AWS Signature Version 4, from its documentation. Gives S3's code for what is wrong. */
function signatureProblem(state: S3TestServer, request: IncomingMessage, url: URL): string | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    )
  if (match === null) return 'AccessDenied'
  const [, accessKeyId, day = '', region = '', names = '', signature = ''] = match
  if (accessKeyId !== state.accessKeyId) return 'InvalidAccessKeyId'
  const time = String(request.headers['x-amz-date'])
  const signed = names.split(';')
  if (!signed.includes('host') || !signed.includes('x-amz-date') || !signed.includes('x-amz-content-sha256')) return 'AccessDenied'
  if (request.headers['if-none-match'] !== undefined && !signed.includes('if-none-match')) return 'AccessDenied'
  const encode = (text: string): string =>
    encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  const path = decodeURIComponent(url.pathname).split('/').map(encode).join('/')
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort()
  const headers = signed.map((name) => `${name}:${String(request.headers[name]).trim().replaceAll(/ +/g, ' ')}\n`)
  const canonical = [request.method, path, query.join('&'), headers.join(''), names, request.headers['x-amz-content-sha256']].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const chain = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${state.secretAccessKey}`)
  const right = hmac(chain, toSign)
  return timingSafeEqual(right, Buffer.from(signature, 'hex')) ? undefined : 'SignatureDoesNotMatch'
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
