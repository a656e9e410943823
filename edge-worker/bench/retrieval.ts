/**
 * Code retrieval, measured as a stranger would: each crate's sources with documentation blanked, searched by `doctown search --root`, results
 * matched to the pool by file, name and lines (retrieval-run.ts).
 *
 *     npm run bench:retrieval -- --corpus <dir> [--text-model <dir>] [--model <dir>] [--crates a,b] [--through api] [--json]
 *
 * Doc sentences (queries.jsonl) and people's questions (questions.jsonl) at one set of weights; the same with documentation left in; beside them
 * `--through api` measures instead how the same crates, built into docpacks, answer through `doctown search <docpack>` and `GET /api/search`; `--crates`
 * keeps to some. Without it:
 * BM25, and the control over the bare pools: the same table with its vectors replaced by random ones of the same shape.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTable } from '@doctown/common/ports/embedder/table-file.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'
import { createBm25 } from './bm25.js'
import { createCrateFolders } from './crate-folders.js'
import { measurePools, rankByTable, withRandomVectors } from './retrieval-control.js'
import { runThroughDoors } from './retrieval-api.js'
import { readLines, readPool, type PoolQuery } from './retrieval-pool.js'
import { meanReciprocalRank, runSearch } from './retrieval-run.js'

const CONTROL_SEEDS = [1, 2, 3, 4, 5]
/** A style may stay this much below BM25. */
const STYLE_SLACK = 0.07

const options = benchOptions({
  bench: import.meta.url,
  required: ['corpus'],
  options: {
    corpus: { type: 'string' },
    model: { type: 'string' },
    'text-model': { type: 'string' },
    crates: { type: 'string' },
    through: { type: 'string' },
    json: { type: 'boolean' },
  },
})
const corpus = options.corpus
const folder = existsSync(join(corpus, 'retrieval')) ? join(corpus, 'retrieval') : corpus
const isAsked = ({ crate }: PoolQuery): boolean => options.crates?.split(',').includes(crate) !== false
const sentences = readLines<PoolQuery>(join(folder, 'queries.jsonl')).filter(isAsked)
const questions = readLines<PoolQuery>(join(folder, 'questions.jsonl')).filter(isAsked)
const crates = [...new Set([...sentences, ...questions].map(({ crate }) => crate))]
const pools = new Map(crates.map((crate) => [crate, readPool(folder, crate)]))

const figures: Figure[] = []
const add = (id: string, value: number, floor: number | null = null, unit = 'MRR@10'): void => {
  const ok = floor === null || (id.includes('at_most') ? value < floor : value >= floor)
  figures.push({ id, value, unit, floor, ok })
}

if (options.through !== undefined) {
  await measureDoors()
  process.exit()
}
const table = readTable(readFileSync(join(options.model ?? join(repositoryRoot(), 'common/models/small'), 'table.bin')))
const bm25 = (queries: readonly PoolQuery[]) =>
  measurePools(pools, queries, (items) =>
    createBm25(
      items.map(({ path, code_without_docs }) => `${path} ${code_without_docs}`),
      { stemmed: true },
    ),
  )
const [bm25Sentences, bm25Questions] = [bm25(sentences), bm25(questions)]
add('bm25_sentences', bm25Sentences.all)
add('bm25_questions', bm25Questions.all)
add('pool_table_sentences', measurePools(pools, sentences, rankByTable(table)).all, 0.54)
// Without its vectors the table must know no more than shared words tell. The bar is asked of the mean: one draw strays by .005.
const controls = CONTROL_SEEDS.map((seed) => measurePools(pools, sentences, rankByTable(withRandomVectors(table, seed))).all)
add('pool_random_vectors_at_most', controls.reduce((sum, value) => sum + value, 0) / controls.length, 0.18)
add('pool_random_vectors_worst', Math.max(...controls))
const begin = performance.now()
for (const items of pools.values()) rankByTable(table)(items)
add('items_per_second', ([...pools.values()].flat().length / (performance.now() - begin)) * 1000, 2000, 'items/s')

const { withDocs, withoutDocs, remove } = createCrateFolders(corpus, crates)
try {
  const run = (id: string, folders: ReadonlyMap<string, string>, args: readonly string[], floors: boolean, environment = {}): void => {
    const ranks = runSearch(folder, folders, [...sentences, ...questions], { args, environment })
    const [found, asked] = [meanReciprocalRank(sentences, ranks), meanReciprocalRank(questions, ranks)]
    const isDense = id === 'table'
    add(`${id}_sentences`, found.all, floors ? (isDense ? 0.54 : 0.6) : null)
    add(`${id}_questions`, asked.all, floors && !isDense ? 0.53 : null)
    for (const [style, value] of asked.styles)
      add(`${id}_${style}`, value, floors && !isDense ? (bm25Questions.styles.get(style) ?? 0) - STYLE_SLACK : null)
    if (id !== 'default') return
    for (const crate of crates) {
      const own = sentences.filter((query) => query.crate === crate)
      if (own.length > 0) add(`${id}_sentences_${crate}`, meanReciprocalRank(own, ranks).all)
    }
  }
  run('table', withoutDocs, ['--mode', 'dense'], true)
  run('default', withoutDocs, [], true)
  run('no_prior', withoutDocs, ['--no-prior'], false)
  run('documented', withDocs, [], false)
  if (options['text-model'] !== undefined) run('two_models', withoutDocs, [], false, { MODEL_PATH: options['text-model'] })
} finally {
  remove()
}
printReport({ bench: 'retrieval', figures, json: options.json === true })

/** Folder, docpack and API beside each other, with and without documentation. */
async function measureDoors(): Promise<void> {
  const { withDocs, withoutDocs, remove } = createCrateFolders(corpus!, crates)
  try {
    for (const [name, folders] of [
      ['without_docs', withoutDocs],
      ['with_docs', withDocs],
    ] as const) {
      const asked = [...sentences, ...questions]
      const byFolder = runSearch(folder, folders, asked)
      const doors = await runThroughDoors(folder, folders, asked)
      for (const [door, ranks] of [
        ['folder', byFolder],
        ['docpack', doors.docpack],
        ['api', doors.api],
      ] as const) {
        add(`${door}_sentences_${name}`, meanReciprocalRank(sentences, ranks).all)
        add(`${door}_questions_${name}`, meanReciprocalRank(questions, ranks).all)
      }
      add(`same_first_${name}`, doors.sameFirst, null, 'of queries, API and docpack')
      add(`overlap_10_${name}`, doors.overlap, null, 'of the ten, API and docpack')
      add(`api_ms_${name}`, doors.medianMs, null, 'ms (median over HTTP)')
    }
  } finally {
    remove()
  }
  printReport({ bench: 'retrieval', figures, json: options.json === true })
}
