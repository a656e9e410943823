import { QdrantClient, type Schemas } from '@qdrant/js-client-rest'
import { DoctownError } from '../../contracts/errors.js'
import { POINTS_VERSION } from '../../contracts/points-version.js'
import type { Secret } from '../../contracts/secret.js'
import { sleep } from '../../runtime/sleep.js'
import { isMissing, qdrantError } from './qdrant-errors.js'
import { candidateSearches, readCandidates, readPayload, SPARSE } from './qdrant-candidates.js'
import {
  assertNotEmptyFilter,
  assertPointFits,
  assertQueryFits,
  differentDimensions,
  repositoryKey,
  type PointFilter,
  type ScoredPoint,
  type VectorName,
  type VectorPoint,
  type VectorStore,
} from './port.js'

export interface QdrantVectorStoreOptions {
  /** `https://....cloud.qdrant.io:6333`; without a port 6333, as every Qdrant client takes it. A path is a prefix of the routes. */
  readonly url: string
  readonly apiKey?: Secret
  /** `doctown_symbols_v<points version>` when left out. */
  readonly collection?: string
  /** Of one request; a batch of points is one. */
  readonly timeoutMs?: number
}

/** Near 2 MB of JSON with the largest vectors; Qdrant takes 32. */
const POINTS_A_REQUEST = 128
const TIMEOUT_MS = 10_000
const RETRY_AFTER_MS = 250
/** Asked for beyond the limit, so that equal scores at its edge can be put in the order of their ids. */
const MORE_FOR_TIES = 32
/** What filters look at; a Qdrant may refuse to filter by what has no index (strict mode). `repo_key` is the repository without case. */
const INDEXED_FIELDS = {
  repo_key: 'keyword',
  commit_sha: 'keyword',
  docpack_id: 'keyword',
  symbol_type: 'keyword',
  private_repository: 'bool',
} as const

/**
 * Points in a Qdrant, one server or a cluster. Every write waits until it can be searched. A request that fails is made once more.
 * Errors: `vector_store_unavailable`, `vector_store_refused`.
 */
export function createQdrantVectorStore(options: QdrantVectorStoreOptions): VectorStore {
  const collection = options.collection ?? `doctown_symbols_v${POINTS_VERSION}`
  const client = new QdrantClient({
    ...address(options.url),
    apiKey: options.apiKey?.reveal(),
    timeout: options.timeoutMs ?? TIMEOUT_MS,
    checkCompatibility: false,
  })
  // Dimensions are asked for once; a name that is not known yet is asked for again, because the worker may have added it.
  let known = new Map<string, number>()

  const call = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run()
    } catch (error) {
      const first = qdrantError(error)
      if (first.permanent) throw first
      await sleep(RETRY_AFTER_MS)
      return run().catch((again: unknown) => {
        throw qdrantError(again)
      })
    }
  }
  /** As `call`; `missing` when there is no collection. */
  const orMissing = async <T>(missing: T, run: () => Promise<T>): Promise<T> => {
    try {
      return await call(run)
    } catch (error) {
      if (isMissing(error)) return missing
      throw error
    }
  }
  const load = async (): Promise<Schemas['CollectionInfo'] | undefined> => {
    const info = await orMissing(undefined, () => client.getCollection(collection))
    const sizes = info === undefined ? new Map<string, number>() : vectorSizes(info)
    if (info !== undefined) assertWeighsWords(info, collection)
    known = sizes
    return info
  }
  const dimensionsOf = async (names: readonly string[]): Promise<(name: string) => number | undefined> => {
    if (names.some((name) => !known.has(name))) await load()
    return (name) => known.get(name)
  }

  return {
    async prepare(wanted) {
      const sizes = Object.entries(wanted)
      if ((await load()) === undefined) await createCollection(client, collection, wanted, call)
      const info = await load()
      for (const [name, size] of sizes) {
        const there = known.get(name)
        if (there !== undefined && there !== size) throw differentDimensions(name, there, size)
        if (there === undefined) await call(() => client.createVectorName(collection, name, { dense: { size, distance: 'Cosine' } }))
      }
      for (const [field, schema] of Object.entries(INDEXED_FIELDS)) {
        if (info?.payload_schema[field] !== undefined) continue
        await call(() => client.createPayloadIndex(collection, { field_name: field, field_schema: schema, wait: true }))
      }
      await load()
    },

    async upsert(points, upsertOptions = {}) {
      upsertOptions.signal?.throwIfAborted()
      const sizes = await dimensionsOf([...new Set(points.flatMap(({ vectors }) => Object.keys(vectors)))])
      for (const point of points) assertPointFits(point, sizes)
      for (let at = 0; at < points.length; at += POINTS_A_REQUEST) {
        upsertOptions.signal?.throwIfAborted()
        const batch = points.slice(at, at + POINTS_A_REQUEST).map(pointStruct)
        await call(() => client.upsert(collection, { wait: true, points: batch }))
      }
    },

    async count(filter) {
      const { count } = await orMissing({ count: 0 }, () => client.count(collection, { filter: qdrantFilter(filter), exact: true }))
      return count
    },

    async remove(filter) {
      assertNotEmptyFilter(filter)
      const selected = qdrantFilter(filter)
      if (selected !== undefined) await orMissing(undefined, () => client.delete(collection, { wait: true, filter: selected }))
    },

    async search({ vector, values, limit, filter = {} }) {
      const sizes = await dimensionsOf([vector])
      if (sizes(vector) === undefined || limit <= 0) return []
      assertQueryFits(vector, values, sizes)
      const { points } = await orMissing({ points: [] }, () =>
        client.query(collection, {
          query: [...values],
          using: vector,
          filter: qdrantFilter(filter),
          limit: limit + MORE_FOR_TIES,
          with_payload: true,
        }),
      )
      return scoredPoints(points).slice(0, limit)
    },

    async candidates({ near, sparse, limit, filter = {} }) {
      // Object.entries forgets the names of keys.
      const asked = Object.entries(near) as [VectorName, Float32Array][]
      const sizes = await dimensionsOf(asked.map(([name]) => name))
      const vectors = asked.filter(([name]) => sizes(name) !== undefined)
      if (known.size === 0 && (await load()) === undefined) return []
      if (limit <= 0) return []
      for (const [name, values] of vectors) assertQueryFits(name, values, sizes)
      const searches = candidateSearches(vectors, sparse, { limit, filter: qdrantFilter(filter) })
      if (searches.length === 0) return []
      const answers = await orMissing([], () => client.queryBatch(collection, { searches }))
      return readCandidates(
        vectors.map(([name]) => name),
        answers.map(({ points }) => points),
      )
    },

    async close() {},
  }
}

