import assert from 'node:assert/strict'
import { DoctownError } from '../../../src/contracts/errors.js'
import type { ObjectStore } from '../../../src/ports/object-store/port.js'
import { rejectsWith } from '../../support/rejects-with.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (body: Uint8Array | undefined): string | undefined => (body === undefined ? undefined : new TextDecoder().decode(body))

/** The promises of port.ts, for every adapter. `open` gives a store with nothing in it under `prefix`, called once. */
export function objectStoreConformance(name: string, open: () => Promise<{ store: ObjectStore; prefix?: string }>): void {
  describe(`object store: ${name}`, () => {
    let store: ObjectStore
    let at: (key: string) => string
    let root: string

    before(async () => {
      const opened = await open()
      store = opened.store
      root = opened.prefix ?? ''
      at = (key) => root + key
    })
    after(() => store.close())

    it('gives back the bytes that were put', async () => {
      const body = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7919) & 255)
      await store.put(at('docpacks/1.docpack'), body, { contentType: 'application/zip' })
      const read = await store.get(at('docpacks/1.docpack'))
      assert.ok(read !== undefined && Buffer.from(read).equals(body))
    })

    it('keeps an empty object', async () => {
      await store.put(at('empty'), new Uint8Array())
      assert.equal((await store.get(at('empty')))?.byteLength, 0)
      assert.equal((await store.head(at('empty')))?.size, 0)
    })

    it('overwrites, and the etag changes with the bytes', async () => {
      await store.put(at('records/a.json'), bytes('old'))
      const before = await store.head(at('records/a.json'))
      await store.put(at('records/a.json'), bytes('new!'))
      const after = await store.head(at('records/a.json'))
      assert.equal(text(await store.get(at('records/a.json'))), 'new!')
      assert.equal(after?.size, 4)
      assert.equal(after?.key, at('records/a.json'))
      assert.notEqual(before?.etag, after?.etag)
      assert.ok(Math.abs(Date.now() - (after?.modifiedAt.getTime() ?? 0)) < 120_000)
    })

    it('says undefined for a key that is not there, also below or above one that is', async () => {
      await store.put(at('tree/leaf'), bytes('x'))
      for (const key of ['nothing', 'tree', 'tree/leaf/below', 'tree/other']) {
        assert.equal(await store.get(at(key)), undefined, key)
        assert.equal(await store.head(at(key)), undefined, key)
      }
    })

    it('refuses to overwrite when asked to write only if absent', async () => {
      await store.put(at('once'), bytes('first'), { onlyIfAbsent: true })
      await rejectsWith('precondition_failed', store.put(at('once'), bytes('second'), { onlyIfAbsent: true }))
      assert.equal(text(await store.get(at('once'))), 'first')
    })

    it('lets exactly one of ten concurrent writers win with only-if-absent', async () => {
      const tries = Array.from({ length: 10 }, (_, index) => store.put(at('race'), bytes(`writer ${index}`), { onlyIfAbsent: true }))
      const results = await Promise.allSettled(tries)
      const winners = results.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []))
      assert.equal(winners.length, 1)
      assert.equal(text(await store.get(at('race'))), `writer ${winners[0]}`)
    })

    it('lists what begins with a prefix, by bytes, and nothing else', async () => {
      const keys = ['list/b', 'list/a/z', 'list/a/B', 'list/a-1', 'list/a.1', 'list/ab', 'listing', 'list/a:1', 'list/a/a/a']
      for (const key of keys) await store.put(at(key), bytes(key))
      const names = async (prefix: string): Promise<string[]> => (await store.list(at(prefix))).map(({ key }) => key.slice(root.length))
      const sorted = [...keys].sort()
      assert.deepEqual(
        await names('list/'),
        sorted.filter((key) => key.startsWith('list/')),
      )
      assert.deepEqual(
        await names('list/a'),
        sorted.filter((key) => key.startsWith('list/a')),
      )
      assert.deepEqual(await names('list/a/'), ['list/a/B', 'list/a/a/a', 'list/a/z'])
      assert.deepEqual(await names('list'), sorted)
      assert.deepEqual(await names('no/such/'), [])
      assert.deepEqual(
        (await store.list(at('list/ab'))).map(({ size }) => size),
        [7],
      )
    })

    it('removes, and removes again', async () => {
      await store.put(at('gone'), bytes('x'))
      await store.remove(at('gone'))
      await store.remove(at('gone'))
      assert.equal(await store.get(at('gone')), undefined)
      assert.deepEqual(await store.list(at('gone')), [])
    })

    it('never shows half an object while it is overwritten', async () => {
      const one = new Uint8Array(400_000).fill(1)
      const two = new Uint8Array(300_000).fill(2)
      await store.put(at('swap'), one)
      let writing = true
      const writer = (async () => {
        for (let turn = 0; turn < 10; turn += 1) await store.put(at('swap'), turn % 2 === 0 ? two : one)
        writing = false
      })()
      while (writing) {
        const read = await store.get(at('swap'))
        assert.ok(read !== undefined)
        assert.equal(read.byteLength, read[0] === 1 ? one.byteLength : two.byteLength)
        assert.equal(read[read.byteLength - 1], read[0])
      }
      await writer
    })

    it('keeps its own copy of the bytes', async () => {
      const body = bytes('mine')
      await store.put(at('copy'), body)
      body.fill(0)
      assert.equal(text(await store.get(at('copy'))), 'mine')
    })

    it('refuses keys that lead elsewhere', async () => {
      for (const key of [
        '',
        '/',
        '/etc/passwd',
        '../up',
        'a/../b',
        'a//b',
        'a/',
        '.tmp/x',
        'a/.hidden',
        'a\\b',
        'a b',
        'a\0b',
        'é',
        'a?b',
        'x'.repeat(1025),
      ]) {
        await rejectsWith('object_store_refused', store.put(key, bytes('x')))
        await rejectsWith('object_store_refused', store.get(key))
        await rejectsWith('object_store_refused', store.head(key))
        await rejectsWith('object_store_refused', store.remove(key))
      }
      for (const prefix of ['../', '/', 'a/../', 'a//']) await rejectsWith('object_store_refused', store.list(prefix))
    })

    it('does not begin to write for a caller that has given up', async () => {
      const reason = new DoctownError('cancelled', 'The job was cancelled.')
      const thrown = await store.put(at('aborted'), bytes('x'), { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)
      assert.equal(thrown, reason)
      assert.equal(await store.get(at('aborted')), undefined)
    })
  })
}
