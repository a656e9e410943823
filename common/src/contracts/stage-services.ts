/** The four services and the stages behind each (architecture.md). Compose, Render, config and docs are checked against this table. */
export const STAGE_NAMES = ['fetch', 'parse', 'chunk', 'embed', 'graph', 'cluster', 'train', 'generate', 'package', 'publish'] as const
export type StageName = (typeof STAGE_NAMES)[number]

interface ServiceRow {
  readonly port: number
  readonly portVariable: string
  readonly stages: readonly StageName[]
}

export const STAGE_SERVICES = {
  builder: { port: 3000, portVariable: 'BUILDER_PORT', stages: ['fetch', 'parse', 'chunk'] },
  embedding: { port: 8000, portVariable: 'EMBEDDING_PORT', stages: ['embed'] },
  assembly: { port: 8002, portVariable: 'ASSEMBLY_PORT', stages: ['graph', 'cluster', 'train', 'package'] },
  generation: { port: 8003, portVariable: 'GENERATION_PORT', stages: ['generate'] },
} as const satisfies Record<string, ServiceRow>
export type ServiceName = keyof typeof STAGE_SERVICES