/** The client drops a URL's path and cannot see a port that is the scheme's own. */
function address(url: string): { url: string; prefix?: string; port?: number } {
  const { origin, pathname, protocol } = new URL(url)
  const prefix = pathname.replace(/\/+$/, '')
  const explicit = /^https?:\/\/[^/]*:(80|443)(?:\/|$)/.exec(url)?.[1]
  const isDefault = explicit !== undefined && explicit === (protocol === 'https:' ? '443' : '80')
  return { url: origin, ...(prefix === '' ? {} : { prefix }), ...(isDefault ? { port: Number(explicit) } : {}) }
}

async function createCollection(
  client: QdrantClient,
  collection: string,
  wanted: Readonly<Record<string, number>>,
  call: <T>(run: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const vectors = Object.fromEntries(Object.entries(wanted).map(([name, size]) => [name, { size, distance: 'Cosine' as const }]))
  try {
    await call(() => client.createCollection(collection, { vectors, sparse_vectors: { [SPARSE]: { modifier: 'idf' } } }))
  } catch (error) {
    // Another worker was first: then it is there, and its dimensions are looked at next.
    if (!(error instanceof DoctownError) || error.details['status'] !== 409) throw error
  }
}

/** Sizes by name; a collection with one nameless vector is somebody else's. */
function vectorSizes(info: Schemas['CollectionInfo']): Map<string, number> {
  const vectors = info.config.params.vectors ?? {}
  if (typeof vectors['size'] === 'number') {
    throw new DoctownError('vector_store_refused', 'The Qdrant collection was not made by Doctown. Give Doctown one of its own.')
  }
  const sizes = new Map<string, number>()
  for (const [name, params] of Object.entries(vectors)) {
    if (typeof params === 'object' && params !== null && 'size' in params && typeof params.size === 'number') sizes.set(name, params.size)
  }
  return sizes
}

/** Words are weighed by their rarity, which Qdrant counts itself: a collection that was made without is of another version of Doctown. */
function assertWeighsWords(info: Schemas['CollectionInfo'], collection: string): void {
  if (info.config.params.sparse_vectors?.[SPARSE]?.modifier === 'idf') return
  throw new DoctownError(
    'vector_store_refused',
    `The Qdrant collection ${collection} was made by another version of Doctown, which did not weigh words by their rarity. Remove that collection; the worker fills it again from the docpacks.`,
  )
}

function pointStruct({ id, vectors, sparse, payload }: VectorPoint): Schemas['PointStruct'] {
  const dense = Object.entries(vectors).map(([name, values]): [string, number[]] => [name, [...values]])
  return {
    id,
    vector: {
      ...Object.fromEntries(dense),
      ...(sparse === undefined ? {} : { [SPARSE]: { indices: [...sparse.indices], values: [...sparse.values] } }),
    },
    payload: { ...payload, repo_key: repositoryKey(payload.repo_url) },
  }
}

/** Best first, equal scores by id. */
function scoredPoints(points: readonly Schemas['ScoredPoint'][]): ScoredPoint[] {
  const hits = points.map(({ id, score, payload }) => ({ id: String(id), score, payload: readPayload(payload) }))
  return hits.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
}

function qdrantFilter(filter: PointFilter): Schemas['Filter'] | undefined {
  const is = (key: string, value: string | boolean | undefined): Schemas['FieldCondition'][] =>
    value === undefined ? [] : [{ key, match: { value } }]
  const must = [
    ...is('repo_key', filter.repo_url === undefined ? undefined : repositoryKey(filter.repo_url)),
    ...is('commit_sha', filter.commit_sha),
    ...is('docpack_id', filter.docpack_id),
    ...is('symbol_type', filter.symbol_type),
    ...is('private_repository', filter.private_repository),
  ]
  const mustNot = [...is('commit_sha', filter.exceptCommit), ...is('docpack_id', filter.exceptDocpack)]
  return must.length + mustNot.length === 0 ? undefined : { must, must_not: mustNot }
}
