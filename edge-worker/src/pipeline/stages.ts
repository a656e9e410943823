import type { StageName } from '@doctown/common/contracts/stage-services.js'
import type * as io from './stage-io.js'
import type { Stage } from './stage.js'

/** A stage of each name. A remote stage has the same type as a local one and may take the place of any. */
export interface Stages extends Record<StageName, unknown> {
  readonly fetch: Stage<io.FetchInput, io.FetchOutput, io.FetchPorts>
  readonly parse: Stage<io.ParseInput, io.ParseOutput, io.ParsePorts>
  readonly chunk: Stage<io.ChunkInput, io.ChunkOutput, io.ChunkPorts>
  readonly embed: Stage<io.EmbedInput, io.EmbedOutput, io.EmbedPorts>
  readonly graph: Stage<io.GraphInput, io.GraphOutput, Record<string, never>>
  readonly cluster: Stage<io.ClusterInput, io.ClusterOutput, Record<string, never>>
  readonly train: Stage<io.TrainInput, io.TrainOutput, io.TrainPorts>
  readonly generate: Stage<io.GenerateInput, io.GenerateOutput, Record<string, never>>
  readonly package: Stage<io.PackageInput, io.PackageOutput, Record<string, never>>
  readonly publish: Stage<io.PublishInput, io.PublishOutput, io.PublishPorts>
}
