import { z } from 'zod'

export const EdgeKindSchema = z.enum(['contains', 'calls', 'implements', 'uses_type', 'imports'])
export type EdgeKind = z.infer<typeof EdgeKindSchema>

/** A symbol or a file. `id` of a file node is its path. */
export const GraphNodeSchema = z.object({
  id: z.string(),
  kind: z.enum(['symbol', 'file']),
  name: z.string(),
  symbol_type: z.string().nullable(),
  file: z.string(),
  line: z.number().int().positive().nullable(),
  end_line: z.number().int().positive().nullable(),
  public: z.boolean(),
  in_degree: z.number().int().nonnegative(),
  out_degree: z.number().int().nonnegative(),
  /** PageRank over all edges, damping 0.85; sums to 1. */
  pagerank: z.number().nonnegative(),
})
export type GraphNode = z.infer<typeof GraphNodeSchema>

export const GraphEdgeSchema = z.object({
  source: z.string(),
  target: z.string(),
  kind: EdgeKindSchema,
  /** How the edge was found: `syntax`, `same_module`, `import`, `self_type`, `receiver_field`, ... */
  provenance: z.string(),
  /** 0 to 1, the share of edges of this provenance that are right. */
  confidence: z.number().min(0).max(1),
})
export type GraphEdge = z.infer<typeof GraphEdgeSchema>

/** Nodes sorted by id, edges by (source, target, kind). */
export const GraphSchema = z.object({ nodes: z.array(GraphNodeSchema), edges: z.array(GraphEdgeSchema) })
export type Graph = z.infer<typeof GraphSchema>

/** Names that were left out rather than guessed. */
export const AbstentionsSchema = z.object({
  references: z.number().int().nonnegative(),
  resolved: z.number().int().nonnegative(),
  external: z.number().int().nonnegative(),
  ambiguous: z.number().int().nonnegative(),
  unknown: z.number().int().nonnegative(),
})
export type Abstentions = z.infer<typeof AbstentionsSchema>
