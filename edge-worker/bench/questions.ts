/**
 * Search over whole repositories of any language, documentation and tests left in, as people have them:
 *
 *     npm run bench:questions -- --questions <dir> --repositories <dir> [--only <name>] [--dump <file> [--graph]] [--json]
 *
 * `--questions` holds `<name>.jsonl` with a line a query, `{id, repo, language, style, query, targets: [{file, line, symbol, grade}]}`, grade 2 for what answers
 * and 1 for what belongs to the answer; `--repositories` a folder `<name>` each. NDCG@10 over files (a file counts where its first result stands, of fifty results and
 * of ten) and MRR@10 of the first right symbol, for the default search, words alone (BM25) and vectors alone. `--dump` writes the ranker's signals, as dump-signals.ts does,
 * with `--graph` those of the graph too.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SearchItem } from '@doctown/common/search/item.js'
import { traitsOf } from '@doctown/common/search/item-traits.js'
import { createSearchIndex, type SearchMode } from '@doctown/common/search/search-index.js'
import { benchOptions } from '@doctown/common/test/support/bench-options.js'
import { printReport, type Figure } from '@doctown/common/test/support/bench-report.js'
import { builtInModel, graphOfItems, openCrate } from './crate-index.js'
import { readLines } from './retrieval-pool.js'
import { openSignalDump } from './signal-dump.js'

interface Target {
  readonly file: string
  readonly line: number
  readonly symbol: string
  readonly grade: number
}
interface Question {
  readonly id: string
  readonly repo: string
  readonly language: string
  readonly style: string
  readonly query: string
  readonly targets: readonly Target[]
}

const MODES: readonly SearchMode[] = ['default', 'bm25', 'dense']
/** Results asked for, before files that came already are dropped. */
const ASKED = 50

const options = benchOptions({
  bench: import.meta.url,
  required: ['questions', 'repositories'],
  options: {
    questions: { type: 'string' },
    repositories: { type: 'string' },
    only: { type: 'string' },
    dump: { type: 'string' },
    graph: { type: 'boolean' },
    json: { type: 'boolean' },
  },
})
const model = await builtInModel()
const scores: { question: Question; mode: SearchMode; files: number; filesOfTen: number; symbol: number }[] = []
const dump = options.dump === undefined ? null : openSignalDump(options.dump, { graph: options.graph === true })
for (const name of readdirSync(options.questions).sort()) {
  if (!name.endsWith('.jsonl') || (options.only !== undefined && name !== `${options.only}.jsonl`)) continue
  await measure(readLines<Question>(join(options.questions, name)))
}
dump?.close()

const figures: Figure[] = []
for (const mode of MODES) {
  const of = scores.filter((score) => score.mode === mode)
  const add = (label: string, some: typeof of): void => {
    const mean = (value: (score: (typeof of)[number]) => number): number => some.reduce((sum, score) => sum + value(score), 0) / some.length
    figures.push({ id: `${mode}_files${label}`, value: mean(({ files }) => files), unit: 'NDCG@10', floor: null, ok: true })
    if (mode !== 'default') return
    figures.push({
      id: `${mode}_files_of_ten${label}`,
      value: mean(({ filesOfTen }) => filesOfTen),
      unit: 'NDCG@10',
      floor: null,
      ok: true,
    })
    figures.push({ id: `${mode}_symbols${label}`, value: mean(({ symbol }) => symbol), unit: 'MRR@10', floor: null, ok: true })
  }
  add('', of)
  for (const key of ['style', 'language', 'repo'] as const) {
    if (mode !== 'default' && key === 'repo') continue
    for (const value of new Set(of.map(({ question }) => question[key])))
      add(
        `_${value}`,
        of.filter(({ question }) => question[key] === value),
      )
  }
}
printReport({ bench: 'questions', figures, json: options.json === true })

async function measure(questions: readonly Question[]): Promise<void> {
  const opened = await openCrate(join(options.repositories, questions[0]!.repo), model)
  const items = opened.read.items.map(({ item }) => item)
  const graph = options.graph === true ? await graphOfItems(opened, null) : null
  const index = createSearchIndex(items, opened.vectors, { graph })
  for (const question of questions) {
    const read = index.read(question.query)
    const vector = await opened.embed(read.corrected)
    for (const mode of MODES) {
      const hits = index.search(read, vector, { limit: ASKED, mode })
      const filesOf = (count: number): string[] => [...new Set(hits.slice(0, count).map(({ item }) => item.file))]
      const first = hits.slice(0, 10).findIndex(({ item }) => gradeOf(item, question) > 0)
      scores.push({
        question,
        mode,
        files: ndcg(filesOf(ASKED), question),
        filesOfTen: ndcg(filesOf(10), question),
        symbol: first < 0 ? 0 : 1 / (first + 1),
      })
    }
    if (dump === null) continue
    const { values, gates } = index.signals(read, vector)
    const targets = items.flatMap((item, i) => (gradeOf(item, question) > 0 ? [i] : []))
    const rows = dump.choose(values, targets).map((i) => ({
      id: items[i]!.symbol_id,
      target: gradeOf(items[i]!, question),
      traits: traitsOf(items[i]!),
      file: items[i]!.file,
      lines: [items[i]!.start_line, items[i]!.end_line],
      s: dump.signalsOf(values, i),
    }))
    const { id: query_id, repo: crate, style, query, language } = question
    dump.write({ query_id, crate, language, style, query, targets: question.targets, gates, items: rows })
  }
}

/** An item is a target where it is the symbol itself; what only holds the line is none. */
function gradeOf(item: SearchItem, { targets }: Question): number {
  const found = targets.filter(
    ({ file, line, symbol }) =>
      item.file === file && line >= item.start_line && line <= item.end_line && item.name === (symbol.split(/[.:#]+/).at(-1) ?? symbol),
  )
  return Math.max(0, ...found.map(({ grade }) => grade))
}

/** Gain of a file is the best grade in it; discounted by log2 of the rank + 1 (Järvelin and Kekäläinen, 2002), by the best order there is. */
function ndcg(files: readonly string[], { targets }: Question): number {
  const grades = new Map<string, number>()
  for (const { file, grade } of targets) grades.set(file, Math.max(grade, grades.get(file) ?? 0))
  const gain = (list: readonly number[]): number => list.slice(0, 10).reduce((sum, grade, at) => sum + grade / Math.log2(at + 2), 0)
  return gain(files.map((file) => grades.get(file) ?? 0)) / gain([...grades.values()].sort((a, b) => b - a))
}
