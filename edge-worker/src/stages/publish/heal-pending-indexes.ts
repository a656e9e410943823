import { isIndexPending, recordKey, type DocpackRecord } from '@doctown/common/contracts/docpack-record.js'
import { asDoctownError } from '@doctown/common/contracts/errors.js'
import { POINTS_VERSION } from '@doctown/common/contracts/points-version.js'
import { openDocpack } from '@doctown/common/docpack/read.js'
import type { PublishPorts } from '../../pipeline/stage-io.js'
import type { StageLog } from '../../pipeline/stage.js'
import { pointSourceOf } from './docpack-points.js'
import { indexPoints } from './index-points.js'
import { isSameRepository, readRecord, readRecords, writeRecord } from './records.js'

export interface HealResult {
  readonly healed: number
  readonly pending: number
}

/**
 * Writes the points of docpacks that were published while the vector store was away, or by a Doctown whose points had another shape, read back from the docpacks themselves. The worker calls it every
 * few seconds while it is idle; without a pending record it costs one listing and a read a record.
 * A docpack that a newer one of its repository has followed gets no points: it is only no longer pending.
 * A store that is still away leaves the record as it is; throws what the object store throws.
 */
export async function healPendingIndexes(
  ports: Pick<PublishPorts, 'objectStore' | 'vectorStore'>,
  options: { readonly log: StageLog; readonly signal: AbortSignal },
): Promise<HealResult> {
  const records = await readRecords(ports.objectStore, options.signal)
  let healed = 0
  let pending = 0
  for (const record of records) {
    if (!isIndexPending(record)) continue
    options.signal.throwIfAborted()
    const newest = records.find((each) => isSameRepository(each, record))
    try {
      if (newest === record) await indexAgain(ports, record, options.signal)
      await settle(ports, record)
      healed += 1
      options.log.info('vectors of a docpack are complete', { docpack_id: record.docpack_id })
    } catch (error) {
      options.signal.throwIfAborted()
      const { code, message } = asDoctownError(error)
      if (code.startsWith('object_store')) throw error
      pending += 1
      options.log.warn('vectors of a docpack are still pending', { docpack_id: record.docpack_id, code, detail: message })
      // The store is away: the next record would wait for it just as long.
      if (code === 'vector_store_unavailable') return { healed, pending: records.filter(isIndexPending).length - healed }
    }
  }
  return { healed, pending }
}

async function indexAgain(
  { objectStore, vectorStore }: Pick<PublishPorts, 'objectStore' | 'vectorStore'>,
  record: DocpackRecord,
  signal: AbortSignal,
): Promise<void> {
  const bytes = await objectStore.get(record.key, { signal })
  // Pruned since the record was read.
  if (bytes === undefined) return
  const docpack = await openDocpack(bytes)
  try {
    const source = await pointSourceOf(docpack, { docpackId: record.docpack_id, private: record.visibility === 'private' })
    await indexPoints(vectorStore, source, { signal })
  } finally {
    docpack.close()
  }
}

/** Only if the record still stands as it was read: it may have been replaced or pruned while we wrote. */
async function settle({ objectStore }: Pick<PublishPorts, 'objectStore'>, record: DocpackRecord): Promise<void> {
  const now = await readRecord(objectStore, recordKey(record.docpack_id))
  if (now !== undefined && now.job_id === record.job_id)
    await writeRecord(objectStore, { ...now, index_pending: false, index_version: POINTS_VERSION })
}
