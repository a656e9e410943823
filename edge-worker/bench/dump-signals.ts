/**
 * The ranker's signals for every query of a retrieval set (`retrieval/` of the corpus, or training crates in its form), for fitting weights:
 *
 *     node edge-worker/dist/bench/dump-signals.js --data <dir> [--queries <file>] [--sources <dir>] [--model <dir>] [--graph] --out <file.jsonl>
 *
 * With `--sources`, which holds a folder for each crate, the crates are read as `doctown search` reads them; without, the pools themselves are indexed.
 * First line `{signals, gates, traits}`, then a line a query: `{query_id, crate, style, gates, items: [{id, target, traits, s: [...]}]}` with the
 * best 100 items by each of a few signals and every target.
 */
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SearchItem } from '@doctown/common/search/item.js'
import { traitsOf } from '@doctown/common/search/item-traits.js'
import { createSearchIndex, type SearchIndex } from '@doctown/common/search/search-index.js'
import { builtInModel, graphOfItems, openCrate } from './crate-index.js'
import { matchPool } from './match-pool.js'
import { poolIndex, readLines, readPool, type PoolItem, type PoolQuery } from './retrieval-pool.js'
import { openSignalDump } from './signal-dump.js'

interface Candidates {
  readonly index: SearchIndex
  embed(query: string): Promise<Float32Array> | Float32Array
  /** The pool item of each candidate, `null` for what is not in the pool. */
  readonly poolIds: readonly (string | null)[]
  readonly items: readonly SearchItem[]
}

const options = benchOptions({
  bench: import.meta.url,
  required: ['data', 'out'],
  options: {
    data: { type: 'string' },
    queries: { type: 'string' },
    sources: { type: 'string' },
    model: { type: 'string' },
    graph: { type: 'boolean' },
    out: { type: 'string' },
  },
})
const model = await builtInModel(options.model)
const queries = readLines<PoolQuery>(options.queries ?? join(options.data, 'queries.jsonl'))
const dump = openSignalDump(options.out, { graph: options.graph === true })
let lost = 0
for (const crate of new Set(queries.map((query) => query.crate))) {
  const pool = readPool(options.data, crate)
  const {
    index,
    embed,
    poolIds,
    items: all,
  } = options.sources === undefined ? ofPool(pool) : await ofFolder(join(options.sources, crate), pool)
  for (const query of queries.filter((each) => each.crate === crate)) {
    const read = index.read(query.query)
    const { values, gates } = index.signals(read, await embed(read.corrected))
    const targets = new Set(query.target_ids ?? [query.target_id])
    const isTarget = (i: number): boolean => targets.has(poolIds[i] ?? '')
    const found = [...poolIds.keys()].filter(isTarget)
    if (found.length === 0) lost += 1
    const items = dump.choose(values, found).map((i) => ({
      id: poolIds[i],
      target: isTarget(i) ? 1 : 0,
      traits: traitsOf(all[i]!),
      s: dump.signalsOf(values, i),
    }))
    dump.write({ query_id: query.query_id, crate, style: query.style ?? null, query: query.query, gates, items })
  }
}
dump.close()
if (lost > 0) console.error(`${lost} of ${queries.length} queries have no target among the items`)

function ofPool(pool: readonly PoolItem[]): Candidates {
  const { index, embed, items } = poolIndex(pool, readFileSync(join(options.model ?? 'common/models/small', 'table.bin')))
  return { index, embed, poolIds: pool.map(({ id }) => id), items }
}

async function ofFolder(folder: string, pool: readonly PoolItem[]): Promise<Candidates> {
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`)
  const crate = await openCrate(folder, model)
  const items = crate.read.items.map(({ item }) => item)
  const graph = options.graph === true ? await graphOfItems(crate, { steps: 0 }) : null
  return {
    index: createSearchIndex(items, crate.vectors, { graph }),
    embed: (query) => crate.embed(query),
    poolIds: matchPool(crate, pool),
    items,
  }
}
