import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { DoctownError } from '../../../src/contracts/errors.js'
import { Secret } from '../../../src/contracts/secret.js'
import type { ObjectStore } from '../../../src/ports/object-store/port.js'
import { createS3ObjectStore, type S3ObjectStoreOptions } from '../../../src/ports/object-store/s3.js'
import { readListPage } from '../../../src/ports/object-store/s3-xml.js'
import { rejectsWith } from '../../support/rejects-with.js'
import { startS3Server, type S3TestServer } from '../../support/s3-server.js'
import { objectStoreConformance } from './conformance.js'

const connect = (server: S3TestServer, changes: Partial<S3ObjectStoreOptions> = {}): ObjectStore =>
  createS3ObjectStore({ ...server, secretAccessKey: new Secret(server.secretAccessKey), retryAfterMs: 5, ...changes })

describe('over HTTP', () => {
  let server: S3TestServer
  before(async () => {
    server = await startS3Server()
  })
  after(() => server.close())
  objectStoreConformance('s3, against a server that verifies signatures, hashes and preconditions', async () => ({
    store: connect(server),
  }))
})

const url = process.env['S3_TEST_URL']
if (url !== undefined) {
  // http://access-key:secret@host:port/bucket
  const { username, password, origin, pathname } = new URL(url)
  const secretAccessKey = new Secret(decodeURIComponent(password))
  const options = {
    endpoint: origin,
    bucket: pathname.slice(1),
    accessKeyId: decodeURIComponent(username),
    secretAccessKey,
    region: 'us-east-1',
  }
  objectStoreConformance('s3, against S3_TEST_URL', async () => ({ store: createS3ObjectStore(options), prefix: `${randomUUID()}/` }))
  describe('s3, against S3_TEST_URL', () => {
    it('is refused with a wrong secret', async () => {
      await rejectsWith('object_store_refused', createS3ObjectStore({ ...options, secretAccessKey: new Secret('wrong') }).get('a'))
    })
  })
}

