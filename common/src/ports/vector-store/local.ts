import { join } from 'node:path'
import { z } from 'zod'
import { DoctownError } from '../../contracts/errors.js'
import { POINTS_VERSION } from '../../contracts/points-version.js'
import { openAppendLog } from '../../runtime/append-log.js'
import { VectorTable } from '../../runtime/vector-table.js'
import { PointPayloadSchema } from './payload.js'
import { tableCandidates, type Kept } from './table-candidates.js'
import {
  assertNotEmptyFilter,
  assertPointFits,
  assertQueryFits,
  differentDimensions,
  matchesFilter,
  type VectorPoint,
  type VectorStore,
} from './port.js'

export interface LocalVectorStoreOptions {
  /** Made when missing; points lie in a folder of their shape within it (`v2`). Any number of processes on this machine may read and write it at once. */
  readonly folder: string
  /** The file is rewritten when it is more than twice as large as its living points, and larger than this. */
  readonly compactFromBytes?: number
}

/** Keeps a frame near 1 MB. */
const POINTS_A_RECORD = 400
const DEFAULT_COMPACT_FROM_BYTES = 8 * 1024 * 1024
/** Payload, words, id and frame of a point, roughly. */
const BYTES_BESIDE_VECTORS = 1_000

/**
 * Points in a file on this machine, all of them in memory while it is used; searched exactly. Good for about 200,000 points
 * (dependencies.md, section 7), then Qdrant. A process notices what another wrote at its next call.
 * Errors: `vector_store_unavailable`, `vector_store_refused`, `disk_full`.
 */
export async function createLocalVectorStore(options: LocalVectorStoreOptions): Promise<VectorStore> {
  let table = new VectorTable<Kept>()
  const dimensions = (name: string): number | undefined => table.dimensions(name)
  const log = await translated(() =>
    openAppendLog({
      folder: join(options.folder, `v${POINTS_VERSION}`),
      apply: (record) => applyRecord(table, record),
      reset: () => {
        table = new VectorTable()
      },
    }),
  )
  // What the living points took when they were last written anew: where they are larger than was guessed, not every write is a rewrite.
  let compactedBytes = 0
  // One call at a time: each sees the table as the file says it is.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = last.then(() =>
      translated(async () => {
        await log.refresh()
        return run()
      }),
    )
    last = result.catch(() => undefined)
    return result
  }
  const write = async (records: readonly Uint8Array[]): Promise<void> => {
    await log.append(records)
    await log.refresh()
    const vectorBytes = ['small', 'text', 'structure'].reduce((sum, name) => sum + (dimensions(name) ?? 0) * 4, 0)
    const living = table.size * (vectorBytes + BYTES_BESIDE_VECTORS)
    if (log.bytes <= Math.max(2 * living, 2 * compactedBytes, options.compactFromBytes ?? DEFAULT_COMPACT_FROM_BYTES)) return
    await log.compact(wholeTable(table))
    await log.refresh()
    compactedBytes = log.bytes
  }

  return {
    prepare: (wanted) =>
      inTurn(async () => {
        for (const [name, size] of Object.entries(wanted)) {
          const there = dimensions(name)
          if (there !== undefined && there !== size) throw differentDimensions(name, there, size)
        }
        if (Object.keys(wanted).some((name) => dimensions(name) === undefined)) await write([encode({ op: 'prepare', dimensions: wanted })])
      }),

    upsert: (points, upsertOptions = {}) =>
      inTurn(async () => {
        upsertOptions.signal?.throwIfAborted()
        for (const point of points) assertPointFits(point, dimensions)
        const records: Uint8Array[] = []
        for (let at = 0; at < points.length; at += POINTS_A_RECORD) records.push(encodePoints(points.slice(at, at + POINTS_A_RECORD)))
        if (records.length > 0) await write(records)
      }),

    count: (filter) => inTurn(async () => table.count(({ payload }) => matchesFilter(payload, filter))),

    remove: (filter) =>
      inTurn(async () => {
        assertNotEmptyFilter(filter)
        if (table.count(({ payload }) => matchesFilter(payload, filter)) > 0) await write([encode({ op: 'remove', filter })])
      }),

    search: ({ vector, values, limit, filter = {} }) =>
      inTurn(async () => {
        assertQueryFits(vector, values, dimensions)
        const hits = table.search(vector, values, limit, ({ payload }) => matchesFilter(payload, filter))
        return hits.map(({ id, score, payload }) => ({ id, score, payload: payload.payload }))
      }),

    candidates: (query) =>
      inTurn(async () => {
        for (const [name, values] of Object.entries(query.near)) assertQueryFits(name, values, dimensions)
        return tableCandidates(table, query)
      }),

    async close() {
      await last
    },
  }
}

