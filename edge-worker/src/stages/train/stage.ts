import { VectorBlockSchema } from '@doctown/common/contracts/embedding.js'
import { GraphSchema } from '@doctown/common/contracts/graph.js'
import { z } from 'zod'
import type { TrainInput, TrainOutput } from '../../pipeline/stage-io.js'
import type { Stage, StageContext } from '../../pipeline/stage.js'
import { toStructureInput } from './structure-input.js'
import type { StructureModel } from './structure-model.js'
import { trainingFreeModel } from './training-free-model.js'

const float32 = z.custom<Float32Array>((value) => value instanceof Float32Array)

/** Structure vectors of the graph's nodes. */
export const trainStage: Stage<TrainInput, TrainOutput, Record<string, never>> = createTrainStage(trainingFreeModel)

/** The stage around any structure model. */
export function createTrainStage(model: StructureModel): Stage<TrainInput, TrainOutput, Record<string, never>> {
  return Object.freeze({
    name: 'train',
    version: 1,
    input: z.object({ graph: GraphSchema, textVectors: z.map(z.string(), float32) }),
    output: z.object({
      structure: VectorBlockSchema,
      model: z.object({ name: z.string(), dimensions: z.number(), scores: z.record(z.string(), z.number()) }),
    }),
    run: async ({ graph, textVectors }: TrainInput, context: StageContext<Record<string, never>>): Promise<TrainOutput> => {
      context.signal.throwIfAborted()
      const rows = graph.nodes.length
      const input = toStructureInput(graph, textVectors)
      const { values, scores } = await model.compute(input, { seed: context.seed, signal: context.signal })
      context.progress(rows, rows)
      context.log.info('structure vectors ready', { model: model.name, nodes: rows, ...scores })
      const { name, dimensions } = model
      return { structure: { name: 'structure', rows, dimensions, values }, model: { name, dimensions, scores } }
    },
  })
}
