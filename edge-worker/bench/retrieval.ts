/**
 * Doc sentence to code, with the built-in model alone, on a corpus in the form of `retrieval/` (queries.jsonl, <crate>.docs.jsonl):
 *
 *     npm run bench:retrieval -- --corpus <dir> [--model <dir>] [--questions] [--json]
 *
 * Beside it BM25 over path and code, and the control: the same table with its vectors replaced by random ones of the same shape.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readTable, type TokenTable } from '@doctown/common/ports/embedder/table-file.js'
import { createTableVectors } from '@doctown/common/ports/embedder/table-vectors.js'
import { fieldsOfText } from '@doctown/common/ports/embedder/table-words.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { createBm25 } from './bm25.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'

interface Item {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly path: string
  readonly code_without_docs: string
}
interface Query {
  readonly query_id: string
  readonly crate: string
  readonly query: string
  readonly target_id?: string
  readonly target_ids?: readonly string[]
}
/** Scores of a crate's items for one query, higher is better. */
type Ranker = (items: readonly Item[]) => (query: string) => ArrayLike<number>

const CONTROL_SEEDS = [1, 2, 3, 4, 5]

const { values: options } = parseArgs({
  options: { corpus: { type: 'string' }, model: { type: 'string' }, questions: { type: 'boolean' }, json: { type: 'boolean' } },
})
if (options.corpus === undefined) throw new Error('name the corpus: --corpus <dir>')
const folder = existsSync(join(options.corpus, 'retrieval')) ? join(options.corpus, 'retrieval') : options.corpus
const lines = <T>(file: string): T[] =>
  readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T) // files of the benchmark, whose shape its README tells
const queries = lines<Query>(options.questions === true ? 'questions.jsonl' : 'queries.jsonl')
const crates = [...new Set(queries.map(({ crate }) => crate))]
const pools = new Map(crates.map((crate) => [crate, lines<Item>(`${crate}.docs.jsonl`)]))
const table = readTable(readFileSync(join(options.model ?? join(repositoryRoot(), 'common/models/small'), 'table.bin')))

const ours = measure(rankByTable(table))
const begin = performance.now()
for (const items of pools.values()) rankByTable(table)(items)
const itemsPerSecond = ([...pools.values()].flat().length / (performance.now() - begin)) * 1000
const bm25 = measure((items) => createBm25(items.map(({ path, code_without_docs }) => `${path} ${code_without_docs}`)))
const controls = CONTROL_SEEDS.map((seed) => measure(rankByTable(withRandomVectors(table, seed))).all)
const worstControl = Math.max(...controls)

// Floors are asked of doc sentences; people's questions share more words with their answers and are measured beside.
const floor = (value: number): number | null => (options.questions === true ? null : value)
const figure = (id: string, value: number, least: number | null): Figure => ({
  id,
  value,
  unit: id.startsWith('items') ? 'items/s' : 'MRR@10',
  floor: least,
  ok: least === null || (id.includes('at_most') ? value < least : value >= least),
})
const figures: Figure[] = [
  figure('mrr10', ours.all, floor(0.3)),
  figure('mrr10_above_bm25', ours.all - bm25.all, floor(0)),
  figure('mrr10_bm25', bm25.all, null),
  // Without its vectors the table must know no more than shared words tell.
  figure('mrr10_random_vectors_at_most', worstControl, floor(0.18)),
  ...crates.map((crate) => figure(`mrr10_${crate}`, ours.byCrate.get(crate) ?? 0, null)),
  figure('items_per_second', itemsPerSecond, 2000),
]
printReport({ bench: options.questions === true ? 'retrieval-questions' : 'retrieval', figures, json: options.json === true })

/** Mean over all queries of 1/rank of the best target, 0 below rank 10; ties are won by the earlier item. */
function measure(ranker: Ranker): { all: number; byCrate: ReadonlyMap<string, number> } {
  const byCrate = new Map<string, number>()
  let total = 0
  for (const crate of crates) {
    const items = pools.get(crate)!
    const score = ranker(items)
    const asked = queries.filter((query) => query.crate === crate)
    let sum = 0
    for (const { query, target_id, target_ids } of asked) {
      const scores = score(query)
      const targets = new Set(target_ids ?? [target_id])
      const ranks = items.flatMap(({ id }, i) => (targets.has(id) ? [rankOf(scores, i)] : []))
      const best = Math.min(...ranks)
      if (best <= 10) sum += 1 / best
    }
    byCrate.set(crate, sum / asked.length)
    total += sum
  }
  return { all: total / queries.length, byCrate }
}

function rankOf(scores: ArrayLike<number>, target: number): number {
  // An item that shares nothing with the query is not an answer.
  if (scores[target] === 0) return Infinity
  let rank = 1
  for (let i = 0; i < scores.length; i++) if (scores[i]! > scores[target]! || (scores[i] === scores[target] && i < target)) rank++
  return rank
}

function rankByTable(tokens: TokenTable): Ranker {
  const vectors = createTableVectors(tokens)
  const width = vectors.dimensions
  return (items) => {
    const documents = new Float32Array(items.length * width)
    items.forEach(({ name, kind, path, code_without_docs }, i) => {
      const container = path.split('::').slice(0, -1).join('::')
      vectors.document({ ...fieldsOfText(code_without_docs), name, path: container, marks: [`kind:${kind}`] }, documents, i * width)
    })
    const query = new Float32Array(width)
    return (text) => {
      vectors.query(text, query, 0)
      return items.map((_, item) => {
        let sum = 0
        for (let i = 0; i < width; i++) sum += query[i]! * documents[item * width + i]!
        return sum
      })
    }
  }
}

function withRandomVectors(tokens: TokenTable, seed: number): TokenTable {
  const random = createRandom(seed)
  return { ...tokens, vectors: Int8Array.from(tokens.vectors, () => Math.floor(random() * 255) - 127) }
}
