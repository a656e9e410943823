import { z } from 'zod'

/** A community of the symbol graph (Louvain). */
export const ClusterSchema = z.object({
  id: z.string(),
  /** A noun phrase of at most three words from its members' names and paths, `blocking pool`; unique in the docpack, never a bare number. */
  label: z.string().min(1),
  size: z.number().int().positive(),
  /** Share of the members' edge ends that stay inside, 0 to 1. */
  cohesion: z.number().min(0).max(1),
  /** Node ids, sorted. */
  members: z.array(z.string()),
})
export type Cluster = z.infer<typeof ClusterSchema>
