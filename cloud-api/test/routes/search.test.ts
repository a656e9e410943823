import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import request from 'supertest'
import type { SearchAnswer } from '@doctown/common/contracts/http/bodies.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createDeterministicEmbedder } from '@doctown/common/ports/embedder/deterministic.js'
import { createRemoteModel, type RemoteModel } from '@doctown/common/ports/embedder/http-model.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { createMemoryVectorStore } from '@doctown/common/ports/vector-store/memory.js'
import type { VectorStore } from '@doctown/common/ports/vector-store/port.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { uuidV5 } from '@doctown/common/runtime/uuid-v5.js'
import { digestText } from '@doctown/common/search/digest.js'
import { sparseDocument } from '@doctown/common/search/sparse.js'
import type { SearchParts } from '../../src/use-cases/search-symbols.js'
import { publishSample } from '../support/samples.js'
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js'

interface Sketch {
  readonly repo?: string
  readonly name: string
  readonly path: string
  readonly signature: string
  readonly kind?: string
  readonly body?: string
  readonly isPrivate?: boolean
  readonly model?: string
  readonly text?: { readonly vector: Float32Array; readonly model: string }
}

const NAMESPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8'

describe('GET /api/search', () => {
  let model: Embedder
  let name: string
  let store: VectorStore
  let test: TestApp

  before(async () => {
    model = await createStaticTableEmbedder({ folder: join(repositoryRoot(), 'common/models/small') })
    name = `${model.model.name} ${model.model.revision}`
  })
  beforeEach(async () => {
    store = createMemoryVectorStore()
    await store.prepare({ small: model.model.dimensions })
    test = await startTestApp({ parts: { search: { store, models: { small: model, text: null } } } })
  })
  afterEach(() => test.close())

  async function add({
    repo = 'github.com/o/tokio',
    name: symbol,
    path,
    signature,
    kind = 'method',
    body = '',
    isPrivate,
    model: made,
    text,
  }: Sketch): Promise<void> {
    const fields = { name: symbol, path, head: signature, body, docs: '', marks: [`kind:${kind}`] }
    const small = await model.embedDocuments([{ text: signature, fields }])
    const id = `src/lib.rs#${path}::${symbol}`
    await store.upsert([
      {
        id: uuidV5(NAMESPACE, `${repo} ${id}`),
        vectors: { small, ...(text === undefined ? {} : { text: text.vector }) },
        sparse: sparseDocument(fields),
        payload: {
          repo_url: repo,
          commit_sha: 'c1',
          docpack_id: '0'.repeat(20),
          symbol_id: id,
          name: symbol,
          symbol_type: kind,
          file: 'src/lib.rs',
          start_line: 3,
          end_line: 9,
          public: true,
          private_repository: isPrivate === true,
          path,
          test: false,
          head: signature,
          ...(body === '' ? {} : { body: digestText(body, { maxBytes: 1000, isRust: true }) }),
          small_model: made ?? name,
          ...(text === undefined ? {} : { text_model: text.model }),
        },
      },
    ])
  }

  const acquire = { name: 'acquire_many', path: 'sync::Semaphore', signature: 'pub async fn acquire_many(&self, n: u32) -> Result<Permit>' }
  const finished = { name: 'is_finished', path: 'task::JoinHandle', signature: 'pub fn is_finished(&self) -> bool' }
  const handle = { name: 'JoinHandle', path: 'task', signature: 'pub struct JoinHandle<T>', kind: 'struct' }

  async function search(parameters: Record<string, string>, admin = false): Promise<SearchAnswer> {
    const asked = request(test.server).get('/api/search').query(parameters)
    const answer = await (admin ? asked.set(ADMIN) : asked)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body as SearchAnswer
  }
  const names = async (parameters: Record<string, string>, admin = false): Promise<string[]> =>
    (await search(parameters, admin)).results.map((result) => result.name)

  it('gives ranked symbols with their place and the reasons, and names the model', async () => {
    for (const sketch of [acquire, finished, handle]) await add(sketch)
    const answer = await search({ q: 'JoinHandle.is_finnished' })
    assert.equal(answer.query, 'JoinHandle.is_finnished')
    assert.equal(answer.model, name)
    assert.ok(answer.took_ms >= 0)
    const { score, why, ...first } = answer.results[0]!
    assert.deepEqual(first, {
      docpack_id: '0'.repeat(20),
      repo_url: 'github.com/o/tokio',
      commit_sha: 'c1',
      symbol_id: 'src/lib.rs#task::JoinHandle::is_finished',
      name: 'is_finished',
      symbol_type: 'method',
      file: 'src/lib.rs',
      start_line: 3,
      end_line: 9,
    })
    assert.ok(score > answer.results[1]!.score && why.some((reason) => reason.includes('is_finished')))
    assert.equal((await names({ q: 'acquires several permits of a semaphore' }))[0], 'acquire_many')
  })

  it('keeps to one repository, one kind and a number of results', async () => {
    for (const sketch of [acquire, finished, handle, { ...finished, repo: 'github.com/o/other' }]) await add(sketch)
    assert.equal((await search({ q: 'is finished', repo: 'github.com/O/Other' })).results.length, 1)
    assert.deepEqual(await names({ q: 'is finished', kind: 'struct' }), ['JoinHandle'])
    assert.equal((await names({ q: 'is finished', limit: '2' })).length, 2)
    assert.deepEqual(await names({ q: 'is finished', repo: 'github.com/nobody/here' }), [])
  })

  it('shows a private repository to the admin alone', async () => {
    await add(acquire)
    await add({ ...finished, repo: 'github.com/o/secret', isPrivate: true })
    assert.deepEqual(await names({ q: 'is finished' }), ['acquire_many'])
    assert.deepEqual(await names({ q: 'is finished', repo: 'github.com/o/secret' }), [])
    assert.ok((await names({ q: 'is finished' }, true)).includes('is_finished'))
  })

  it('refuses vectors that another model made, with both names, and beside good ones takes them by their words', async () => {
    await add({ ...finished, model: 'elder-model 7' })
    const answer = await request(test.server).get('/api/search').query({ q: 'is finished' })
    assert.equal(answer.status, 409)
    const body = answer.body as { error: string; detail: string }
    assert.equal(body.error, 'model_differs')
    assert.ok(body.detail.includes('elder-model 7') && body.detail.includes(name), body.detail)
    await add(acquire)
    const [first] = (await search({ q: 'is_finished' })).results
    assert.equal(first?.name, 'is_finished')
    assert.ok(!first.why.some((reason) => reason.includes('similar meaning')))
  })

  it('finds a message that stands in a body, and words that stand nowhere else', async () => {
    const body = '{ let deadline = now(); return Err(format!("no permit within {} ms", deadline)) }'
    for (const sketch of [{ ...acquire, body }, finished, handle]) await add(sketch)
    const [first] = (await search({ q: 'no permit within 250 ms' })).results
    assert.equal(first?.name, 'acquire_many')
    assert.ok(first.why.includes('a text in it reads like the query'), first.why.join())
    assert.equal((await names({ q: 'deadline' }))[0], 'acquire_many')
  })

  it('says which repositories are on the shelf and not in the vector store yet, private ones to the admin alone', async () => {
    await add(acquire)
    await publishSample(test.store, { jobId: '1', repoUrl: 'github.com/o/pending', indexPending: true })
    await publishSample(test.store, { jobId: '2', repoUrl: 'github.com/o/elder', indexVersion: 1 })
    await publishSample(test.store, { jobId: '3', repoUrl: 'github.com/o/secret', indexPending: true, isPrivate: true })
    await publishSample(test.store, { jobId: '4', repoUrl: 'github.com/o/there' })
    const [note, ...others] = (await search({ q: 'permits' })).notes ?? []
    assert.deepEqual(others, [])
    assert.ok(
      ['o/pending', 'o/elder'].every((name) => note?.includes(name)) && !note?.includes('secret') && !note?.includes('o/there'),
      note,
    )
    assert.match((await search({ q: 'permits' }, true)).notes?.[0] ?? '', /secret/)
    assert.equal((await search({ q: 'permits', repo: 'github.com/o/there' })).notes, undefined)
  })

  describe('with an embedding service', () => {
    const other = createDeterministicEmbedder({ dimensions: 16 })
    const otherName = `${other.model.name} ${other.model.revision}`
    let answers: 'well' | 'late' | 'not'
    let service: Server
    let remote: RemoteModel
    let both: TestApp

    beforeEach(async () => {
      answers = 'well'
      service = createServer((request, response) => {
        void serveEmbedder(other, request, response, () => answers)
      })
      await new Promise<void>((ready) => service.listen(0, '127.0.0.1', ready))
      remote = createRemoteModel({ url: `http://127.0.0.1:${(service.address() as AddressInfo).port}/`, timeoutMs: 1_000 })
      both = await startTestApp({ parts: { search: { store, models: { small: model, text: remote.open } } } })
      await store.prepare({ text: 16 })
    })
    afterEach(async () => {
      await both.close()
      await remote.close()
      service.closeAllConnections()
      service.close()
    })
    const ask = async (q: string): Promise<SearchAnswer> =>
      (await request(both.server).get('/api/search').query({ q })).body as SearchAnswer
    const addBoth = async (sketch: Sketch, meaning: string, made = otherName): Promise<void> =>
      add({ ...sketch, text: { vector: await other.embedDocuments([{ text: meaning }]), model: made } })

    it('compares meanings by both models and names both', async () => {
      await addBoth(acquire, 'zeppelin over the harbour')
      await addBoth(finished, 'nothing of the kind')
      const answer = await ask('zeppelin harbour')
      assert.equal(answer.model, `${name} + ${otherName}`)
      assert.equal(answer.results[0]?.name, 'acquire_many')
      assert.equal(answer.notes, undefined)
    })

    for (const how of ['late', 'not'] as const) {
      it(`answers by the built-in model in time when the service is ${how === 'late' ? 'slow' : 'broken'}, and says so`, async () => {
        await addBoth(acquire, 'permits')
        await ask('permits')
        answers = how
        const begin = performance.now()
        const answer = await ask('several permits of a semaphore')
        assert.ok(performance.now() - begin < 1_500)
        assert.equal(answer.results[0]?.name, 'acquire_many')
        assert.equal(answer.model, name)
        assert.match(answer.notes?.[0] ?? '', /embedding service is not used .* alone/)
      })
    }

    it('answers when nobody listens at the address', async () => {
      service.close()
      await addBoth(acquire, 'permits')
      const answer = await ask('permits')
      assert.equal(answer.results[0]?.name, 'acquire_many')
      assert.equal(answer.notes?.length, 1)
    })

    it('does not compare with what a third model made, by whatever length, and names both models', async () => {
      await addBoth(acquire, 'permits', 'third-model 9')
      const answer = await ask('permits')
      assert.equal(answer.model, name)
      assert.ok(answer.notes?.[0]?.includes('third-model 9') && answer.notes[0].includes(otherName), answer.notes?.join())
      const longer = createMemoryVectorStore()
      await longer.prepare({ small: model.model.dimensions, text: 24 })
      const app = await startTestApp({ parts: { search: { store: longer, models: { small: model, text: remote.open } } } })
      const refused = await request(app.server).get('/api/search').query({ q: 'permits' })
      assert.equal(refused.status, 200)
      assert.match((refused.body as SearchAnswer).notes?.[0] ?? '', /length/)
      await app.close()
    })
  })

  for (const [what, candidates] of [
    ['is away', () => Promise.reject(new DoctownError('vector_store_unavailable', 'Nobody listens.'))],
    ['says nothing', () => new Promise<never>(() => {})],
  ] as const) {
    it(`says so when the vector store ${what}`, async function () {
      this.timeout(8_000)
      const search: SearchParts = { store: { candidates }, models: { small: model, text: null } }
      const away = await startTestApp({ parts: { search } })
      const answer = await request(away.server).get('/api/search').query({ q: 'x' })
      assert.equal(answer.status, 502)
      assert.equal((answer.body as { error: string }).error, 'vector_store_unavailable')
      await away.close()
    })
  }

  for (const [what, parameters] of [
    ['no query', {}],
    ['an empty query', { q: '  ' }],
    ['a query longer than it reads', { q: 'x'.repeat(501) }],
    ['a limit of nothing', { q: 'x', limit: '0' }],
    ['a limit beyond the highest', { q: 'x', limit: '101' }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const answer = await request(test.server).get('/api/search').query(parameters)
      assert.equal(answer.status, 400)
      assert.equal((answer.body as { error: string }).error, 'invalid_request')
    })
  }
})

/** What the embedding service answers: its model at /health, vectors at /embed. */
async function serveEmbedder(
  embedder: Embedder,
  request: IncomingMessage,
  response: ServerResponse,
  how: () => 'well' | 'late' | 'not',
): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  const reply = (body: unknown): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (request.url === '/health') return reply({ status: 'ok', model: embedder.model })
  if (how() === 'late') return
  if (how() === 'not') return void response.writeHead(500).end()
  const { batch_id, chunks } = JSON.parse(Buffer.concat(pieces).toString()) as {
    batch_id: string
    chunks: { chunk_id: string; content: string }[]
  }
  const values = await embedder.embedQueries(chunks.map(({ content }) => content))
  const width = embedder.model.dimensions
  reply({
    batch_id,
    vectors: chunks.map(({ chunk_id }, i) => ({ chunk_id, vector: [...values.subarray(i * width, (i + 1) * width)] })),
  })
}
