import { docpackKey, recordKey, type DocpackRecord } from '@doctown/common/contracts/docpack-record.js'
import { EmbeddedChunkSchema, ExecutionProviderSchema, VectorBlockSchema } from '@doctown/common/contracts/embedding.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { GraphSchema } from '@doctown/common/contracts/graph.js'
import { DocpackIdSchema, JobIdSchema } from '@doctown/common/contracts/ids.js'
import { ManifestSchema } from '@doctown/common/contracts/manifest.js'
import { POINTS_VERSION } from '@doctown/common/contracts/points-version.js'
import { SearchTextSchema } from '@doctown/common/contracts/search-text.js'
import { SymbolSchema } from '@doctown/common/contracts/symbol.js'
import { z } from 'zod'
import type { PublishInput, PublishOutput, PublishPorts } from '../../pipeline/stage-io.js'
import type { Stage, StageContext } from '../../pipeline/stage.js'
import { indexPoints } from './index-points.js'
import { isSameRepository, readRecord, readRecords, writeRecord } from './records.js'
import { blockRows, modelName, type PointSource, type VectorRows } from './symbol-points.js'

const inputSchema = z.object({
  job_id: JobIdSchema,
  docpack: z.object({
    bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    sha256: z.string(),
    docpack_id: DocpackIdSchema,
    manifest: ManifestSchema,
  }),
  symbols: z.array(SymbolSchema),
  graph: GraphSchema,
  embedded: z.array(EmbeddedChunkSchema),
  searchTexts: z.array(SearchTextSchema),
  structure: VectorBlockSchema.nullable(),
  private: z.boolean(),
  execution_provider: ExecutionProviderSchema,
  duration_ms: z.number().int().nonnegative(),
  cost_usd: z.number().nonnegative(),
  built_at: z.string(),
})

const outputSchema = z.object({ docpack_id: DocpackIdSchema, key: z.string(), index_pending: z.boolean() })

/** A vector store that takes longer must not hold up the docpack: then the worker goes on trying (`healPendingIndexes`). Stage limit: 180 s. */
const INDEX_LIMIT_MS = 60_000

/**
 * Puts a docpack on the shelf: its object, its points, then the record, from which moment on it is there. Killed anywhere and run again,
 * it ends in the same state: one object a job, one record a docpack, points = symbols.
 * Throws what the object store throws; a vector store that does not answer only leaves `index_pending`.
 */
export const publishStage: Stage<PublishInput, PublishOutput, PublishPorts> = Object.freeze({
  name: 'publish',
  version: 2,
  input: inputSchema,
  output: outputSchema,
  run: async (input: PublishInput, context: StageContext<PublishPorts>): Promise<PublishOutput> => {
    const { ports, signal } = context
    const { docpack_id, bytes } = input.docpack
    const key = docpackKey(input.job_id)
    await ports.objectStore.put(key, bytes, { contentType: 'application/zip', signal })
    const indexPending = !(await tryToIndex(input, context))

    signal.throwIfAborted()
    const before = await readRecord(ports.objectStore, recordKey(docpack_id))
    // A record of our own means that we were here before: what we had to remove then may still be there.
    const replacedKey = before?.key === key ? before.replaced_key : before?.key
    const record = makeRecord(input, { key, indexPending, replacedKey })
    await writeRecord(ports.objectStore, record, signal)
    await clearShelf(ports, record, context)
    return { docpack_id, key, index_pending: indexPending }
  },
})

/** False when the vector store is to blame; what is not its fault goes on its way. */
async function tryToIndex(input: PublishInput, context: StageContext<PublishPorts>): Promise<boolean> {
  const limit = AbortSignal.timeout(INDEX_LIMIT_MS)
  const late = new DoctownError('vector_store_unavailable', `The vector store did not take the points within ${INDEX_LIMIT_MS / 1000} s.`)
  const options = {
    signal: AbortSignal.any([context.signal, limit]),
    progress: (done: number, total: number) => context.progress(done, total),
  }
  try {
    await unlessAborted(indexPoints(context.ports.vectorStore, pointSource(input), options), limit, late)
    return true
  } catch (error) {
    context.signal.throwIfAborted()
    const blamed = limit.aborted ? late : error
    if (!(blamed instanceof DoctownError) || !INDEX_ERRORS.has(blamed.code)) throw error
    context.log.warn('docpack published without vectors, they will be tried again', { code: blamed.code, detail: blamed.message })
    return false
  }
}

