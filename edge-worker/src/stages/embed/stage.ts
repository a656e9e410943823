import { ChunkSchema } from '@doctown/common/contracts/chunk.js'
import { EmbeddedChunkSchema } from '@doctown/common/contracts/embedding.js'
import type { EmbedInput, EmbedOutput, EmbedPorts } from '../../pipeline/stage-io.js'
import type { Stage } from '../../pipeline/stage.js'
import { embedStream } from './embed-stream.js'

/** Chunks to vectors, as a stream: `small` by the built-in model, `text` by that of MODEL_PATH where there is one. */
export const embedStage: Stage<EmbedInput, EmbedOutput, EmbedPorts> = Object.freeze({
  name: 'embed',
  version: 1,
  input: ChunkSchema,
  output: EmbeddedChunkSchema,
  run: embedStream,
})
