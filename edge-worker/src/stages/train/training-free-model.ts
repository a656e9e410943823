import { DoctownError } from '@doctown/common/contracts/errors.js'
import { Worker } from 'node:worker_threads'
import type { StructureInput, StructureModel, StructureOptions, StructureResult } from './structure-model.js'
import { computeTrainingFree } from './training-free.js'

const DIMENSIONS = 128
/** Nodes that are done in about 20 ms; for fewer a thread costs more than it saves. */
const INLINE_NODES = 100

/** Smoothed text and FastRP, in a worker thread. */
export const trainingFreeModel: StructureModel = {
  name: 'fastrp-appnp',
  dimensions: DIMENSIONS,
  async compute(input: StructureInput, { seed, signal }: StructureOptions): Promise<StructureResult> {
    signal.throwIfAborted()
    if (input.nodeCount <= INLINE_NODES) return computeTrainingFree(input, { dimensions: DIMENSIONS, seed })
    const buffers = [input.nodeKeys, input.nodeKinds, input.sources, input.targets, input.weights, input.text].map(({ buffer }) => buffer)
    const worker = new Worker(new URL('./training-free-thread.js', import.meta.url), {
      workerData: { input, dimensions: DIMENSIONS, seed },
      // The stage made these arrays for this call alone; all own their buffers.
      transferList: buffers as ArrayBuffer[],
    })
    const stop = (): void => void worker.terminate()
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await new Promise<StructureResult>((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', (cause) =>
          reject(new DoctownError('stage_failed', 'Structure vectors broke down; try the build again.', { cause })),
        )
        worker.once('exit', () =>
          // `reason` is a DoctownError by the promise of StageContext.signal.
          reject(
            signal.aborted ? (signal.reason as Error) : new DoctownError('stage_failed', 'Structure vectors ended without an answer.'),
          ),
        )
      })
    } finally {
      signal.removeEventListener('abort', stop)
      await worker.terminate()
    }
  },
}
