import { DoctownError, ERROR_TABLE, type ErrorCode } from '@doctown/common/contracts/errors.js'
import type { DocpackEntry } from '@doctown/common/docpack/content.js'
import type { DocpackDraft, WrittenDocpack } from '@doctown/common/docpack/write.js'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { ThreadAnswer, ThreadRequest } from './write-thread.js'

export interface DocpackWriter {
  /** Moves the entry into the thread: its bytes are gone here afterwards. */
  add(entry: DocpackEntry): Promise<void>
  /** The docpack; once. Throws what `writeDocpack` throws, the signal's reason on abort, `stage_failed` when the thread dies. */
  finish(rest: Omit<DocpackDraft, 'entries'>): Promise<WrittenDocpack>
  stop(): Promise<void>
}

/** The event loop gets a turn after this many bytes of entries. */
const TURN_AFTER_BYTES = 256 * 1024

/** Hashing and packing burn seconds of CPU for a large repository: they have a thread of their own. */
export function startWriter(signal: AbortSignal): DocpackWriter {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./write-thread.js', import.meta.url))
  const stop = (): void => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  const answer = new Promise<WrittenDocpack>((resolve, reject) => {
    // The thread answers with one ThreadAnswer (write-thread.ts).
    worker.once('message', (message: ThreadAnswer) => {
      if (message.kind === 'written') resolve(message.docpack)
      else reject(new DoctownError(isErrorCode(message.code) ? message.code : 'stage_failed', message.detail))
    })
    worker.once('error', (cause) =>
      reject(new DoctownError('stage_failed', 'Packing the docpack broke down; try the build again.', { cause })),
    )
    worker.once('exit', () => {
      // `reason` is a DoctownError by the promise of StageContext.signal.
      reject(signal.aborted ? (signal.reason as Error) : new DoctownError('stage_failed', 'Packing the docpack ended without an answer.'))
    })
  })
  // Whoever waits gets it from finish(); an abort before that must not be an unhandled rejection.
  answer.catch(() => {})
  const post = (request: ThreadRequest, transfer: ArrayBuffer[]): void => worker.postMessage(request, transfer)
  let unturned = 0

  return {
    async add({ name, body }) {
      const own = ownBytes(body)
      unturned += own.byteLength + 512
      post({ kind: 'entry', name, body: own }, [own.buffer])
      if (unturned < TURN_AFTER_BYTES) return
      unturned = 0
      await turn()
      signal.throwIfAborted()
    },

    finish(rest) {
      const embeddings = rest.embeddings === null ? null : { ...rest.embeddings, bytes: ownBytes(rest.embeddings.bytes) }
      post({ kind: 'finish', rest: { ...rest, embeddings } }, embeddings === null ? [] : [embeddings.bytes.buffer])
      return answer
    },

    async stop() {
      signal.removeEventListener('abort', stop)
      await worker.terminate()
    },
  }
}

/** Bytes with a buffer of their own, which alone can be moved; small Buffers share one. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && buffer.byteLength === byteLength && byteLength > 64 * 1024)
    return new Uint8Array(buffer)
  return Uint8Array.from(bytes)
}

const isErrorCode = (code: string): code is ErrorCode => code in ERROR_TABLE
