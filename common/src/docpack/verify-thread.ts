/** Entry of the worker thread that `verify-in-thread.ts` starts. */
import { parentPort, workerData } from 'node:worker_threads'
import { verifyDocpack } from './verify.js'
import type { DocpackSource } from './zip-directory.js'

// The thread's only starter is verify-in-thread.ts, which posts exactly this.
parentPort?.postMessage(await verifyDocpack(workerData as DocpackSource))
