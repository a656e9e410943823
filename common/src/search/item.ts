/** What can be found: a symbol, or a piece of a file that belongs to no symbol. */
export interface SearchItem {
  /** `null` for text outside any symbol. */
  readonly symbol_id: string | null
  /** The symbol's own name; the file's base name for text outside any symbol. */
  readonly name: string
  /** A symbol type of the contract, or `text` for a piece of a file. */
  readonly symbol_type: string
  /** Path of what holds it, `tokio::net::TcpStream`. */
  readonly path: string
  readonly file: string
  readonly start_line: number
  readonly end_line: number
  readonly public: boolean
  /** Stands in a test, a benchmark or an example. */
  readonly test: boolean
  /** It implements what a trait or an interface declares. */
  readonly implementation: boolean
  /** Text from the first token up to the body. */
  readonly head: string
  readonly body: string
  /** Documentation without comment marks; `""` where there is none or it must not be used. */
  readonly docs: string
}

/** Vectors of the items, unit length, row-major; an item may have several rows (one a chunk) or none. */
export interface ItemVectors {
  readonly dimensions: number
  readonly values: Float32Array
  /** The item of each row. */
  readonly itemOfRow: Int32Array
}

/** What a graph says of each item, in the order of the items. */
export interface ItemGraph {
  /** PageRank of the item's node, 0 where it has none. */
  readonly pagerank: Float32Array
  /** Callers, callees and the container of each item, as indexes of items. */
  readonly neighbours: readonly Int32Array[]
}
