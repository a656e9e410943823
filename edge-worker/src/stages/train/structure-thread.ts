/** Entry of the worker thread that `structure-off-loop.ts` starts. */
import { parentPort, workerData } from 'node:worker_threads'
import { computeStructure } from './compute-structure.js'
import type { StructureInput, StructureOptions } from './structure-model.js'
import type { ThreadMessage } from './structure-off-loop.js'

// The thread's only starter is structure-off-loop.ts, which posts exactly this.
const { input, options } = workerData as { input: StructureInput; options: StructureOptions }
const send = (message: ThreadMessage, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer)
const result = await computeStructure(input, options, (done, total) => send({ kind: 'progress', done, total }))
send({ kind: 'result', result }, [result.values.buffer as ArrayBuffer])
