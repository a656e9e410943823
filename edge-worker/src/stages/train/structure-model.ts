/** A graph as numbers: node i is `graph.nodes[i]`, edge e joins `sources[e]` and `targets[e]`. Plain data: it is sent to a thread. */
export interface StructureInput {
  readonly nodeCount: number
  /** A number for each node that depends on its id alone, so that a vector does not change with the node's place in the list. */
  readonly nodeKeys: Uint32Array
  /** Nodes of one number are of one kind (`symbol_type`, or file). */
  readonly nodeKinds: Uint8Array
  readonly sources: Uint32Array
  readonly targets: Uint32Array
  /** Confidence of each edge, 0 to 1. */
  readonly weights: Float32Array
  /**
   * `nodeCount * textDimensions`: text vectors less the mean of all, or in fewer dimensions where nodes are many; zeros where a node has no
   * text. What the network reads of a node as well: one without text learns from its neighbours.
   */
  readonly text: Float32Array
  readonly textDimensions: number
}

/** Dimensions of every structure vector, trained or not, so that a vector store need not be made anew. */
export const STRUCTURE_DIMENSIONS = 128

export interface StructureResult {
  /** `fastrp-appnp` (training-free) or `graphsage` (trained and better on held-out edges). */
  readonly model: 'fastrp-appnp' | 'graphsage'
  /** `nodeCount * STRUCTURE_DIMENSIONS`, rows of unit length. */
  readonly values: Float32Array
  /**
   * `held_out_auc` of the model that was adopted, and where training ran `training_free_auc`, `trained_auc`, `steps`; measured on
   * `held_out_edges` edges against hard negatives. Empty for a graph that is too small to tell.
   */
  readonly scores: Readonly<Record<string, number>>
  /** What trained, `null` where nothing did. */
  readonly training: { readonly provider: TrainingProvider; readonly refused: readonly string[]; readonly seconds: number } | null
}

export type TrainingProvider = 'cuda' | 'webgpu' | 'cpu'

export interface StructureOptions {
  readonly seed: number
  /** Steps of training; 0 for vectors without training. */
  readonly steps: number
  /** Tried in this order, the last must work. */
  readonly providers: readonly TrainingProvider[]
  readonly threads: number
}
