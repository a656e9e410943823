import { best } from './best.js'
import type { ItemGraph, ItemVectors, SearchItem } from './item.js'
import { createLexicalIndex } from './lexical-index.js'
import { createLiteralIndex } from './literal-index.js'
import { createNameIndex } from './name-index.js'
import { GATES } from './query-gates.js'
import { LOOKED_AT, spreadFiles } from './spread-files.js'
import { traitsOf } from './item-traits.js'
import { RANKING_WEIGHTS, TRAIT_WEIGHTS, type RankingWeights, type TraitWeights } from './ranking-weights.js'
import { createPathIndex } from './path-index.js'
import { createQueryReader, type ReadQuery } from './read-query.js'
import { ALL_SIGNALS, createSignals, PRIORS, type QuerySignals, type Signal } from './signals.js'
import { reasons } from './why.js'

export type SearchMode = 'default' | 'bm25' | 'dense'

export interface SearchOptions {
  readonly limit: number
  readonly mode?: SearchMode
  /** False leaves out every bonus for visibility or kind. */
  readonly prior?: boolean
}

export interface SearchHit {
  readonly item: SearchItem
  readonly score: number
  /** Short reasons for a person. */
  readonly why: readonly string[]
}

/** Built once over a repository's items, then asked any number of times. Not for two calls at once: it keeps its buffers. */
export interface SearchIndex {
  readonly size: number
  /** The query in the repository's words; `corrected` is the text to embed. */
  read(query: string): ReadQuery
  /** Best first. `vector` is that of `read(query).corrected` by the model of the index's vectors; `null` searches by words alone. */
  search(query: ReadQuery, vector: Float32Array | null, options: SearchOptions): SearchHit[]
  /** All numbers that the order is made of, for fitting weights; good until the next call. */
  signals(query: ReadQuery, vector: Float32Array | null): QuerySignals
}

export function createSearchIndex(
  items: readonly SearchItem[],
  vectors: ItemVectors | null,
  options: { readonly graph?: ItemGraph | null; readonly weights?: RankingWeights; readonly traits?: TraitWeights } = {},
): SearchIndex {
  const { graph = null, weights = RANKING_WEIGHTS, traits = TRAIT_WEIGHTS } = options
  const lexical = createLexicalIndex(items)
  const read = createQueryReader(lexical)
  const signals = createSignals({
    items,
    lexical,
    names: createNameIndex(items),
    literals: createLiteralIndex(items),
    vectors,
    graph,
  })
  const bias = Float32Array.from(items, (item) => traitsOf(item).reduce((sum, trait) => sum + (traits[trait] ?? 0), 0))
  const scores = new Float32Array(items.length)
  const paths = createPathIndex(items)
  const named = new Float32Array(items.length)

  return {
    size: items.length,
    read,
    signals,
    search(query, vector, { limit, mode = 'default', prior = true }) {
      const found = signals(query, vector)
      const isNamed = mode === 'default' && paths.match(query.text, named)
      if (mode === 'bm25') scores.set(found.values.bm25)
      else if (mode === 'dense') scores.set(found.values.dense)
      else {
        scores.fill(0)
        for (const signal of ALL_SIGNALS) {
          if (!prior && PRIORS.includes(signal)) continue
          addWeighted(scores, found.values[signal], weightOf(signal, found, weights))
        }
        if (prior) addWeighted(scores, bias, 1)
        if (isNamed) addWeighted(scores, named, NAMED_FILE)
      }
      const order =
        mode === 'default'
          ? spreadFiles(best(scores, LOOKED_AT * limit), scores, { items, gates: found.gates }).slice(0, limit)
          : best(scores, limit)
      return order.map((i) => ({
        item: items[i]!,
        score: scores[i]!,
        why: [...(isNamed && named[i]! > 0 ? ['its file is named'] : []), ...reasons({ item: items[i]!, at: i, query, lexical, found })],
      }))
    },
  }
}

/** More than all else can bring together: who writes a path means that file. Not fitted: no query of the training crates is a path. */
const NAMED_FILE = 30

const weightOf = (signal: Signal, { gates }: QuerySignals, weights: RankingWeights): number =>
  GATES.reduce((sum, gate) => sum + gates[gate] * (weights[gate]?.[signal] ?? 0), 0)

function addWeighted(scores: Float32Array, values: Float32Array, weight: number): void {
  if (weight === 0) return
  for (let i = 0; i < scores.length; i++) scores[i]! += weight * values[i]!
}
