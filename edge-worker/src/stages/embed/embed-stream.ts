import type { Chunk } from '@doctown/common/contracts/chunk.js'
import type { EmbeddedChunk } from '@doctown/common/contracts/embedding.js'
import type { EmbedPorts } from '../../pipeline/stage-io.js'
import type { StageContext } from '../../pipeline/stage.js'
import { embedBatch } from './embed-batch.js'
import { inBatches } from './in-batches.js'

/** Chunks a batch: about 10 ms of the built-in model. Batches are cut by count alone, so the same chunks give the same bytes. */
export const BATCH_CHUNKS = 128
/** A GPU is idle between small batches: each is twice the one before, up to this. The first ones stay small, so that it starts early. */
const MOST_CHUNKS_ON_GPU = 1024
/** Batches being embedded while the next is collected; more would only hold memory. */
const BATCHES_AHEAD = 2

/**
 * Embedded chunks in the order of the chunks. Pulls no more input than its reader asks for, but for the batches ahead.
 * Throws the signal's reason on abort, and whatever the embedders throw.
 */
export async function* embedStream(chunks: AsyncIterable<Chunk>, context: StageContext<EmbedPorts>): AsyncGenerator<EmbeddedChunk> {
  const { ports, progress, log } = context
  // Also stops the batches ahead when the reader walks away or a batch fails.
  const stop = new AbortController()
  const signal = AbortSignal.any([context.signal, stop.signal])
  const running: Promise<EmbeddedChunk[]>[] = []
  let done = 0
  const emit = async function* (): AsyncGenerator<EmbeddedChunk> {
    for (const item of (await running.shift()) ?? []) {
      progress(++done, null)
      yield item
    }
  }
  try {
    const provider = ports.text?.executionProvider
    const most = provider === 'cuda' || provider === 'webgpu' ? MOST_CHUNKS_ON_GPU : BATCH_CHUNKS
    for await (const batch of inBatches(chunks, (i) => Math.min(most, BATCH_CHUNKS * 2 ** i))) {
      context.signal.throwIfAborted()
      running.push(quiet(embedBatch(batch, ports, signal)))
      if (running.length > BATCHES_AHEAD) yield* emit()
    }
    while (running.length > 0) yield* emit()
    log.info('chunks embedded', { chunks: done, small: ports.small.executionProvider, text: ports.text?.executionProvider ?? 'none' })
  } finally {
    stop.abort()
    await Promise.allSettled(running)
  }
}

/** A batch may fail before its turn to be awaited comes; that is not an unhandled rejection. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
