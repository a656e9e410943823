/**
 * What each part of search is worth, and how quick it is:
 *
 *     npm run bench:search -- --corpus <dir> [--train-steps <n>] [--json]
 *
 * Rows, doc sentences and questions apart, over the crates' own folders with documentation blanked: BM25; the table; both; with the graph without
 * training (T0) and trained (T1); the ranker as it ships. Then a warm query at 5,000 symbols, and the index of large-workspace beyond parsing.
 */
import { join } from 'node:path'
import type { ItemGraph } from '@doctown/common/search/item.js'
import type { RankingWeights, TraitWeights } from '@doctown/common/search/ranking-weights.js'
import { createSearchIndex, type SearchIndex } from '@doctown/common/search/search-index.js'
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'
import { createCrateFolders } from './crate-folders.js'
import { builtInModel, graphOfItems, openCrate, type OpenedCrate } from './crate-index.js'
import { matchPool } from './match-pool.js'
import { readLines, readPool, type PoolQuery } from './retrieval-pool.js'
import { meanReciprocalRank } from './retrieval-run.js'
import { checkOut, unpackCorpus } from './unpack-corpus.js'

const ASKED = 20
const SYMBOLS = 5_000
/** What the hybrid rows weigh; the graph's share was fitted with everything else left alone, on the training crates. */
const HYBRID: RankingWeights = { any: { dense: 1, bm25: 0.3, public: 1 } }
const WITH_GRAPH: RankingWeights = { any: { ...HYBRID.any, structure: 0.8, callees: 0.1, callers: 0.15, container: 0.1 } }
/** Rows with weights of their own leave out of the way what is in no pool; the fitted traits belong to the fitted weights. */
const OUT_OF_THE_WAY: TraitWeights = { test: -2, impl: -3, module: -2, field: -1, section: -2, text: -2.5 }
const T1_STEPS = 300

const options = benchOptions({
  bench: import.meta.url,
  required: ['corpus'],
  options: { corpus: { type: 'string' }, 'train-steps': { type: 'string' }, json: { type: 'boolean' } },
})
const corpus = options.corpus
const steps = Number(options['train-steps'] ?? T1_STEPS)
const folder = join(corpus, 'retrieval')
const sentences = readLines<PoolQuery>(join(folder, 'queries.jsonl'))
const questions = readLines<PoolQuery>(join(folder, 'questions.jsonl'))
const queries = [...sentences, ...questions]
const crates = [...new Set(queries.map(({ crate }) => crate))]
const model = await builtInModel()

interface Row {
  readonly id: string
  readonly graph: 'none' | 'T0' | 'T1'
  /** `null`: the weights that ship. */
  readonly weights: RankingWeights | null
}
const ROWS: readonly Row[] = [
  { id: 'bm25', graph: 'none', weights: { any: { bm25: 1 } } },
  { id: 'dense', graph: 'none', weights: { any: { dense: 1 } } },
  { id: 'hybrid', graph: 'none', weights: HYBRID },
  { id: 'hybrid_graph_t0', graph: 'T0', weights: WITH_GRAPH },
  ...(steps > 0 ? [{ id: 'hybrid_graph_t1', graph: 'T1', weights: WITH_GRAPH } as const] : []),
  { id: 'rerank', graph: 'none', weights: null },
]

const ranks = new Map(ROWS.map(({ id }) => [id, new Map<string, number>()]))
const { withoutDocs, remove } = createCrateFolders(corpus, crates)
try {
  for (const crate of crates) await measureCrate(crate, await openCrate(withoutDocs.get(crate)!, model))
} finally {
  remove()
}
const figures: Figure[] = ROWS.flatMap(({ id }) => {
  const found = ranks.get(id)!
  const figure = (set: string, some: readonly PoolQuery[]): Figure => ({
    id: `${id}_${set}`,
    value: meanReciprocalRank(some, found).all,
    unit: 'MRR@10',
    floor: null,
    ok: true,
  })
  return [figure('sentences', sentences), figure('questions', questions)]
})
figures.push(...(await measureSpeed()))
printReport({ bench: 'search', figures, json: options.json === true })