describe('the S3 object store', () => {
  let s3: S3TestServer
  let store: ObjectStore
  const bytes = new Uint8Array(300_000).fill(7)
  beforeEach(async () => {
    s3 = await startS3Server()
    store = connect(s3)
  })
  afterEach(() => s3.close())

  for (const fault of [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'reset-before' },
    { kind: 'reset-half' },
    { kind: 'reply-lost' },
  ] as const) {
    it(`puts again after ${fault.kind}${fault.kind === 'status' ? ` ${fault.status}` : ''}, and ends with one whole object`, async () => {
      s3.faults.push(fault, fault)
      await store.put('docpacks/1.docpack', bytes, { contentType: 'application/zip' })
      assert.equal(s3.seen.length, 3)
      assert.deepEqual([...s3.objects.keys()], ['docpacks/1.docpack'])
      assert.ok(s3.objects.get('docpacks/1.docpack')?.body.equals(bytes))
      assert.equal(s3.objects.get('docpacks/1.docpack')?.contentType, 'application/zip')
    })
  }

  it('is told from only-if-absent when the answer was lost that the object is its own, and when it is not', async () => {
    s3.faults.push({ kind: 'reply-lost' })
    await store.put('once', bytes, { onlyIfAbsent: true })
    s3.faults.push({ kind: 'reset-before' })
    await rejectsWith('precondition_failed', store.put('once', new Uint8Array(3), { onlyIfAbsent: true }))
  })

  it('gets again when the answer breaks off in the middle', async () => {
    await store.put('a', bytes)
    s3.faults.push({ kind: 'half-answer' })
    assert.ok(Buffer.from((await store.get('a')) ?? []).equals(bytes))
  })

  it('gives up a try that is silent, and says unavailable after the fourth', async () => {
    s3.faults.push(...Array.from({ length: 4 }, () => ({ kind: 'silent' }) as const))
    const error = await rejectsWith('object_store_unavailable', connect(s3, { idleMs: 100 }).get('a'))
    assert.equal(error.permanent, false)
    assert.equal(s3.seen.length, 4)
  })

  it('says unavailable when nobody listens', async () => {
    const endpoint = s3.endpoint
    await s3.close()
    await rejectsWith('object_store_unavailable', connect({ ...s3, endpoint }).get('a'))
  })

  it('does not try again what is refused', async () => {
    await rejectsWith('object_store_refused', connect(s3, { accessKeyId: 'AKOTHER' }).get('a'))
    await rejectsWith('object_store_refused', connect(s3, { secretAccessKey: new Secret('wrong') }).put('a', bytes))
    await rejectsWith('object_store_refused', connect(s3, { bucket: 'elsewhere' }).list(''))
    await rejectsWith('object_store_refused', connect(s3, { bucket: 'elsewhere' }).get('a'))
    await rejectsWith('object_store_refused', connect(s3, { bucket: 'elsewhere' }).put('a', bytes))
    assert.equal(s3.seen.length, 5)
  })

  it('lists page by page', async () => {
    s3.pageSize = 7
    for (let index = 0; index < 30; index += 1) await store.put(`records/${index}.json`, new Uint8Array(index))
    const found = await store.list('records/')
    assert.equal(found.length, 30)
    assert.equal(s3.seen.filter((line) => line.startsWith('GET')).length, 5)
    assert.equal(found.find(({ key }) => key === 'records/12.json')?.size, 12)
  })

  it('stops waiting for another try when the caller has given up', async () => {
    const reason = new DoctownError('cancelled', 'The job was cancelled.')
    const stop = new AbortController()
    s3.faults.push({ kind: 'status', status: 500 })
    setTimeout(() => stop.abort(reason), 50)
    const slow = connect(s3, { retryAfterMs: 60_000 })
    assert.equal(await slow.put('a', bytes, { signal: stop.signal }).catch((error: unknown) => error), reason)
    s3.faults.push({ kind: 'silent' })
    setTimeout(() => again.abort(reason), 50)
    const again = new AbortController()
    assert.equal(await slow.get('a', { signal: again.signal }).catch((error: unknown) => error), reason)
  })

  it('shows its secret in no error, whatever goes wrong', async () => {
    const errors: unknown[] = []
    for (const fault of [{ kind: 'status', status: 403 }, { kind: 'reset-before' }, { kind: 'silent' }] as const) {
      s3.faults.push(fault, fault, fault, fault)
      errors.push(
        await connect(s3, { idleMs: 50 })
          .put('a', bytes)
          .catch((error: unknown) => error),
      )
      s3.faults.length = 0
    }
    const text = inspect(errors, { depth: 20, showHidden: true })
    assert.ok(!text.includes(s3.secretAccessKey) && !text.includes('Signature=') && !text.includes(s3.accessKeyId), text)
  })
})

describe('a listing of S3', () => {
  const page = (inner: string): Buffer => Buffer.from(`<ListBucketResult>${inner}</ListBucketResult>`)
  it('reads the five entities and numbers, and nothing that a document type could define', () => {
    const { objects } = readListPage(
      page(
        '<Contents><Key>a&amp;&lt;&#98;&#x63;&evil;</Key><LastModified>2026-11-22T00:00:00.000Z</LastModified><ETag>"e"</ETag><Size>3</Size></Contents>',
      ),
    )
    assert.equal(objects[0]?.key, 'a&<bc&evil;')
    assert.equal(objects[0]?.etag, 'e')
  })

  it('is refused when it is none or breaks off', () => {
    for (const body of [
      Buffer.from('<html>login</html>'),
      page('<IsTruncated>true</IsTruncated>'),
      page('<Contents><Key>a</Key></Contents>'),
    ]) {
      assert.throws(
        () => readListPage(body),
        (error: unknown) => error instanceof DoctownError && error.code === 'object_store_refused',
      )
    }
  })
})
