import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SearchItem } from '@doctown/common/search/item.js'
import { createIndexCache, type CachedFolder } from '../../src/cli/search/index-cache.js'

const item = (name: string, body = ''): SearchItem => ({
  symbol_id: `a.rs#${name}`,
  name,
  symbol_type: 'function',
  path: 'a',
  file: 'a.rs',
  start_line: 1,
  end_line: 2,
  public: true,
  test: false,
  implementation: false,
  head: 'fn',
  body,
  docs: 'Grüße \u{1f600}',
})

function folderOf(names: readonly string[], body?: string): CachedFolder {
  const values = new Float32Array(names.length * 4)
  // One row of zeros, as a text without words has.
  names.slice(1).forEach((_, i) => values.set([0.5, -0.5, 0.5, (i + 1) / 10], (i + 1) * 4))
  return {
    items: names.map((name) => item(name, body)),
    vectors: { dimensions: 4, values, itemOfRow: Int32Array.from(names, (_, i) => i) },
  }
}

describe('the cache of folders that were searched', () => {
  let folder: string
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'doctown-index-cache-')), 'search')
  })
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))
  const file = (key: string): string => join(folder, `${key}.folder`)

  it('gives back what was put, vectors to a part in 250 of their largest number, to whoever asks by the same key', async () => {
    const made = folderOf(['a', 'b', 'c'])
    await createIndexCache(folder).put('k1', made)
    const again = await createIndexCache(folder).get('k1')
    assert.deepEqual(again?.items, made.items)
    assert.deepEqual(again.vectors.itemOfRow, made.vectors.itemOfRow)
    again.vectors.values.forEach((value, i) => assert.ok(Math.abs(value - made.vectors.values[i]!) < 1 / 250))
    assert.equal(await createIndexCache(folder).get('k2'), undefined)
  })

  it('keeps its files to this user', async () => {
    await createIndexCache(folder).put('k1', folderOf(['a']))
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
    assert.equal((await stat(file('k1'))).mode & 0o777, 0o600)
  })

  it('takes nothing from a file that was cut, changed anywhere, or made by something else, and removes it', async () => {
    const cache = createIndexCache(folder)
    await cache.put('k1', folderOf(['a', 'b']))
    const whole = await readFile(file('k1'))
    const broken: Buffer[] = [
      Buffer.alloc(0),
      Buffer.from('{}\n'),
      Buffer.from('PK\u0003\u0004 not ours'),
      Buffer.concat([whole, Buffer.from('x')]),
    ]
    for (let at = 0; at < whole.byteLength; at += 37) {
      broken.push(whole.subarray(0, at))
      const changed = Buffer.from(whole)
      changed[at]! ^= 1
      broken.push(changed)
    }
    for (const bytes of broken) {
      await writeFile(file('k1'), bytes)
      assert.equal(await cache.get('k1'), undefined)
      assert.deepEqual(await readdir(folder), [])
    }
    await writeFile(file('k1'), whole)
    assert.equal((await cache.get('k1'))?.items.length, 2)
  })

  it('stays within its bytes: what was not asked for the longest goes, and what is too large is not kept', async () => {
    const large = folderOf(['a'], 'x'.repeat(10_000))
    const cache = createIndexCache(folder, { maxBytes: 35_000 })
    for (const [i, key] of ['one', 'two', 'three'].entries()) {
      await cache.put(key, large)
      await utimes(file(key), 1_000 + i, 1_000 + i)
    }
    assert.ok((await cache.get('one')) !== undefined)
    await cache.put('four', large)
    assert.deepEqual((await readdir(folder)).sort(), ['four.folder', 'one.folder', 'three.folder'])
    await cache.put('huge', folderOf(['a'], 'x'.repeat(40_000)))
    assert.equal((await readdir(folder)).length, 3)
  })

  it('serves readers and writers of one key at once', async () => {
    const caches = Array.from({ length: 8 }, () => createIndexCache(folder))
    await Promise.all(
      caches.map(async (cache, i) => {
        for (let turn = 0; turn < 10; turn++) {
          if (i % 2 === 0) await cache.put(`k${turn % 3}`, folderOf(['a', 'b', 'c']))
          const found = await cache.get(`k${turn % 3}`)
          assert.ok(found === undefined || found.items.length === 3)
        }
      }),
    )
    assert.ok((await readdir(folder)).every((name) => name.endsWith('.folder')))
  })

  it('is silent where it cannot write, and clears away what a killed process left', async () => {
    await mkdir(join(folder, '..'), { recursive: true })
    await writeFile(folder, 'a file stands where the folder should be')
    const cache = createIndexCache(folder)
    await cache.put('k1', folderOf(['a']))
    assert.equal(await cache.get('k1'), undefined)
    await rm(folder)
    await mkdir(folder)
    await writeFile(join(folder, 'k9.123.part'), 'half')
    await utimes(join(folder, 'k9.123.part'), 1_000, 1_000)
    await cache.put('k1', folderOf(['a']))
    assert.deepEqual(await readdir(folder), ['k1.folder'])
  })
})
