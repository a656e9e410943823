import { recordKey } from '@doctown/common/contracts/docpack-record.js'
import type { DocpackId } from '@doctown/common/contracts/ids.js'
import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import type { Shelf } from './shelf.js'

/** Takes a docpack off the shelf: its record first, so that nobody is shown what is half gone. Throws `not_found`, `object_store_unavailable`. */
export function createRemoveDocpack(options: {
  readonly store: Pick<ObjectStore, 'remove'>
  readonly shelf: Shelf
}): (id: DocpackId) => Promise<void> {
  const { store, shelf } = options
  return async (id) => {
    const { key } = await shelf.find(id, { includePrivate: true })
    await store.remove(recordKey(id))
    shelf.forget(id)
    await store.remove(key)
  }
}
