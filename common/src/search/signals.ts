import { packRows, scoreRows } from './dense-rows.js'
import { addGraph, rankOf } from './graph-signals.js'
import type { ItemGraph, ItemVectors, SearchItem } from './item.js'
import type { LexicalIndex } from './lexical-index.js'
import type { LiteralIndex } from './literal-index.js'
import type { NameIndex } from './name-index.js'
import { gatesOf, type Gate } from './query-gates.js'
import type { ReadQuery } from './read-query.js'

/** What is known of a query and an item; the ranker weighs each by what kind of query it is. */
export const SIGNALS = [
  /** Cosine of the vectors, less its mean over the items, by its deviation. */
  'dense',
  /** BM25 over all words of the item, the same way. */
  'bm25',
  /** BM25F: the same with the words of a name, a head, a path counted apart. */
  'bm25f',
  /** Share of the query's words (by rarity) that the item has at all, in its name, in its path. */
  'coverage',
  'name_coverage',
  'path_coverage',
  /** Share of the name's words that the query has. */
  'name_share',
  /** How close a run of the query's letters comes to the name. */
  'name_close',
  /** Share of the query's word pairs that stand in the item's string literals. */
  'literal',
  /** Logarithm of the item's words. */
  'length',
  /** 1 for what users of the package can reach. */
  'public',
  /** 1 for functions and methods. */
  'callable',
  /** 1 for what implements a trait's or an interface's declaration. */
  'implementation',
] as const

/** Those that need a graph. They were measured and do not pay (npm run bench:search), so the fitted weights have none of them. */
export const GRAPH_SIGNALS = [
  /** Logarithm of the item's PageRank, standardised over the items. */
  'pagerank',
  /** How well what holds the item fits the query (dense + 0.3 bm25f), and the best of what it calls, and of what calls it. */
  'container',
  'callees',
  'callers',
  /** Cosine of the item's structure vector with the mean of those that fit best so far. */
  'structure',
] as const
export const ALL_SIGNALS = [...SIGNALS, ...GRAPH_SIGNALS] as const
export type Signal = (typeof ALL_SIGNALS)[number]

/** Those that favour a kind of item whatever is asked. */
export const PRIORS: readonly Signal[] = ['public', 'callable', 'implementation']

export interface SignalSources {
  readonly items: readonly SearchItem[]
  readonly lexical: LexicalIndex
  readonly names: NameIndex
  readonly literals: LiteralIndex
  readonly vectors: ItemVectors | null
  readonly graph: ItemGraph | null
}

export interface QuerySignals {
  /** One value an item, good until the next call. */
  readonly values: Readonly<Record<Signal, Float32Array>>
  readonly gates: Readonly<Record<Gate, number>>
  /** The cosines before they were scaled; zeros without vectors. */
  readonly cosine: Float32Array
}

/** Computes the signals of every item for one query. Buffers are kept: one call at a time. */
export function createSignals(sources: SignalSources): (query: ReadQuery, vector: Float32Array | null) => QuerySignals {
  const { items, lexical, names, literals, vectors, graph } = sources
  const count = items.length
  const rows = vectors === null ? null : packRows(vectors)
  const make = (): Float32Array => new Float32Array(count)
  // One entry a signal, which the type of the result checks again.
  const values = Object.fromEntries(ALL_SIGNALS.map((signal) => [signal, make()])) as Record<Signal, Float32Array>
  const cosine = make()
  items.forEach((item, i) => {
    values.public[i] = item.public ? 1 : 0
    values.callable[i] = item.symbol_type === 'function' || item.symbol_type === 'method' ? 1 : 0
    values.implementation[i] = item.implementation ? 1 : 0
    values.length[i] = Math.log(1 + lexical.lengths[i]!) - 3
  })

  if (graph !== null) rankOf(graph, values.pagerank)
  standardise(values.pagerank)

  return (query, vector) => {
    for (const signal of ['bm25', 'bm25f', 'coverage', 'name_coverage', 'path_coverage', 'name_share', 'name_close', 'literal'] as const)
      values[signal].fill(0)
    addLexical(query, lexical, values)

    if (rows === null || vector === null) {
      cosine.fill(0)
      values.dense.fill(0)
    } else {
      scoreRows(rows, vector, cosine)
      values.dense.set(cosine)
      standardise(values.dense)
    }
    standardise(values.bm25)
    standardise(values.bm25f)

    if (graph !== null) addGraph(graph, values)

    let closest = 0
    for (const i of names.match(query.text, values.name_close)) closest = Math.max(closest, values.name_close[i]!)
    const { best } = literals.match(query.text, values.literal)
    return { values, gates: gatesOf(query, { closest, literal: best }), cosine }
  }
}

function addLexical({ terms, unknown }: ReadQuery, lexical: LexicalIndex, values: Record<Signal, Float32Array>): void {
  const { starts, postings, plain, fielded, places, rarity, nameWords, items } = lexical
  let total = unknown * Math.log(1 + (items + 0.5) / 0.5)
  for (const { term, weight } of terms) total += weight * rarity[term]!
  const scale = total > 0 ? 1 / total : 0
  const { bm25, bm25f, coverage, name_coverage, path_coverage, name_share } = values
  for (const { term, weight } of terms) {
    const rare = weight * rarity[term]!
    const share = rare * scale
    for (let at = starts[term]!; at < starts[term + 1]!; at++) {
      const item = postings[at]!
      bm25[item]! += rare * plain[at]!
      bm25f[item]! += rare * fielded[at]!
      coverage[item]! += share
      const place = places[at]!
      if ((place & 1) !== 0) {
        name_coverage[item]! += share
        name_share[item]! += weight / nameWords[item]!
      }
      if ((place & 2) !== 0) path_coverage[item]! += share
    }
  }
}

/** Less the mean, by the deviation; a row that is the same everywhere becomes zeros. */
export function standardise(row: Float32Array): void {
  let sum = 0
  let squares = 0
  for (let i = 0; i < row.length; i++) {
    const value = row[i]!
    sum += value
    squares += value * value
  }
  const mean = sum / Math.max(1, row.length)
  const deviation = Math.sqrt(Math.max(0, squares / Math.max(1, row.length) - mean * mean))
  if (deviation < 1e-9) {
    row.fill(0)
    return
  }
  const scale = 1 / deviation
  for (let i = 0; i < row.length; i++) row[i] = (row[i]! - mean) * scale
}
