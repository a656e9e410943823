import { DoctownError } from '@doctown/common/contracts/errors.js'
import { Worker } from 'node:worker_threads'
import { computeStructure } from './compute-structure.js'
import type { StructureInput, StructureOptions, StructureResult } from './structure-model.js'

export type ThreadMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'result'; readonly result: StructureResult }

/** Nodes that are done in about 20 ms; for fewer a thread costs more than it saves. */
const INLINE_NODES = 100

/**
 * `computeStructure` in a worker thread: native code of a training step blocks the loop that calls it (graph-training.md, section 3).
 * Throws the signal's reason on abort, `stage_failed` when the thread breaks down.
 */
export async function structureOffLoop(
  input: StructureInput,
  options: StructureOptions,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (done: number, total: number) => void },
): Promise<StructureResult> {
  signal.throwIfAborted()
  if (input.nodeCount <= INLINE_NODES) return computeStructure(input, options)
  const buffers = [input.nodeKeys, input.nodeKinds, input.sources, input.targets, input.weights, input.text].map(({ buffer }) => buffer)
  const worker = new Worker(new URL('./structure-thread.js', import.meta.url), {
    workerData: { input, options },
    // The stage made these arrays for this call alone; all own their buffers.
    transferList: buffers as ArrayBuffer[],
  })
  const stop = (): void => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await new Promise<StructureResult>((resolve, reject) => {
      worker.on('message', (message: ThreadMessage) => {
        if (message.kind === 'progress') progress(message.done, message.total)
        else resolve(message.result)
      })
      worker.once('error', (cause) =>
        reject(new DoctownError('stage_failed', 'Structure vectors broke down; try the build again.', { cause })),
      )
      worker.once('exit', () =>
        // `reason` is a DoctownError by the promise of StageContext.signal.
        reject(signal.aborted ? (signal.reason as Error) : new DoctownError('stage_failed', 'Structure vectors ended without an answer.')),
      )
    })
  } finally {
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
