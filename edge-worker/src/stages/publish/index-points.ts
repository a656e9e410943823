import { DoctownError } from '@doctown/common/contracts/errors.js'
import type { VectorName, VectorPoint, VectorStore } from '@doctown/common/ports/vector-store/port.js'
import { countPoints, symbolPoints, type PointSource } from './symbol-points.js'

const BATCH = 500

/**
 * Makes the vector store hold exactly this docpack's points of its repository. Points of older commits, and those that an earlier build of this one had
 * more, go only after the new ones are all there. Doing it again changes nothing.
 * Throws what the store throws; `vector_store_unavailable` when another publication of the repository took points away meanwhile.
 */
export async function indexPoints(
  store: VectorStore,
  source: PointSource,
  options: { readonly signal: AbortSignal; readonly progress?: (done: number, total: number) => void },
): Promise<void> {
  const { signal } = options
  const total = countPoints(source.graph)
  await store.prepare(dimensionsOf(source))
  let batch: VectorPoint[] = []
  let done = 0
  const flush = async (): Promise<void> => {
    signal.throwIfAborted()
    await store.upsert(batch, { signal })
    options.progress?.((done += batch.length), total)
    batch = []
  }
  for (const point of symbolPoints(source)) {
    batch.push(point)
    if (batch.length === BATCH) await flush()
  }
  if (batch.length > 0) await flush()

  const own = { repo_url: source.repository.url, docpack_id: source.docpackId }
  await assertComplete(store, own, total)
  signal.throwIfAborted()
  await store.remove({ repo_url: source.repository.url, exceptDocpack: source.docpackId })
  // Two commits of one repository published at the same moment may take each other's points away: then this one is not done.
  await assertComplete(store, own, total)
}

async function assertComplete(store: VectorStore, own: { repo_url: string; docpack_id: string }, total: number): Promise<void> {
  const there = await store.count(own)
  if (there === total) return
  throw new DoctownError(
    'vector_store_unavailable',
    `The vector store holds ${there} of ${total} points of this docpack. They will be written again.`,
  )
}

function dimensionsOf(source: PointSource): Partial<Record<VectorName, number>> {
  const dimensions: Partial<Record<VectorName, number>> = {}
  for (const name of ['small', 'text', 'structure'] as const) {
    const rows = source[name]
    if (rows !== null) dimensions[name] = rows.dimensions
  }
  return dimensions
}
