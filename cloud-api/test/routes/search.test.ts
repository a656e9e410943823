import assert from 'node:assert/strict'
import { join } from 'node:path'
import request from 'supertest'
import type { SearchAnswer } from '@doctown/common/contracts/http/bodies.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { Embedder } from '@doctown/common/ports/embedder/port.js'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { createMemoryVectorStore } from '@doctown/common/ports/vector-store/memory.js'
import type { VectorStore } from '@doctown/common/ports/vector-store/port.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { uuidV5 } from '@doctown/common/runtime/uuid-v5.js'
import { sparseDocument } from '@doctown/common/search/sparse.js'
import type { SearchParts } from '../../src/use-cases/search-symbols.js'
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js'

interface Sketch {
  readonly repo?: string
  readonly name: string
  readonly path: string
  readonly signature: string
  readonly kind?: string
  readonly isPrivate?: boolean
  readonly model?: string
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
    test = await startTestApp({ parts: { search: { store, model } } })
  })
  afterEach(() => test.close())

  async function add({
    repo = 'github.com/o/tokio',
    name: symbol,
    path,
    signature,
    kind = 'method',
    isPrivate,
    model: made,
  }: Sketch): Promise<void> {
    const fields = { name: symbol, path, head: signature, body: '', docs: '', marks: [`kind:${kind}`] }
    const small = await model.embedDocuments([{ text: signature, fields }])
    const id = `src/lib.rs#${path}::${symbol}`
    await store.upsert([
      {
        id: uuidV5(NAMESPACE, `${repo} ${id}`),
        vectors: { small },
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
          signature,
          small_model: made ?? name,
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

  for (const [what, candidates] of [
    ['is away', () => Promise.reject(new DoctownError('vector_store_unavailable', 'Nobody listens.'))],
    ['says nothing', () => new Promise<never>(() => {})],
  ] as const) {
    it(`says so when the vector store ${what}`, async function () {
      this.timeout(8_000)
      const search: SearchParts = { store: { candidates }, model }
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
