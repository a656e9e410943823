import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { Secret } from '../../../src/contracts/secret.js'
import { createQdrantVectorStore, type QdrantVectorStoreOptions } from '../../../src/ports/vector-store/qdrant.js'
import type { VectorStore } from '../../../src/ports/vector-store/port.js'
import { checkQdrantTypes } from '../../support/check-qdrant-types.js'
import { PROXY_PATH, startQdrantServer, type QdrantTestServer } from '../../support/qdrant-server.js'
import { rejectsWith } from '../../support/rejects-with.js'
import { point, randomVector, SMALL, vectorStoreConformance } from './conformance.js'

const connect = (server: QdrantTestServer, changes: Partial<QdrantVectorStoreOptions> = {}): VectorStore =>
  createQdrantVectorStore({ url: server.url, apiKey: new Secret(server.apiKey), ...changes })
const quietly = (): (() => void) => {
  // The client warns of a key over http, which on loopback is no news.
  const { warn } = console
  console.warn = () => {}
  return () => void (console.warn = warn)
}

const realUrl = process.env['QDRANT_TEST_URL']
const title =
  realUrl === undefined
    ? 'qdrant, against an HTTP server that stores and searches and whose requests are held against its types'
    : 'qdrant, against the real one of QDRANT_TEST_URL'

describe('over HTTP', () => {
  let server: QdrantTestServer
  let speakAgain: () => void
  let collection: string
  before(async () => {
    speakAgain = quietly()
    server = await startQdrantServer()
  })
  after(async () => {
    await server.close()
    speakAgain()
  })
  const open = (): VectorStore =>
    realUrl === undefined ? connect(server, { collection }) : createQdrantVectorStore({ url: realUrl, apiKey: realKey(), collection })

  vectorStoreConformance(title, {
    open: async () => {
      collection = `test_${randomUUID()}`
      return open()
    },
    reopen: async () => open(),
  })

  // A suite of its own, because mocha runs a suite's own tests before those nested in it.
  if (realUrl === undefined) {
    describe('the requests of that suite', () => {
      it('have only bodies that the types of the client allow', () => {
        const schemas = new Set(server.seen.map(({ schema }) => schema))
        for (const schema of [
          'CreateCollection',
          'VectorNameConfig',
          'CreateFieldIndex',
          'PointsList',
          'FilterSelector',
          'CountRequest',
          'QueryRequest',
          'QueryRequestBatch',
        ]) {
          assert.ok(schemas.has(schema), `${schema} was never sent`)
        }
        const wrong = { schema: 'PointsList', route: '', body: { points: [{ id: 'x', vectors: {}, payload: {} }] } }
        const wrongFilter = { schema: 'CountRequest', route: '', body: { filter: { must: [{ key: 'a', matches: { value: 'b' } }] } } }
        const problems = checkQdrantTypes([...server.seen, wrong, wrongFilter])
        assert.equal(problems.length, 2, problems.join('\n'))
        assert.match(problems[0] ?? '', /vectors/)
        assert.match(problems[1] ?? '', /matches/)
      }).timeout(60_000)
    })
  }
})

const realKey = (): Secret | undefined =>
  process.env['QDRANT_TEST_API_KEY'] === undefined ? undefined : new Secret(process.env['QDRANT_TEST_API_KEY'])

