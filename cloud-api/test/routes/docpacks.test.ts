import assert from 'node:assert/strict'
import request from 'supertest'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { DocpackListSchema, DocpackViewSchema, type DocpackList } from '@doctown/common/contracts/http/bodies.js'
import { createMemoryObjectStore } from '@doctown/common/ports/object-store/memory.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import { publishSample, sampleManifest } from '../support/samples.js'
import { ADMIN, appsOfEachTest, type TestApp } from '../support/test-app.js'

describe('the commons', () => {
  const start = appsOfEachTest()
  const list = async (api: TestApp, query = '', headers: Record<string, string> = {}): Promise<DocpackList> =>
    DocpackListSchema.parse((await request(api.server).get(`/api/docpacks${query}`).set(headers).expect(200)).body)

  it('is empty, then lists what was published, newest first, found by name and language', async () => {
    let nowMs = Date.now()
    const api = await start({ parts: { now: () => nowMs } })
    assert.deepEqual(await list(api), { docpacks: [], next_cursor: null })
    await publishSample(api.store, { jobId: '1', repoUrl: 'github.com/BurntSushi/walkdir', builtAt: '2026-01-01T00:00:00.000Z' })
    await publishSample(api.store, {
      jobId: '2',
      repoUrl: 'github.com/tokio-rs/tokio',
      builtAt: '2026-01-02T00:00:00.000Z',
      languages: { Rust: 9, C: 1 },
    })
    nowMs += 10_000
    assert.deepEqual(
      (await list(api)).docpacks.map(({ repo_url }) => repo_url),
      ['github.com/tokio-rs/tokio', 'github.com/BurntSushi/walkdir'],
    )
    assert.deepEqual(
      (await list(api, '?query=WALK')).docpacks.map(({ repo_url }) => repo_url),
      ['github.com/BurntSushi/walkdir'],
    )
    assert.deepEqual(
      (await list(api, '?language=c')).docpacks.map(({ repo_url }) => repo_url),
      ['github.com/tokio-rs/tokio'],
    )
    assert.deepEqual((await list(api, '?language=cobol')).docpacks, [])
    const [first] = (await list(api)).docpacks
    assert.ok(first !== undefined && !('key' in first) && !('visibility' in first))
  })

  it('gives a hundred and twenty in three pages, each once, and refuses a cursor of nobody', async () => {
    const api = await start()
    for (let i = 0; i < 120; i += 1) {
      await publishSample(api.store, { jobId: String(i), builtAt: new Date(1_700_000_000_000 + (i % 7) * 1000).toISOString() })
    }
    const seen: string[] = []
    let pages = 0
    for (let cursor: string | null = ''; cursor !== null; pages += 1) {
      const page: DocpackList = await list(api, cursor === '' ? '' : `?cursor=${cursor}`)
      seen.push(...page.docpacks.map(({ docpack_id }) => docpack_id))
      cursor = page.next_cursor
    }
    assert.equal(pages, 3)
    assert.equal(new Set(seen).size, 120)
    assert.equal(seen.length, 120)
    for (const query of ['cursor=abc', 'cursor=W10', 'cursor=a&cursor=b', `cursor=${'x'.repeat(300)}`, `query=${'x'.repeat(300)}`]) {
      assert.equal((await request(api.server).get(`/api/docpacks?${query}`).expect(400)).body.error, 'invalid_request', query)
    }
  })

  it('shows one with its manifest, also one that was published a moment ago', async () => {
    const api = await start()
    await list(api)
    const record = await publishSample(api.store, { jobId: '1' })
    const { body } = await request(api.server).get(`/api/docpacks/${record.docpack_id}`).expect(200)
    assert.deepEqual(DocpackViewSchema.parse(body), {
      docpack_id: record.docpack_id,
      repo_url: record.repo_url,
      manifest: sampleManifest,
      built_at: record.built_at,
      size_bytes: record.size_bytes,
    })
  })

  it('downloads the very bytes as an attachment, and only once for who holds them', async () => {
    const api = await start()
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251))
    const record = await publishSample(api.store, { jobId: '1', bytes })
    const url = `${api.url}/api/docpacks/${record.docpack_id}/download`
    const response = await fetch(url)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'application/zip')
    assert.equal(response.headers.get('etag'), `"${record.sha256}"`)
    assert.equal(response.headers.get('content-disposition'), 'attachment; filename="walkdir-abcdef0.docpack"')
    assert.equal(response.headers.get('content-length'), '100000')
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes))
    for (const held of [`"${record.sha256}"`, `W/"${record.sha256}"`, `"x", "${record.sha256}"`, '*']) {
      const again = await fetch(url, { headers: { 'if-none-match': held } })
      assert.equal(again.status, 304, held)
      assert.equal(again.headers.get('etag'), `"${record.sha256}"`)
      assert.equal((await again.arrayBuffer()).byteLength, 0)
    }
    assert.equal((await fetch(url, { headers: { 'if-none-match': '"other"' } })).status, 200)
    const head = await fetch(url, { method: 'HEAD' })
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, '100000'])
  })

  it('knows no id that is not twenty hex digits, and none that is not there', async () => {
    const api = await start()
    for (const id of ['0'.repeat(20), '0'.repeat(19), 'G'.repeat(20), 'A'.repeat(20), '%2e%2e', '..%2frecords%2fx', 'x'.repeat(300)]) {
      for (const path of ['', '/download', '/symbols', '/graph', '/clusters']) {
        const response = await request(api.server).get(`/api/docpacks/${id}${path}`)
        assert.deepEqual([response.status, response.body.error], [404, 'not_found'], id + path)
      }
    }
  })

  it('hides a private docpack everywhere from everybody but the admin', async () => {
    const api = await start()
    const record = await publishSample(api.store, { jobId: '1', repoUrl: 'github.com/acme/secret', isPrivate: true })
    assert.deepEqual((await list(api)).docpacks, [])
    for (const path of ['', '/download']) {
      await request(api.server).get(`/api/docpacks/${record.docpack_id}${path}`).expect(404)
      const shown = await request(api.server).get(`/api/docpacks/${record.docpack_id}${path}`).set(ADMIN).expect(200)
      assert.equal(shown.headers['cache-control'], 'no-store')
    }
    assert.equal((await list(api, '', ADMIN)).docpacks.length, 1)
  })

  it('is taken off the shelf by the admin alone, record and file', async () => {
    const api = await start()
    const record = await publishSample(api.store, { jobId: '1' })
    await list(api)
    await request(api.server).delete(`/api/docpacks/${record.docpack_id}`).expect(401)
    await request(api.server).delete(`/api/docpacks/${record.docpack_id}`).set(ADMIN).expect(204)
    assert.deepEqual((await list(api)).docpacks, [])
    assert.deepEqual(await api.store.list(''), [])
    await request(api.server).get(`/api/docpacks/${record.docpack_id}/download`).expect(404)
    await request(api.server).delete(`/api/docpacks/${record.docpack_id}`).set(ADMIN).expect(404)
  })

  it('is taken out of the vector store first, and stays on the shelf when that is away', async () => {
    let isAway = true
    const removed: unknown[] = []
    const remove = async (filter: unknown): Promise<void> => {
      if (isAway) throw new DoctownError('vector_store_unavailable', 'connect ECONNREFUSED 10.0.0.7:6333')
      removed.push(filter)
    }
    const api = await start({ parts: { vectors: { remove } } })
    const record = await publishSample(api.store, { jobId: '1' })
    const refused = await request(api.server).delete(`/api/docpacks/${record.docpack_id}`).set(ADMIN).expect(502)
    assert.equal(refused.body.error, 'vector_store_unavailable')
    assert.ok(!refused.text.includes('10.0.0.7'))
    assert.equal((await list(api)).docpacks.length, 1)
    isAway = false
    await request(api.server).delete(`/api/docpacks/${record.docpack_id}`).set(ADMIN).expect(204)
    assert.deepEqual(removed, [{ docpack_id: record.docpack_id }])
    assert.deepEqual(await api.store.list(''), [])
  })

  it('is still read from the index while the store is away, and says so in our words when there is none', async () => {
    let nowMs = Date.now()
    let isAway = false
    const inner = createMemoryObjectStore()
    const away = async (): Promise<never> => {
      throw new DoctownError('object_store_unavailable', 'connect ECONNREFUSED /srv/secret-folder')
    }
    const store: ObjectStore = {
      ...inner,
      list: (prefix) => (isAway ? away() : inner.list(prefix)),
      get: (key) => (isAway ? away() : inner.get(key)),
    }
    const api = await start({ store, parts: { now: () => nowMs } })
    const record = await publishSample(store, { jobId: '1' })
    await list(api)
    isAway = true
    nowMs += 60_000
    assert.equal((await list(api)).docpacks.length, 1)
    const download = await request(api.server).get(`/api/docpacks/${record.docpack_id}/download`).expect(502)
    assert.equal(download.body.error, 'object_store_unavailable')
    const fresh = await start({ store })
    const { body, text } = await request(fresh.server).get('/api/docpacks').expect(502)
    assert.equal(body.error, 'object_store_unavailable')
    assert.ok(!text.includes('secret-folder'))
  })

  it('passes over a record that cannot be read', async () => {
    const api = await start()
    await publishSample(api.store, { jobId: '1' })
    await api.store.put(`records/${'f'.repeat(20)}.json`, Buffer.from('{"docpack_id":'))
    assert.equal((await list(api)).docpacks.length, 1)
    await request(api.server)
      .get(`/api/docpacks/${'f'.repeat(20)}`)
      .expect(404)
  })
})
