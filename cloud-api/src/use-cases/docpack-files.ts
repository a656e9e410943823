import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { DocpackRecord } from '@doctown/common/contracts/docpack-record.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'

/** A free host gives 512 MB; docpacks on their way to readers may hold this much of it, whatever the readers' pace. */
const MAX_BYTES_IN_MEMORY = 192 * 1024 * 1024

/** A store that sends nothing must not hold a reader, or its share of the memory, for ever. */
const FETCH_MS = 60_000

export interface OpenDocpack {
  readonly bytes: Uint8Array
  /** Call once, when the bytes are no longer needed. */
  release(): void
}

export interface DocpackFiles {
  /** Readers of one docpack at one time share its bytes. Throws `not_found`, `too_many_downloads`, `object_store_unavailable`. */
  open(record: DocpackRecord): Promise<OpenDocpack>
}

export function createDocpackFiles(options: { readonly store: Pick<ObjectStore, 'get'>; readonly maxBytes?: number }): DocpackFiles {
  const maxBytes = options.maxBytes ?? MAX_BYTES_IN_MEMORY
  const shared = new Map<string, { readonly bytes: Promise<Uint8Array | undefined>; readonly size: number; readers: number }>()
  let held = 0

  return {
    async open(record) {
      let entry = shared.get(record.docpack_id)
      if (entry === undefined) {
        // One alone always passes, or a docpack larger than the limit could never be read.
        if (held > 0 && held + record.size_bytes > maxBytes) {
          throw new DoctownError('too_many_downloads', 'Too many docpacks are being downloaded. Try again in a few seconds.')
        }
        held += record.size_bytes
        entry = { bytes: options.store.get(record.key, { signal: AbortSignal.timeout(FETCH_MS) }), size: record.size_bytes, readers: 0 }
        shared.set(record.docpack_id, entry)
      }
      const { bytes, size } = entry
      entry.readers += 1
      const release = once(() => {
        entry.readers -= 1
        if (entry.readers > 0) return
        shared.delete(record.docpack_id)
        held -= size
      })
      try {
        const found = await bytes.catch((error: unknown) => {
          // An abort is our own impatience, not the store's words.
          if (error instanceof DoctownError) throw error
          throw new DoctownError('object_store_unavailable', 'The object store is slow.', { cause: error })
        })
        if (found === undefined) throw new DoctownError('not_found', 'There is no such docpack.')
        return { bytes: found, release }
      } catch (error) {
        release()
        throw error
      }
    },
  }
}

function once(run: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    run()
  }
}
