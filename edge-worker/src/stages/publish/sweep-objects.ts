import type { ObjectStore } from '@doctown/common/ports/object-store/port.js'
import { readNamedKeys } from './records.js'

/** Longer than a job may take (30 minutes): an object without a record is then nobody's. */
const ORPHAN_AFTER_MS = 60 * 60_000

/** Removes docpacks that no record names and that are older than an hour: what jobs left that were killed for good. Gives the keys. */
export async function sweepObjects(store: ObjectStore, options: { readonly now: number; readonly signal: AbortSignal }): Promise<string[]> {
  // Objects first: a record written meanwhile is then seen.
  const old = (await store.list('docpacks/')).filter(({ modifiedAt }) => options.now - modifiedAt.getTime() > ORPHAN_AFTER_MS)
  if (old.length === 0) return []
  const named = await readNamedKeys(store, options.signal)
  if (named === undefined) return []
  const orphans = old.map(({ key }) => key).filter((key) => !named.has(key))
  for (const key of orphans) {
    options.signal.throwIfAborted()
    await store.remove(key)
  }
  return orphans
}
