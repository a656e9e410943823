import { chunkStage } from '../stages/chunk/stage.js'
import { clusterStage } from '../stages/cluster/stage.js'
import { embedStage } from '../stages/embed/stage.js'
import { fetchStage } from '../stages/fetch/stage.js'
import { generateStage } from '../stages/generate/stage.js'
import { graphStage } from '../stages/graph/stage.js'
import { packageStage } from '../stages/package/stage.js'
import { parseStage } from '../stages/parse/stage.js'
import { publishStage } from '../stages/publish/stage.js'
import { trainStage } from '../stages/train/stage.js'
import type { Stages } from './stages.js'

/** The ten stages as they run in this process. */
export const localStages: Stages = {
  fetch: fetchStage,
  parse: parseStage,
  chunk: chunkStage,
  embed: embedStage,
  graph: graphStage,
  cluster: clusterStage,
  train: trainStage,
  generate: generateStage,
  package: packageStage,
  publish: publishStage,
}
