import { ChunkSchema, type Chunk } from '@doctown/common/contracts/chunk.js'
import { ParsedFileSchema } from '@doctown/common/contracts/parsed-file.js'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ChunkInput, ChunkOutput, ChunkPorts } from '../../pipeline/stage-io.js'
import type { Stage, StageContext } from '../../pipeline/stage.js'
import { chunksOfFile } from './chunk-file.js'
import { createMeter } from './meter.js'

/** Parsed files to chunks along the syntax tree, each within every model's window. Streams: nothing is held back. */
export const chunkStage: Stage<ChunkInput, ChunkOutput, ChunkPorts> = Object.freeze({
  name: 'chunk',
  version: 1,
  input: ParsedFileSchema,
  output: ChunkSchema,
  run: chunkAll,
})

/** The loop is given back after this long, for timers and locks. */
const SLICE_MS = 8

async function* chunkAll(input: ChunkInput, { ports, signal, progress }: StageContext<ChunkPorts>): AsyncGenerator<Chunk> {
  const meter = createMeter(ports.embedders)
  let done = 0
  let until = performance.now() + SLICE_MS
  for await (const parsed of input) {
    for (const chunk of chunksOfFile(parsed, meter)) {
      signal.throwIfAborted()
      yield chunk
      if (performance.now() < until) continue
      await nextTurn()
      until = performance.now() + SLICE_MS
    }
    progress(++done, null)
  }
}
