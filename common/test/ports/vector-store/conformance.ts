import assert from 'node:assert/strict'
import { createRandom } from '../../../src/runtime/random.js'
import { uuidV5 } from '../../../src/runtime/uuid-v5.js'
import type { PointPayload, VectorPoint, VectorStore } from '../../../src/ports/vector-store/port.js'
import { DoctownError } from '../../../src/contracts/errors.js'
import { rejectsWith } from '../../support/rejects-with.js'

const NAMESPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8'
export const SMALL = 8
export const STRUCTURE = 4

export function randomVector(seed: number, length: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length }, () => random() - 0.5)
}

export interface PointSketch {
  readonly repo?: string
  readonly commit?: string
  readonly symbol: string
  readonly type?: string
  readonly docpack?: string
  readonly vectors?: VectorPoint['vectors']
  readonly sparse?: VectorPoint['sparse']
}

export function point({
  repo = 'github.com/o/r',
  commit = 'c1',
  symbol,
  type = 'function',
  docpack = '0'.repeat(20),
  vectors,
  sparse,
}: PointSketch): VectorPoint {
  const payload: PointPayload = {
    repo_url: repo,
    commit_sha: commit,
    docpack_id: docpack,
    symbol_id: symbol,
    name: symbol,
    symbol_type: type,
    file: 'src/lib.rs',
    start_line: 1,
    end_line: 2,
    public: true,
    private_repository: false,
    path: 'sample',
    test: false,
  }
  return {
    id: uuidV5(NAMESPACE, `${repo} ${commit} ${symbol}`),
    vectors: vectors ?? { small: randomVector(symbol.length, SMALL) },
    sparse,
    payload,
  }
}

