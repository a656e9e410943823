import { DocpackRecordSchema, recordKey, type DocpackRecord } from '@doctown/common/contracts/docpack-record.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import { repositoryKey } from '@doctown/common/ports/vector-store/port.js'

const PREFIX = 'records/'
/** Round trips at once: a bucket answers one in about 50 ms. */
const PARALLEL = 8

/** `undefined` when there is none, or none that this version can read. */
export async function readRecord(store: ObjectStore, key: string): Promise<DocpackRecord | undefined> {
  const bytes = await store.get(key)
  const result = bytes === undefined ? undefined : DocpackRecordSchema.safeParse(parseJson(bytes))
  return result?.success === true ? result.data : undefined
}

export async function writeRecord(store: ObjectStore, record: DocpackRecord, signal?: AbortSignal): Promise<void> {
  const body = new TextEncoder().encode(`${JSON.stringify(record, null, 1)}\n`)
  await store.put(recordKey(record.docpack_id), body, { contentType: 'application/json', signal })
}

/** Every record on the shelf, the newest first. */
export async function readRecords(store: ObjectStore, signal?: AbortSignal): Promise<DocpackRecord[]> {
  const keys = (await store.list(PREFIX)).map(({ key }) => key)
  const records: DocpackRecord[] = []
  const walk = async (): Promise<void> => {
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
      signal?.throwIfAborted()
      const record = await readRecord(store, key)
      if (record !== undefined) records.push(record)
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, walk))
  return records.sort((a, b) => (a.built_at !== b.built_at ? (a.built_at > b.built_at ? -1 : 1) : a.docpack_id < b.docpack_id ? -1 : 1))
}

/** Keys of the objects that records name; `undefined` when one record cannot be read, because then nothing is known to be unnamed. */
export async function readNamedKeys(store: ObjectStore, signal?: AbortSignal): Promise<Set<string> | undefined> {
  const named = new Set<string>()
  for (const { key } of await store.list(PREFIX)) {
    signal?.throwIfAborted()
    const bytes = await store.get(key)
    if (bytes === undefined) continue
    // A later version's record may have other fields; this one it will have.
    const result = KeySchema.safeParse(parseJson(bytes))
    if (!result.success) return undefined
    named.add(result.data.key)
  }
  return named
}

const KeySchema = DocpackRecordSchema.pick({ key: true })

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

export const isSameRepository = (a: DocpackRecord, b: DocpackRecord): boolean => repositoryKey(a.repo_url) === repositoryKey(b.repo_url)
