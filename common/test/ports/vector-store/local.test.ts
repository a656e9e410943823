import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { POINTS_VERSION } from '../../../src/contracts/points-version.js'
import { createLocalVectorStore } from '../../../src/ports/vector-store/local.js'
import { point, randomVector, SMALL } from './conformance.js'

const child = fileURLToPath(new URL('./local-child.js', import.meta.url))
const points = (from: number, count: number): ReturnType<typeof point>[] =>
  Array.from({ length: count }, (_, index) => point({ symbol: `s${from + index}`, vectors: { small: randomVector(from + index, SMALL) } }))

describe('the local vector store', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctown-vectors-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  /** Points of the present shape. */
  const shaped = (): string => join(folder, `v${POINTS_VERSION}`)
  const logFile = async (): Promise<string> =>
    join(
      shaped(),
      (await readdir(shaped()))
        .filter((name) => name.startsWith('log-'))
        .sort()
        .at(-1) ?? '',
    )

  it('shows a reader what another has written, without being opened again', async () => {
    const reader = await createLocalVectorStore({ folder })
    const writer = await createLocalVectorStore({ folder })
    assert.equal(await reader.count({}), 0)
    await writer.prepare({ small: SMALL })
    await writer.upsert(points(0, 30))
    assert.equal(await reader.count({}), 30)
    await writer.remove({ repo_url: 'github.com/o/r' })
    assert.equal(await reader.count({}), 0)
  })

  it('loses only what was being written when the file is cut anywhere, and can be written to again', async () => {
    const first = await createLocalVectorStore({ folder })
    await first.prepare({ small: SMALL })
    await first.upsert(points(0, 5))
    const file = await logFile()
    const whole = (await stat(file)).size
    await first.upsert(points(5, 5))
    const longer = await readFile(file)
    for (let cut = whole; cut < longer.byteLength; cut += 97) {
      await writeFile(file, longer)
      await truncate(file, cut)
      const store = await createLocalVectorStore({ folder })
      assert.equal(await store.count({}), 5, `cut at ${cut}`)
      await store.upsert(points(100, 2))
      assert.equal(await store.count({}), 7, `cut at ${cut}, then written`)
      assert.equal(await (await createLocalVectorStore({ folder })).count({}), 7)
    }
  })

  it('steps over bytes that are none of its own, wherever they stand', async () => {
    const store = await createLocalVectorStore({ folder })
    await store.prepare({ small: SMALL })
    await store.upsert(points(0, 3))
    await appendFile(await logFile(), Buffer.from('garbage \xff\x44\x54\x4c\xfe\x00\x01\xff and more', 'latin1'))
    await store.upsert(points(3, 3))
    assert.equal(await store.count({}), 6)
    assert.equal(await (await createLocalVectorStore({ folder })).count({}), 6)
  })

  it('rewrites its file when most of it is dead, and keeps every living point', async () => {
    const store = await createLocalVectorStore({ folder, compactFromBytes: 200_000 })
    const reader = await createLocalVectorStore({ folder })
    await store.prepare({ small: SMALL })
    for (let turn = 0; turn < 30; turn += 1) {
      await store.upsert(points(0, 100))
      assert.equal(await reader.count({}), 100)
    }
    assert.equal((await readdir(shaped())).filter((name) => name.startsWith('log-')).length, 1)
    assert.ok((await stat(await logFile())).size < 300_000)
    const [hit] = await (await createLocalVectorStore({ folder })).search({ vector: 'small', values: randomVector(42, SMALL), limit: 1 })
    assert.equal(hit?.payload.name, 's42')
    assert.ok(Math.abs((hit?.score ?? 0) - 1) < 1e-6)
  })

  it('loses no point of four processes that write and compact at once', async () => {
    await (await createLocalVectorStore({ folder })).prepare({ small: SMALL })
    const writers = [0, 1, 2, 3].map((number) =>
      spawn(process.execPath, [child, folder, String(number)], { stdio: ['ignore', 'inherit', 'inherit'] }),
    )
    const codes = await Promise.all(writers.map(async (writer) => (await once(writer, 'exit'))[0]))
    assert.deepEqual(codes, [0, 0, 0, 0])
    const store = await createLocalVectorStore({ folder })
    assert.equal(await store.count({}), 4 * 50)
    for (const number of [0, 1, 2, 3]) assert.equal(await store.count({ commit_sha: `writer-${number}` }), 50)
  })

  it('loads 20,000 points of 256 dimensions in under three seconds', async () => {
    const store = await createLocalVectorStore({ folder })
    await store.prepare({ small: 256 })
    const vector = randomVector(1, 256)
    await store.upsert(Array.from({ length: 20_000 }, (_, index) => point({ symbol: `s${index}`, vectors: { small: vector } })))
    const begun = performance.now()
    assert.equal(await (await createLocalVectorStore({ folder })).count({}), 20_000)
    assert.ok(performance.now() - begun < 3_000, `${performance.now() - begun} ms`)
  })
})
