/** Entry of the worker thread that `write-off-loop.ts` starts: collects entries, then writes the docpack. */
import { asDoctownError } from '@doctown/common/contracts/errors.js'
import type { DocpackEntry } from '@doctown/common/docpack/content.js'
import { writeDocpack, type DocpackDraft, type WrittenDocpack } from '@doctown/common/docpack/write.js'
import { parentPort, type Transferable } from 'node:worker_threads'

export type ThreadRequest =
  | { readonly kind: 'entry'; readonly name: string; readonly body: Uint8Array }
  | { readonly kind: 'finish'; readonly rest: Omit<DocpackDraft, 'entries'> }
export type ThreadAnswer =
  | { readonly kind: 'written'; readonly docpack: WrittenDocpack }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string }

const entries: DocpackEntry[] = []

parentPort?.on('message', (request: ThreadRequest) => {
  if (request.kind === 'entry') {
    entries.push({ name: request.name, body: request.body })
    return
  }
  try {
    const docpack = writeDocpack({ ...request.rest, entries })
    answer({ kind: 'written', docpack }, docpack.bytes.buffer instanceof ArrayBuffer ? [docpack.bytes.buffer] : [])
  } catch (error) {
    const { code, message } = asDoctownError(error, 'stage_failed')
    answer({ kind: 'failed', code, detail: message }, [])
  }
})

function answer(message: ThreadAnswer, transfer: Transferable[]): void {
  parentPort?.postMessage(message, transfer)
}
