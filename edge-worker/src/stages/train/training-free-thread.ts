/** Entry of the worker thread that `training-free-model.ts` starts. */
import { parentPort, workerData } from 'node:worker_threads'
import type { StructureInput } from './structure-model.js'
import { computeTrainingFree } from './training-free.js'

// The thread's only starter is training-free-model.ts, which posts exactly this.
const { input, dimensions, seed } = workerData as { input: StructureInput; dimensions: number; seed: number }
const result = computeTrainingFree(input, { dimensions, seed })
parentPort?.postMessage(result, [result.values.buffer as ArrayBuffer])
