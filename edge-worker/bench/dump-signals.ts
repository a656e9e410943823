/**
 * The ranker's signals for every query of a retrieval set (`retrieval/` of the corpus, or training crates in its form), for fitting weights:
 *
 *     node edge-worker/dist/bench/dump-signals.js --data <dir> [--queries <file>] [--model <dir>] --out <file.jsonl>
 *
 * First line `{signals, gates}`, then a line a query: `{query_id, crate, style, gates, items: [{id, target, s: [...]}]}` with the
 * best 200 items by each of a few signals and every target.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { GATES } from '@doctown/common/search/query-gates.js'
import { best } from '@doctown/common/search/search-index.js'
import { SIGNALS, type Signal } from '@doctown/common/search/signals.js'
import { poolIndex, readLines, readPool, type PoolQuery } from './retrieval-pool.js'

const TOP = 200
const CHOSEN_BY: readonly Signal[] = ['dense', 'bm25', 'bm25f', 'name_close', 'name_share', 'literal', 'coverage']

const { values: options } = parseArgs({
  options: { data: { type: 'string' }, queries: { type: 'string' }, model: { type: 'string' }, out: { type: 'string' } },
})
if (options.data === undefined || options.out === undefined) throw new Error('name the data and the file: --data <dir> --out <file>')
const queries = readLines<PoolQuery>(options.queries ?? join(options.data, 'queries.jsonl'))
const file = openSync(options.out, 'w')
writeSync(file, `${JSON.stringify({ signals: SIGNALS, gates: GATES })}\n`)
for (const crate of new Set(queries.map((query) => query.crate))) {
  const pool = readPool(options.data, crate)
  const { index, embed } = poolIndex(pool, readFileSync(join(options.model ?? 'common/models/small', 'table.bin')))
  for (const query of queries.filter((each) => each.crate === crate)) {
    const read = index.read(query.query)
    const { values, gates } = index.signals(read, embed(read.corrected))
    const targets = new Set(query.target_ids ?? [query.target_id])
    const chosen = new Set(pool.flatMap(({ id }, i) => (targets.has(id) ? [i] : [])))
    for (const signal of CHOSEN_BY) for (const i of best(values[signal], TOP)) chosen.add(i)
    const items = [...chosen].map((i) => ({
      id: pool[i]!.id,
      target: targets.has(pool[i]!.id) ? 1 : 0,
      s: SIGNALS.map((signal) => Number(values[signal][i]!.toFixed(4))),
    }))
    writeSync(
      file,
      `${JSON.stringify({ query_id: query.query_id, crate, style: query.style ?? null, query: query.query, gates, items })}\n`,
    )
  }
}
closeSync(file)
