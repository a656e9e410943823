import { DoctownError } from '@doctown/common/contracts/errors.js'
import { DocpackRecordSchema, recordKey, type DocpackRecord } from '@doctown/common/contracts/docpack-record.js'
import type { DocpackId } from '@doctown/common/contracts/ids.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import { compareBytes } from '@doctown/common/runtime/bytes.js'
import type { StructuredLog } from '@doctown/common/runtime/log.js'
import { within } from './within.js'

/** A listing of a bucket costs money: readers share one for this long. */
const FRESH_MS = 5_000
/** No reader waits longer; with an index in hand it is given that. */
const PATIENCE_MS = 1_500
const READS_AT_ONCE = 8
const MAX_EXPECTED = 1_000

/** The records of the object store, kept in memory. Reading it costs Redis nothing. */
export interface Shelf {
  /** Newest first. Throws `object_store_unavailable` when nothing was ever read. */
  list(options: { readonly includePrivate: boolean }): Promise<readonly DocpackRecord[]>
  /** Looks in the store for one that the index lacks. Throws `not_found`, also for a private one unless `includePrivate`. */
  find(id: DocpackId, options: { readonly includePrivate: boolean }): Promise<DocpackRecord>
  /** Taken off the shelf by this process. */
  forget(id: DocpackId): void
  /** A finished job named it: when it is not in the index yet, the index is read again. */
  expect(id: string): void
  /** From the index, which is read at the start and now and then (`list`). */
  isPrivateRepository(repoUrl: string): boolean
  storedBytes(): number
}

interface Held {
  readonly etag: string
  /** `null`: not a record that we can read. */
  readonly record: DocpackRecord | null
}

export interface ShelfOptions {
  readonly store: Pick<ObjectStore, 'list' | 'get'>
  readonly log: StructuredLog
  readonly now: () => number
}

export function createShelf({ store, log, now }: ShelfOptions): Shelf {
  let index: ReadonlyMap<string, Held> = new Map()
  let sorted: readonly DocpackRecord[] = []
  let privateRepositories: ReadonlySet<string> = new Set()
  let readAtMs = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null
  const expected = new Set<string>()
  let expectations = 0

  const keep = (next: ReadonlyMap<string, Held>): void => {
    index = next
    sorted = [...next.values()].flatMap(({ record }) => (record === null ? [] : [record])).sort(newestFirst)
    privateRepositories = new Set(sorted.filter(({ visibility }) => visibility === 'private').map(({ repo_url }) => repo_url.toLowerCase()))
  }

  const readRecord = async (key: string): Promise<DocpackRecord | null> => {
    const bytes = await store.get(key)
    if (bytes === undefined) return null
    try {
      return DocpackRecordSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    } catch (error) {
      log.warn('record cannot be read', { object: key, error })
      return null
    }
  }

  const readAll = async (): Promise<void> => {
    const startedAtMs = now()
    const before = expectations
    const infos = await store.list('records/')
    const next = new Map<string, Held>()
    const unseen = infos.filter(({ key, etag }) => {
      const held = index.get(key)
      if (held?.etag !== etag) return true
      next.set(key, held)
      return false
    })
    for (let at = 0; at < unseen.length; at += READS_AT_ONCE) {
      const part = unseen.slice(at, at + READS_AT_ONCE)
      const records = await Promise.all(part.map(({ key }) => readRecord(key)))
      part.forEach(({ key, etag }, i) => next.set(key, { etag, record: records[i] ?? null }))
    }
    keep(next)
    // What was named meanwhile may have come after the listing.
    readAtMs = before === expectations ? startedAtMs : startedAtMs - FRESH_MS
  }

  const refresh = async (): Promise<void> => {
    if (now() - readAtMs < FRESH_MS) return
    reading ??= readAll().finally(() => (reading = null))
    // A reader that stopped waiting must not leave a rejection that nobody handles.
    reading.catch(() => {})
    try {
      await within(reading, PATIENCE_MS, () => new DoctownError('object_store_unavailable', 'The object store is slow.'))
    } catch (error) {
      if (readAtMs === Number.NEGATIVE_INFINITY) throw error
      log.warn('shelf could not be read again', { error })
    }
  }

  const visible = (includePrivate: boolean): ((record: DocpackRecord) => boolean) =>
    includePrivate ? () => true : ({ visibility }) => visibility === 'public'

  return {
    async list({ includePrivate }) {
      await refresh()
      return sorted.filter(visible(includePrivate))
    },
    async find(id, { includePrivate }) {
      const record = index.get(recordKey(id))?.record ?? (await within(readRecord(recordKey(id)), PATIENCE_MS, slow))
      if (record === null || !visible(includePrivate)(record)) throw new DoctownError('not_found', 'There is no such docpack.')
      return record
    },
    forget(id) {
      keep(new Map([...index].filter(([key]) => key !== recordKey(id as DocpackId))))
    },
    expect(id) {
      // Once: a docpack that was taken off the shelf is still named by its job.
      if (index.has(`records/${id}.json`) || expected.has(id)) return
      if (expected.size >= MAX_EXPECTED) expected.clear()
      expected.add(id)
      expectations += 1
      if (readAtMs !== Number.NEGATIVE_INFINITY) readAtMs = now() - FRESH_MS
      // Whether a repository is private must be known before somebody asks.
      refresh().catch((error: unknown) => log.warn('shelf could not be read', { error }))
    },
    isPrivateRepository: (repoUrl) => privateRepositories.has(repoUrl.toLowerCase()),
    storedBytes: () => sorted.reduce((bytes, { size_bytes }) => bytes + size_bytes, 0),
  }
}

const slow = (): DoctownError => new DoctownError('object_store_unavailable', 'The object store is slow.')

const newestFirst = (a: DocpackRecord, b: DocpackRecord): number =>
  compareBytes(b.built_at, a.built_at) || compareBytes(a.docpack_id, b.docpack_id)
