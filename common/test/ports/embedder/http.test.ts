import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DoctownError } from '../../../src/contracts/errors.js'
import { Secret } from '../../../src/contracts/secret.js'
import { createDeterministicEmbedder } from '../../../src/ports/embedder/deterministic.js'
import { createHttpEmbedder } from '../../../src/ports/embedder/http.js'
import { describeEmbedder } from './conformance.js'

interface EmbedBody {
  readonly batch_id: string
  readonly input_type?: string
  readonly chunks: readonly { readonly chunk_id: string; readonly content: string }[]
}

const inner = createDeterministicEmbedder()
const servers: Server[] = []

/** A service of the agreed shape on a free port, which gives its vectors back in reverse order. */
async function serve(handle: (request: IncomingMessage, body: unknown, response: ServerResponse) => Promise<unknown>): Promise<string> {
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (part: Buffer) => (text += part.toString()))
    request.on('end', () => {
      void handle(request, text === '' ? undefined : JSON.parse(text), response).then((answer) => {
        if (answer !== undefined) response.end(JSON.stringify(answer))
      })
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function answer({ batch_id, chunks }: EmbedBody): Promise<unknown> {
  const values = await inner.embedDocuments(chunks.map(({ content }) => ({ text: content })))
  const vectors = chunks.map(({ chunk_id }, i) => ({ chunk_id, vector: [...values.subarray(i * 32, (i + 1) * 32)] }))
  return { batch_id, vectors: vectors.reverse() }
}

after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

describeEmbedder('http (a service of the same shape on loopback)', async () => {
  const url = await serve((_, body) => answer(body as EmbedBody))
  return createHttpEmbedder({ url, model: inner.model, batchSize: 100 })
})

describeEmbedder('http (a serverless endpoint of the same shape on loopback)', async () => {
  const runs = new Map<string, unknown>()
  const url = await serve(async ({ url: path = '' }, body) => {
    if (path !== '/runsync') return { id: 'r', status: 'COMPLETED', output: runs.get(path.split('/').at(-1)!) }
    const output = await answer((body as { input: EmbedBody }).input)
    if (runs.size > 0) return { id: 'r', status: 'COMPLETED', output }
    runs.set('first', output)
    return { id: 'first', status: 'IN_PROGRESS' }
  })
  return createHttpEmbedder({ url, serverless: true, model: inner.model })
})

describe('http embedder', () => {
  const model = inner.model
  const text = [{ text: 'x' }]

  it('sends the token and says which texts are queries', async () => {
    const seen: unknown[] = []
    const url = await serve(async (request, body) => {
      seen.push([request.method, request.url, request.headers.authorization, (body as EmbedBody).input_type])
      return answer(body as EmbedBody)
    })
    const embedder = createHttpEmbedder({ url: `${url}/`, model, token: new Secret('s3cret') })
    await embedder.embedDocuments(text)
    await embedder.embedQueries(['x'])
    assert.deepEqual(seen, [
      ['POST', '/embed', 'Bearer s3cret', undefined],
      ['POST', '/embed', 'Bearer s3cret', 'query'],
    ])
  })

  for (const [title, handle] of Object.entries<(response: ServerResponse) => unknown>({
    'a status of 500': (response) => void (response.statusCode = 500),
    'a redirect': (response) => void response.writeHead(302, { location: '/elsewhere' }),
    'another shape': () => ({ vectors: 'none' }),
    'no JSON': (response) => void response.end('<html>'),
    'a missing vector': () => ({ batch_id: 'b', vectors: [] }),
    'vectors of another width': () => ({ batch_id: 'b', vectors: [{ chunk_id: '0', vector: [1, 0] }] }),
  })) {
    it(`translates ${title}`, async () => {
      const url = await serve(async (_request, _body, response) => handle(response) ?? (response.writableEnded ? undefined : {}))
      await assert.rejects(createHttpEmbedder({ url, model }).embedDocuments(text), { code: 'embedder_unavailable' })
    })
  }

  it('translates a service that is not there, and one that says nothing', async () => {
    await assert.rejects(createHttpEmbedder({ url: 'http://127.0.0.1:1', model }).embedDocuments(text), { code: 'embedder_unavailable' })
    const url = await serve(async () => undefined)
    const begin = performance.now()
    await assert.rejects(createHttpEmbedder({ url, model, timeoutMs: 200 }).embedDocuments(text), { code: 'embedder_unavailable' })
    assert.ok(performance.now() - begin < 1000)
  })

  it('stops waiting when the signal aborts', async () => {
    const url = await serve(async () => undefined)
    const stop = new AbortController()
    const reason = new DoctownError('cancelled', 'stop')
    setTimeout(() => stop.abort(reason), 30)
    await assert.rejects(createHttpEmbedder({ url, model }).embedDocuments(text, { signal: stop.signal }), (error) => error === reason)
  })

  it('estimates more tokens than a text can have words', () => {
    assert.ok(createHttpEmbedder({ url: 'http://127.0.0.1:1', model }).countTokens('fn internationalization() {}') >= 10)
  })
})
