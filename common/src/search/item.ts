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

/** What is known of how the items hang together, by indexes of items. */
export interface ItemGraph {
  /** The item that each one is written in, -1 for none. */
  readonly container: Int32Array
  /** Pairs of a caller and what it calls, one behind the other. */
  readonly calls: Int32Array
  /** PageRank of each item's node, 0 where it has none. */
  readonly pagerank: Float32Array
  /** Structure vectors, a row an item, unit length or zeros; `null` where none were made. */
  readonly structure: { readonly dimensions: number; readonly values: Float32Array } | null
}
