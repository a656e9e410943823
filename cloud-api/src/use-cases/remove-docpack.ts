import { recordKey } from '@doctown/common/contracts/docpack-record.js'
import type { DocpackId } from '@doctown/common/contracts/ids.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import type { VectorStore } from '@doctown/common/ports/vector-store/port.js'
import type { Shelf } from './shelf.js'

export interface RemoveDocpackOptions {
  readonly store: Pick<ObjectStore, 'remove'>
  /** `null`: the vectors lie in a file of the worker's; they go with the next build of the repository. */
  readonly vectors: Pick<VectorStore, 'remove'> | null
  readonly shelf: Shelf
}

/**
 * Takes a docpack off the shelf: vectors, record, file, in this order, so that whatever fails can be done again and nobody is shown what is gone.
 * Throws `not_found`, `object_store_unavailable`, `vector_store_unavailable`.
 */
export function createRemoveDocpack({ store, vectors, shelf }: RemoveDocpackOptions): (id: DocpackId) => Promise<void> {
  return async (id) => {
    const { key, replaced_key: replacedKey } = await shelf.find(id, { includePrivate: true })
    await vectors?.remove({ docpack_id: id })
    await store.remove(recordKey(id))
    shelf.forget(id)
    await store.remove(key)
    if (replacedKey !== undefined) await store.remove(replacedKey)
  }
}