async function measureCrate(crate: string, opened: OpenedCrate): Promise<void> {
  const items = opened.read.items.map(({ item }) => item)
  const poolIds = matchPool(opened, readPool(folder, crate))
  const graphs: Record<Row['graph'], ItemGraph | null> = {
    none: null,
    T0: await graphOfItems(opened, { steps: 0 }),
    T1: steps > 0 ? await graphOfItems(opened, { steps }) : null,
  }
  for (const { id, graph, weights } of ROWS) {
    const index = createSearchIndex(items, opened.vectors, {
      graph: graphs[graph],
      ...(weights === null ? {} : { weights, traits: OUT_OF_THE_WAY }),
    })
    for (const query of queries.filter((each) => each.crate === crate)) {
      const read = index.read(query.query)
      const hits = index.search(read, await opened.embed(read.corrected), { limit: ASKED })
      const at = new Map(items.map((item, i) => [item, i]))
      const found = [...new Set(hits.flatMap(({ item }) => poolIds[at.get(item)!] ?? []))]
      const targets = new Set(query.target_ids ?? [query.target_id])
      const rank = found.findIndex((poolId) => targets.has(poolId))
      ranks.get(id)!.set(query.query_id, rank < 0 || rank >= 10 ? Infinity : rank + 1)
    }
  }
}

async function measureSpeed(): Promise<Figure[]> {
  const unpacked = unpackCorpus(corpus!)
  try {
    const workspace = await openWorkspace(checkOut(unpacked.repositories['large-workspace']!, join(unpacked.folder, 'out')))
    const { items, vectors } = workspace
    const begin = performance.now()
    createSearchIndex(items, vectors)
    const indexSeconds = (performance.now() - begin) / 1000 + workspace.embedSeconds
    // Five thousand symbols in the order of their files.
    const some = items.slice(0, SYMBOLS)
    const values = vectors.values.subarray(0, some.length * vectors.dimensions)
    const index = createSearchIndex(some, { ...vectors, values, itemOfRow: vectors.itemOfRow.subarray(0, some.length) })
    const times = await queryTimes(index, workspace.embed)
    const at = (share: number): number => times[Math.floor(times.length * share)]!
    return [
      { id: 'query_ms_p50_at_most', value: at(0.5), unit: 'ms', floor: 1.5, ok: at(0.5) <= 1.5 },
      { id: 'query_ms_p99', value: at(0.99), unit: 'ms', floor: null, ok: true },
      { id: 'index_seconds_at_most', value: indexSeconds, unit: 's beyond parsing', floor: 3, ok: indexSeconds <= 3 },
      { id: 'index_items', value: items.length, unit: 'items', floor: null, ok: true },
    ]
  } finally {
    unpacked.remove()
  }
}

async function openWorkspace(root: string) {
  const opened = await openCrate(root, model)
  const begin = performance.now()
  await model.embedDocuments(opened.read.items.map(({ fields }) => ({ text: '', fields })))
  const embedSeconds = (performance.now() - begin) / 1000
  return { items: opened.read.items.map(({ item }) => item), vectors: opened.vectors, embed: opened.embed, embedSeconds }
}

/** Milliseconds of each query, embedding included, in rising order; the first round is for warming up. */
async function queryTimes(index: SearchIndex, embed: (query: string) => Promise<Float32Array>): Promise<number[]> {
  const times: number[] = []
  for (const round of [0, 1]) {
    for (const { query } of queries) {
      const begin = performance.now()
      const read = index.read(query)
      index.search(read, await embed(read.corrected), { limit: 10 })
      if (round === 1) times.push(performance.now() - begin)
    }
  }
  return times.sort((a, b) => a - b)
}