/** The promises of port.ts, for every adapter. `open` gives an empty store each time; `reopen` the same store once more, where it outlives `close`. */
export function vectorStoreConformance(
  name: string,
  adapter: { open: () => Promise<VectorStore>; reopen?: () => Promise<VectorStore> },
): void {
  describe(`vector store: ${name}`, () => {
    let store: VectorStore
    beforeEach(async () => {
      store = await adapter.open()
    })
    afterEach(() => store.close())
    const dimensions = { small: SMALL, structure: STRUCTURE }
    const names = async (values: Float32Array, limit = 10): Promise<string[]> =>
      (await store.search({ vector: 'small', values, limit })).map(({ payload }) => payload.name)

    it('finds nothing and counts nothing before anything was prepared', async () => {
      assert.equal(await store.count({}), 0)
      assert.deepEqual(await store.search({ vector: 'small', values: randomVector(1, SMALL), limit: 5 }), [])
      await store.remove({ repo_url: 'github.com/o/r' })
    })

    it('may be prepared again, also with one name more, but not with other dimensions', async () => {
      await store.prepare({ small: SMALL })
      await store.upsert([point({ symbol: 'before' })])
      await store.prepare(dimensions)
      await store.prepare(dimensions)
      await rejectsWith('vector_store_refused', store.prepare({ small: SMALL + 1 }))
      await store.upsert([point({ symbol: 'after', vectors: { structure: randomVector(3, STRUCTURE) } })])
      assert.equal(await store.count({}), 2)
    })

    it('gives the best first by cosine, whatever the length of vectors, with the payload as it was', async () => {
      await store.prepare(dimensions)
      const query = randomVector(99, SMALL)
      const points = Array.from({ length: 300 }, (_, index) =>
        point({ symbol: `s${index}`, vectors: { small: randomVector(index, SMALL).map((v) => v * (1 + index)) } }),
      )
      await store.upsert(points)
      const cosine = (a: Float32Array, b: Float32Array): number => {
        const dot = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
        return dot / Math.hypot(...a) / Math.hypot(...b)
      }
      const expected = points
        .map((p) => ({ id: p.id, score: cosine(p.vectors.small ?? new Float32Array(), query), payload: p.payload }))
        .sort((a, b) => b.score - a.score)
        .slice(0, 20)
      const found = await store.search({ vector: 'small', values: query, limit: 20 })
      assert.deepEqual(
        found.map(({ id, payload }) => ({ id, payload })),
        expected.map(({ id, payload }) => ({ id, payload })),
      )
      found.forEach((hit, index) => assert.ok(Math.abs(hit.score - (expected[index]?.score ?? 9)) < 1e-5, `${hit.score} at ${index}`))
    })

    it('orders equal scores by id', async () => {
      await store.prepare(dimensions)
      const vectors = { small: randomVector(5, SMALL) }
      const points = ['a', 'b', 'c', 'd', 'e', 'f'].map((symbol) => point({ symbol, vectors }))
      await store.upsert(points)
      const found = await store.search({ vector: 'small', values: vectors.small, limit: 4 })
      assert.deepEqual(
        found.map(({ id }) => id),
        points
          .map(({ id }) => id)
          .sort()
          .slice(0, 4),
      )
    })

    it('overwrites a point of the same id, vectors that are gone included', async () => {
      await store.prepare(dimensions)
      const small = randomVector(1, SMALL)
      await store.upsert([point({ symbol: 'x', vectors: { small, structure: randomVector(2, STRUCTURE) } })])
      await store.upsert([point({ symbol: 'x', type: 'struct', vectors: { small } })])
      assert.equal(await store.count({}), 1)
      assert.equal(await store.count({ symbol_type: 'struct' }), 1)
      assert.deepEqual(await store.search({ vector: 'structure', values: randomVector(2, STRUCTURE), limit: 5 }), [])
    })

    it('searches each named vector by itself and does not find points without it', async () => {
      await store.prepare(dimensions)
      const structure = randomVector(11, STRUCTURE)
      await store.upsert([
        point({ symbol: 'both', vectors: { small: randomVector(1, SMALL), structure } }),
        point({ symbol: 'small only', vectors: { small: randomVector(2, SMALL) } }),
        point({ symbol: 'none', vectors: {} }),
      ])
      const found = await store.search({ vector: 'structure', values: structure, limit: 5 })
      assert.deepEqual(
        found.map(({ payload }) => payload.name),
        ['both'],
      )
      assert.equal((await names(randomVector(1, SMALL))).length, 2)
      assert.equal(await store.count({}), 3)
    })

    it('filters by repository without case, by commit, by every other commit and by type', async () => {
      await store.prepare(dimensions)
      await store.upsert([
        point({ symbol: 'a', repo: 'github.com/O/R', commit: 'c1' }),
        point({ symbol: 'b', repo: 'github.com/o/r', commit: 'c1', type: 'struct' }),
        point({ symbol: 'c', commit: 'c2' }),
        point({ symbol: 'd', repo: 'github.com/other/r', commit: 'c2' }),
      ])
      assert.equal(await store.count({}), 4)
      assert.equal(await store.count({ repo_url: 'github.com/o/R' }), 3)
      assert.equal(await store.count({ repo_url: 'github.com/o/r', commit_sha: 'c1' }), 2)
      assert.equal(await store.count({ repo_url: 'github.com/o/r', exceptCommit: 'c1' }), 1)
      assert.equal(await store.count({ commit_sha: 'c1', symbol_type: 'struct' }), 1)
      assert.equal(await store.count({ repo_url: 'github.com/nobody/r' }), 0)
      const found = await store.search({ vector: 'small', values: randomVector(1, SMALL), limit: 9, filter: { exceptCommit: 'c1' } })
      assert.deepEqual(found.map(({ payload }) => payload.name).sort(), ['c', 'd'])
    })

    it('gives the best by each vector and the best by words at once, each point once with its cosines', async () => {
      await store.prepare(dimensions)
      const near = randomVector(1, SMALL)
      const far = near.map((value) => -value)
      const sparse = (...indices: number[]) => ({ indices, values: indices.map((index) => index / 2) })
      const structure = randomVector(7, STRUCTURE)
      await store.upsert([
        point({ symbol: 'near', vectors: { small: near } }),
        point({ symbol: 'both', vectors: { small: near.map((v, i) => v + i / 100) }, sparse: sparse(4, 8) }),
        point({ symbol: 'words', vectors: { small: far }, sparse: sparse(8) }),
        point({ symbol: 'wordsAlone', vectors: {}, sparse: sparse(4) }),
        point({ symbol: 'structured', vectors: { small: far, structure }, sparse: sparse(5) }),
        point({ symbol: 'neither', vectors: { small: far }, sparse: sparse(6) }),
        point({ symbol: 'elsewhere', repo: 'github.com/p/q', vectors: { small: near }, sparse: sparse(4, 8) }),
      ])
      const query = { near: { small: near }, sparse: { indices: [8, 4], values: [1, 3] }, limit: 3 } as const
      const filter = { repo_url: 'github.com/o/r', private_repository: false }
      const found = await store.candidates({ ...query, limit: 2, filter })
      const of = (name: string) => found.find(({ payload }) => payload.name === name)?.cosines
      // By words the two best are `both` and `wordsAlone`: 4 stands in three points of six that have words, and 3 times its value is asked for.
      assert.deepEqual(found.map(({ payload }) => payload.name).sort(), ['both', 'near', 'wordsAlone'])
      assert.ok(Math.abs((of('near')?.small ?? 0) - 1) < 1e-5 && (of('both')?.small ?? 0) > 0.9)
      assert.deepEqual(of('wordsAlone'), {})
      assert.deepEqual(
        found.map(({ id }) => id).sort(),
        found.map(({ id }) => id),
      )
      const three = await store.candidates({ ...query, filter })
      const byWords = three.find(({ payload }) => payload.name === 'words')
      assert.ok(Math.abs((byWords?.cosines.small ?? 0) + 1) < 1e-5, 'found by words, and its cosine is there')
      const two = await store.candidates({ ...query, near: { small: near, structure }, limit: 1, filter })
      const both = two.find(({ payload }) => payload.name === 'structured')?.cosines
      assert.ok(Math.abs((both?.structure ?? 0) - 1) < 1e-5 && Math.abs((both?.small ?? 0) + 1) < 1e-5)
      assert.deepEqual(await store.candidates({ ...query, filter: { private_repository: true } }), [])
      const wordless = await store.candidates({ ...query, sparse: { indices: [], values: [] }, filter })
      assert.ok(!wordless.some(({ payload }) => payload.name === 'wordsAlone'))
      const unknown = await store.candidates({ ...query, sparse: { indices: [77], values: [1] }, filter, limit: 1 })
      assert.deepEqual(
        unknown.map(({ payload }) => payload.name),
        ['near'],
      )
    })

    it('weighs a word by its rarity over all points, whatever the filter', async () => {
      await store.prepare(dimensions)
      const [rare, common] = [11, 12]
      await store.upsert([
        point({ symbol: 'rare', vectors: {}, sparse: { indices: [rare], values: [0.3] } }),
        point({ symbol: 'common', vectors: {}, sparse: { indices: [common], values: [0.9] } }),
        ...Array.from({ length: 20 }, (_, i) =>
          point({ symbol: `filler${i}`, repo: 'github.com/p/q', vectors: {}, sparse: { indices: [common], values: [0.9] } }),
        ),
      ])
      const asked = {
        near: { small: randomVector(1, SMALL) },
        sparse: { indices: [rare, common], values: [1, 1] },
        limit: 1,
        filter: { repo_url: 'github.com/o/r' },
      }
      const names = async (): Promise<string[]> => (await store.candidates(asked)).map(({ payload }) => payload.name)
      assert.deepEqual(await names(), ['rare'])
      await store.remove({ repo_url: 'github.com/p/q' })
      assert.deepEqual(await names(), ['common'], 'both are as rare as each other now')
    })

    it('has no candidates before anything was prepared, and refuses a query of another length', async () => {
      const query = { near: { small: randomVector(1, SMALL) }, sparse: { indices: [1], values: [1] }, limit: 5 }
      assert.deepEqual(await store.candidates(query), [])
      await store.prepare(dimensions)
      await rejectsWith('vector_store_refused', store.candidates({ ...query, near: { small: randomVector(1, SMALL + 1) } }))
    })

    it('removes what matches and nothing else, and refuses to remove all', async () => {
      await store.prepare(dimensions)
      await store.upsert([
        point({ symbol: 'a', commit: 'c1' }),
        point({ symbol: 'b', commit: 'c2' }),
        point({ symbol: 'd', repo: 'github.com/p/q' }),
      ])
      await rejectsWith('vector_store_refused', store.remove({}))
      await rejectsWith('vector_store_refused', store.remove({ repo_url: undefined }))
      await store.upsert([point({ symbol: 'b', commit: 'c2' }), point({ symbol: 'stale', commit: 'c2', docpack: '1'.repeat(20) })])
      assert.equal(await store.count({ docpack_id: '1'.repeat(20) }), 1)
      await store.remove({ repo_url: 'github.com/o/r', exceptDocpack: '0'.repeat(20) })
      assert.equal(await store.count({ repo_url: 'github.com/o/r' }), 2)
      await store.remove({ repo_url: 'github.com/o/r', exceptCommit: 'c2' })
      assert.deepEqual((await names(randomVector(1, SMALL))).sort(), ['b', 'd'])
      await store.upsert([point({ symbol: 'a', commit: 'c1' })])
      assert.equal(await store.count({}), 3)
    })

    it('refuses vectors of a wrong length and names that were not prepared', async () => {
      await store.prepare(dimensions)
      await rejectsWith('vector_store_refused', store.upsert([point({ symbol: 'a', vectors: { small: randomVector(1, SMALL + 1) } })]))
      await rejectsWith('vector_store_refused', store.upsert([point({ symbol: 'a', vectors: { text: randomVector(1, 3) } })]))
      await rejectsWith('vector_store_refused', store.search({ vector: 'small', values: randomVector(1, SMALL - 1), limit: 3 }))
      assert.equal(await store.count({}), 0)
    })

    it('takes a thousand and one points in one call, sparse vectors among them', async () => {
      await store.prepare(dimensions)
      await store.upsert(
        Array.from({ length: 1001 }, (_, index) => point({ symbol: `s${index}`, sparse: { indices: [index, 5000], values: [0.5, 1] } })),
      )
      assert.equal(await store.count({ repo_url: 'github.com/o/r' }), 1001)
    })

    it('gives a vector of zeros a score of zero', async () => {
      await store.prepare(dimensions)
      await store.upsert([point({ symbol: 'zero', vectors: { small: new Float32Array(SMALL) } })])
      const [hit] = await store.search({ vector: 'small', values: randomVector(1, SMALL), limit: 1 })
      assert.equal(hit?.score, 0)
    })

    it('writes nothing for a caller that has given up', async () => {
      await store.prepare(dimensions)
      const reason = new DoctownError('cancelled', 'The job was cancelled.')
      const thrown = await store.upsert([point({ symbol: 'a' })], { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)
      assert.equal(thrown, reason)
      assert.equal(await store.count({}), 0)
    })

    const { reopen } = adapter
    if (reopen !== undefined) {
      it('has its points again when it is opened again', async () => {
        await store.prepare(dimensions)
        await store.upsert([point({ symbol: 'kept' })])
        await store.close()
        store = await reopen()
        assert.deepEqual(await names(randomVector(4, SMALL)), ['kept'])
        await rejectsWith('vector_store_refused', store.prepare({ small: SMALL + 1 }))
      })
    }
  })
}