const VectorNameSchema = z.enum(['small', 'text', 'structure'])
const FilterSchema = z.object({
  repo_url: z.string().optional(),
  commit_sha: z.string().optional(),
  exceptCommit: z.string().optional(),
  docpack_id: z.string().optional(),
  exceptDocpack: z.string().optional(),
  symbol_type: z.string().optional(),
  private_repository: z.boolean().optional(),
})

/** The JSON part of a record; the vectors of `upsert` follow it as float32 in the order of points and names. */
const RecordSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('prepare'), dimensions: z.partialRecord(VectorNameSchema, z.number().int().positive()) }),
  z.object({
    op: z.literal('upsert'),
    points: z.array(
      z.object({
        id: z.string(),
        vectors: z.array(z.tuple([VectorNameSchema, z.number().int().positive()])),
        payload: PointPayloadSchema,
        sparse: z.object({ indices: z.array(z.number()), values: z.array(z.number()) }).optional(),
      }),
    ),
  }),
  z.object({ op: z.literal('remove'), filter: FilterSchema }),
])
type LogRecord = z.infer<typeof RecordSchema>

function encode(record: LogRecord, vectors: readonly Float32Array[] = []): Uint8Array {
  const json = Buffer.from(JSON.stringify(record))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.byteLength)
  return Buffer.concat([length, json, ...vectors.map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength))])
}

function encodePoints(points: readonly VectorPoint[]): Uint8Array {
  const named = points.map(({ vectors }) =>
    VectorNameSchema.options.flatMap((name) => {
      const values = vectors[name]
      return values === undefined ? [] : [{ name, values }]
    }),
  )
  const entries = points.map(({ id, payload, sparse }, index) => ({
    id,
    payload,
    vectors: (named[index] ?? []).map(({ name, values }): [typeof name, number] => [name, values.length]),
    ...(sparse === undefined ? {} : { sparse: { indices: [...sparse.indices], values: [...sparse.values] } }),
  }))
  return encode(
    { op: 'upsert', points: entries },
    named.flat().map(({ values }) => values),
  )
}

function applyRecord(table: VectorTable<Kept>, bytes: Buffer): void {
  const jsonEnd = 4 + bytes.readUInt32LE(0)
  const parsed = RecordSchema.safeParse(JSON.parse(bytes.toString('utf8', 4, jsonEnd)))
  if (!parsed.success) {
    const sentence = 'Another version of Doctown wrote the vector store. Update this one, or remove the folder and build again.'
    throw new DoctownError('vector_store_refused', sentence, { cause: parsed.error })
  }
  const record = parsed.data
  if (record.op === 'prepare') {
    for (const [name, size] of Object.entries(record.dimensions)) table.addColumn(name, size)
  } else if (record.op === 'remove') {
    table.remove(({ payload }) => matchesFilter(payload, record.filter))
  } else {
    let at = jsonEnd
    for (const { id, payload, sparse, vectors } of record.points) {
      const named: Record<string, Float32Array> = {}
      for (const [name, size] of vectors) {
        // Copied, because float32 in place would have to begin at a multiple of four.
        named[name] = new Float32Array(Uint8Array.from(bytes.subarray(at, at + size * 4)).buffer)
        at += size * 4
      }
      table.set({ id, vectors: named, payload: { payload, sparse } })
    }
  }
}

function* wholeTable(table: VectorTable<Kept>): Generator<Uint8Array> {
  const names = VectorNameSchema.options.filter((name) => table.dimensions(name) !== undefined)
  yield encode({ op: 'prepare', dimensions: Object.fromEntries(names.map((name) => [name, table.dimensions(name)])) })
  let batch: VectorPoint[] = []
  for (const { id, vectors, payload } of table.points()) {
    batch.push({ id, vectors, payload: payload.payload, sparse: payload.sparse })
    if (batch.length < POINTS_A_RECORD) continue
    yield encodePoints(batch)
    batch = []
  }
  if (batch.length > 0) yield encodePoints(batch)
}

async function translated<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    // Node's system errors carry `code`; an Error's type does not tell.
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
    if (error instanceof DoctownError || typeof code !== 'string') throw error
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new DoctownError('disk_full', 'The disk of the vector store is full. Make room and try again.', { cause: error })
    }
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new DoctownError(
        'vector_store_refused',
        `The system does not let us write the vector store (${code}). Check the folder's rights.`,
        {
          cause: error,
        },
      )
    }
    throw new DoctownError('vector_store_unavailable', `We could not use the vector store's file (${code}).`, { cause: error })
  }
}
