import { DoctownError } from '@doctown/common/contracts/errors.js'
import { Worker } from 'node:worker_threads'
import { findCommunities } from './find-communities.js'
import type { WeightedGraph } from './weighted-graph.js'

/** Nodes and edges that Louvain gets through in about 30 ms; below that a thread costs more than it saves. */
export const INLINE_SIZE = 2_000

/**
 * `findCommunities`, in a worker thread when the graph is big enough to hold up the event loop.
 * Throws the signal's reason on abort and `stage_failed` when the thread dies.
 */
export async function communitiesOffLoop(graph: WeightedGraph, seed: number, signal: AbortSignal): Promise<Uint32Array> {
  signal.throwIfAborted()
  if (graph.nodeCount + graph.sources.length <= INLINE_SIZE) return findCommunities(graph, seed)
  const worker = new Worker(new URL('./communities-thread.js', import.meta.url), { workerData: { graph, seed } })
  const stop = (): void => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await new Promise<Uint32Array>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', (cause) => reject(new DoctownError('stage_failed', 'Clustering broke down; try the build again.', { cause })))
      worker.once('exit', () =>
        // `reason` is a DoctownError by the promise of StageContext.signal.
        reject(signal.aborted ? (signal.reason as Error) : new DoctownError('stage_failed', 'Clustering ended without an answer.')),
      )
    })
  } finally {
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
