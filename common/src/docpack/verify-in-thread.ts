import { Worker } from 'node:worker_threads'
import { DoctownError } from '../contracts/errors.js'
import type { Integrity } from './verify.js'
import type { DocpackSource } from './zip-directory.js'

/** Enough for the largest docpack that we write; a document made to fill memory ends its thread and not the process. */
const THREAD_MEMORY_MB = 768

/** As `verifyDocpack`, in a worker thread of bounded memory, so that a server goes on answering whatever the file is. Rejects only when aborted or broken. */
export function verifyInThread(source: DocpackSource, signal?: AbortSignal): Promise<Integrity> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error)
    const worker = new Worker(new URL('./verify-thread.js', import.meta.url), {
      workerData: source,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB },
    })
    const stop = (): void => void worker.terminate()
    signal?.addEventListener('abort', stop, { once: true })
    // The thread posts one Integrity (verify-thread.ts); the event's type does not know.
    worker.once('message', (integrity: Integrity) => resolve(integrity))
    worker.once('error', (error: Error) => {
      if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(tooLargeInMemory)
      else reject(new DoctownError('internal', 'The docpack could not be verified.', { cause: error }))
    })
    worker.once('exit', () => {
      signal?.removeEventListener('abort', stop)
      // Nothing when it has answered.
      reject(signal?.aborted === true ? (signal.reason as Error) : new DoctownError('internal', 'The docpack could not be verified.'))
    })
  })
}

const tooLargeInMemory: Integrity = {
  ok: false,
  entries: 0,
  problems: [{ code: 'docpack_too_large', entry: null, detail: 'This docpack takes more memory than any that Doctown writes.' }],
}
