import { VectorBlockSchema } from '@doctown/common/contracts/embedding.js'
import { GraphSchema } from '@doctown/common/contracts/graph.js'
import { z } from 'zod'
import type { TrainInput, TrainOutput, TrainPorts } from '../../pipeline/stage-io.js'
import type { Stage, StageContext } from '../../pipeline/stage.js'
import { toStructureInput } from './structure-input.js'
import { STRUCTURE_DIMENSIONS } from './structure-model.js'
import { structureOffLoop } from './structure-off-loop.js'

const float32 = z.custom<Float32Array>((value) => value instanceof Float32Array)

/** Structure vectors of the graph's nodes: without training, or by a network trained on this graph where that is better. */
export const trainStage: Stage<TrainInput, TrainOutput, TrainPorts> = Object.freeze({
  name: 'train',
  version: 2,
  input: z.object({ graph: GraphSchema, textVectors: z.map(z.string(), float32), steps: z.number().int().nonnegative() }),
  output: z.object({
    structure: VectorBlockSchema,
    model: z.object({ name: z.string(), dimensions: z.number(), scores: z.record(z.string(), z.number()) }),
  }),
  run: train,
})

async function train({ graph, textVectors, steps }: TrainInput, context: StageContext<TrainPorts>): Promise<TrainOutput> {
  const { seed, signal, progress, log, ports } = context
  signal.throwIfAborted()
  const rows = graph.nodes.length
  const input = toStructureInput(graph, textVectors)
  const { model, values, scores, training } = await structureOffLoop(input, { seed, steps, ...ports }, { signal, progress })
  if (steps === 0) progress(rows, rows)
  log.info('structure vectors ready', { model, nodes: rows, ...scores, ...training })
  const dimensions = STRUCTURE_DIMENSIONS
  return { structure: { name: 'structure', rows, dimensions, values }, model: { name: model, dimensions, scores } }
}
