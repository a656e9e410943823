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
  /** `nodeCount * textDimensions`; zeros where a node has no text. */
  readonly text: Float32Array
  readonly textDimensions: number
}

export interface StructureResult {
  /** `nodeCount * dimensions`, rows of unit length. */
  readonly values: Float32Array
  /** Measured on edges that were held out, for example `held_out_auc`; empty for a graph that is too small to tell. */
  readonly scores: Readonly<Record<string, number>>
}

export interface StructureOptions {
  readonly seed: number
  readonly signal: AbortSignal
}

/**
 * Vectors of nodes from their place in the graph and their text. Today without training; a graph neural network takes the
 * same place, and gives the same number of dimensions, so that a vector store need not be made anew.
 */
export interface StructureModel {
  readonly name: string
  readonly dimensions: number
  /** Same input and seed, same vectors. Leaves the event loop free; throws the signal's reason on abort. */
  compute(input: StructureInput, options: StructureOptions): Promise<StructureResult>
}