describe('the Qdrant vector store', () => {
  let server: QdrantTestServer
  let store: VectorStore
  let speakAgain: () => void
  beforeEach(async () => {
    speakAgain = quietly()
    server = await startQdrantServer()
    store = connect(server)
  })
  afterEach(async () => {
    await server.close()
    speakAgain()
  })

  it('makes named vectors, a sparse one and an index for each field that filters look at, once', async () => {
    await store.prepare({ small: 256, text: 384, structure: 128 })
    await connect(server).prepare({ small: 256, text: 384, structure: 128 })
    const made = server.seen.filter(({ schema }) => schema !== null)
    assert.deepEqual(made[0]?.body, {
      vectors: {
        small: { size: 256, distance: 'Cosine' },
        text: { size: 384, distance: 'Cosine' },
        structure: { size: 128, distance: 'Cosine' },
      },
      sparse_vectors: { sparse: { modifier: 'idf' } },
    })
    assert.deepEqual(
      made.slice(1).map(({ body }) => (body as { field_name: string }).field_name),
      ['repo_key', 'commit_sha', 'docpack_id', 'symbol_type', 'private_repository'],
    )
  })

  it('asks for candidates in one request, whatever is asked for', async () => {
    await store.prepare({ small: SMALL, text: 4 })
    await store.upsert([point({ symbol: 'a', sparse: { indices: [1], values: [1] } })])
    server.seen.length = 0
    const near = { small: randomVector(1, SMALL), text: randomVector(2, 4) }
    const found = await store.candidates({
      near,
      sparse: { indices: [1, 2], values: [1, 1] },
      limit: 5,
      filter: { repo_url: 'github.com/o/r' },
    })
    assert.deepEqual(
      server.seen.map(({ route }) => route),
      ['POST /collections/doctown_symbols_v2/points/query/batch'],
    )
    assert.equal(found.length, 1)
  })

  it('refuses a collection whose words were not weighed, by its name, and does not write to it', async () => {
    const headers = { 'api-key': server.apiKey, 'content-type': 'application/json' }
    const body = JSON.stringify({ vectors: { small: { size: SMALL, distance: 'Cosine' } }, sparse_vectors: { sparse: {} } })
    await fetch(`${server.url}/collections/elder`, { method: 'PUT', headers, body })
    const elder = connect(server, { collection: 'elder' })
    const error = await rejectsWith('vector_store_refused', elder.prepare({ small: SMALL }))
    assert.match(error.message, /collection elder .* another version of Doctown/)
    await rejectsWith('vector_store_refused', elder.upsert([point({ symbol: 'a' })]))
    await rejectsWith(
      'vector_store_refused',
      elder.candidates({ near: { small: randomVector(1, SMALL) }, sparse: { indices: [], values: [] }, limit: 1 }),
    )
  })

  it('writes in batches and waits for each', async () => {
    await store.prepare({ small: SMALL })
    await store.upsert(Array.from({ length: 300 }, (_, index) => point({ symbol: `s${index}` })))
    assert.equal(server.seen.filter(({ schema }) => schema === 'PointsList').length, 3)
    assert.equal(await store.count({}), 300)
  })

  it('sees a vector that another worker added after it had looked', async () => {
    const reader = connect(server)
    assert.deepEqual(await reader.search({ vector: 'small', values: randomVector(1, SMALL), limit: 3 }), [])
    await store.prepare({ small: SMALL })
    await store.upsert([point({ symbol: 'new' })])
    assert.equal((await reader.search({ vector: 'small', values: randomVector(1, SMALL), limit: 3 })).length, 1)
  })

  it('lets two workers prepare at the same moment', async () => {
    await Promise.all([1, 2, 3].map(() => connect(server).prepare({ small: SMALL })))
    await store.upsert([point({ symbol: 'a' })])
    assert.equal(await store.count({}), 1)
  })

  for (const fault of [{ kind: 'status', status: 500 }, { kind: 'status', status: 429 }, { kind: 'reset' }] as const) {
    it(`makes a request again after ${fault.kind === 'status' ? fault.status : fault.kind}, and says unavailable after the second`, async () => {
      await store.prepare({ small: SMALL })
      server.faults.push(fault)
      await store.upsert([point({ symbol: 'a' })])
      server.faults.push(fault, fault)
      const error = await rejectsWith('vector_store_unavailable', store.upsert([point({ symbol: 'b' })]))
      assert.equal(error.permanent, false)
      assert.equal(await store.count({}), 1)
    })
  }

  it('gives up a request that is not answered in time', async () => {
    const impatient = connect(server, { timeoutMs: 100 })
    server.faults.push({ kind: 'silent' }, { kind: 'silent' })
    assert.match((await rejectsWith('vector_store_unavailable', impatient.count({}))).message, /in time/)
  })

  it('says unavailable when nobody listens', async () => {
    await server.close()
    await rejectsWith('vector_store_unavailable', store.count({}))
  })

  it('says refused for a wrong key, shows neither key, and does not ask again', async () => {
    const error = await rejectsWith('vector_store_refused', connect(server, { apiKey: new Secret('a-wrong-key') }).count({}))
    assert.match(error.message, /QDRANT_API_KEY/)
    const text = inspect(error, { depth: 20, showHidden: true })
    assert.ok(!text.includes('a-wrong-key') && !text.includes(server.apiKey))
  })

  it('refuses a collection that somebody else made', async () => {
    const headers = { 'api-key': server.apiKey, 'content-type': 'application/json' }
    const body = JSON.stringify({ vectors: { size: 3, distance: 'Cosine' } })
    await fetch(`${server.url}/collections/theirs`, { method: 'PUT', headers, body })
    await rejectsWith('vector_store_refused', connect(server, { collection: 'theirs' }).prepare({ small: 3 }))
  })

  it('is reached behind a path', async () => {
    const behind = connect(server, { url: `${server.url}${PROXY_PATH}/` })
    await behind.prepare({ small: SMALL })
    await behind.upsert([point({ symbol: 'a' })])
    assert.equal(await store.count({}), 1)
  })
})