const INDEX_ERRORS: ReadonlySet<string> = new Set(['vector_store_unavailable', 'vector_store_refused', 'disk_full'])

/** For calls that take no signal of their own. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, reason: Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(reason)
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function pointSource({ docpack, symbols, graph, embedded, searchTexts, structure, private: isPrivate }: PublishInput): PointSource {
  return {
    repository: docpack.manifest.repository,
    docpackId: docpack.docpack_id,
    private: isPrivate,
    graph,
    chunkSymbols: embedded.map(({ chunk }) => chunk.symbol_id),
    small: chunkRows(embedded.map(({ small }) => small)),
    text: chunkRows(embedded.map(({ text }) => text)),
    structure: structure === null ? null : blockRows(structure),
    symbols,
    searchTexts,
    smallModel: modelName(docpack.manifest.generators.embedding_models.small),
    textModel: modelName(docpack.manifest.generators.embedding_models.text),
  }
}

/** `null` unless every chunk has the vector. */
function chunkRows(vectors: readonly (Float32Array | null)[]): VectorRows | null {
  const dimensions = vectors[0]?.length ?? 0
  if (dimensions === 0 || vectors.some((vector) => vector?.length !== dimensions)) return null
  return { dimensions, row: (index) => vectors[index] ?? new Float32Array(dimensions) }
}

function makeRecord(input: PublishInput, made: { key: string; indexPending: boolean; replacedKey: string | undefined }): DocpackRecord {
  const { manifest, docpack_id, sha256, bytes } = input.docpack
  const { verified, unverifiable, contradicted } = manifest.verification
  const claims = verified + unverifiable + contradicted
  return {
    docpack_id,
    key: made.key,
    sha256,
    job_id: input.job_id,
    repo_url: manifest.repository.url,
    commit_sha: manifest.repository.commit_sha,
    branch: manifest.repository.branch,
    languages: manifest.languages,
    symbol_count: manifest.symbol_count,
    verified_share: claims === 0 ? null : verified / claims,
    built_at: input.built_at,
    size_bytes: bytes.byteLength,
    visibility: input.private ? 'private' : 'public',
    execution_provider: input.execution_provider,
    duration_ms: input.duration_ms,
    cost_usd: input.cost_usd,
    index_pending: made.indexPending,
    index_version: POINTS_VERSION,
    ...(made.replacedKey === undefined ? {} : { replaced_key: made.replacedKey }),
  }
}

/**
 * Removes what this record takes the place of. The object of an earlier job that built the same bytes; older docpacks of the repository, object first:
 * a record without an object is found again, an object without a record is not. Of a job that ran twice and met a newer commit the second time, the
 * first record goes alone, because the object is now this one's.
 */
async function clearShelf(ports: PublishPorts, own: DocpackRecord, context: StageContext<PublishPorts>): Promise<void> {
  const others = (await readRecords(ports.objectStore, context.signal)).filter(({ docpack_id }) => docpack_id !== own.docpack_id)
  const replaced = own.replaced_key
  if (replaced !== undefined && !others.some(({ key }) => key === replaced)) await ports.objectStore.remove(replaced)
  const overwritten = others.filter(({ key }) => key === own.key)
  const older = others.filter((record) => record.key !== own.key && isSameRepository(record, own))
  for (const record of [...overwritten, ...older.slice(Math.max(1, ports.keepPerRepository) - 1)]) {
    context.signal.throwIfAborted()
    if (record.key !== own.key) await ports.objectStore.remove(record.key)
    await ports.objectStore.remove(recordKey(record.docpack_id))
    context.log.info('older docpack removed', { docpack_id: record.docpack_id, built_at: record.built_at })
  }
}
