import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { readLines, readPool, type PoolItem, type PoolQuery } from './retrieval-pool.js'

export interface Result {
  readonly file: string
  readonly start_line: number
  readonly end_line: number
  readonly symbol: string
}

/** Results asked for; what is no pool item is dropped from them before ranks are counted. */
export const ASKED = 20
/** A result may begin this much after the item's first line: attributes, or a visibility on a line of its own. */
const LATE_LINES = 3

/**
 * Ranks of the best target of each query, as `doctown search --root` finds it in the crate's own folder: 1 is the best, Infinity is below ten.
 * `score` is MRR@10's share of a query.
 */
export function runSearch(
  corpus: string,
  folders: ReadonlyMap<string, string>,
  queries: readonly PoolQuery[],
  options: { readonly args?: readonly string[]; readonly environment?: NodeJS.ProcessEnv } = {},
): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>()
  const temporary = mkdtempSync(join(tmpdir(), 'doctown-retrieval-'))
  try {
    for (const crate of new Set(queries.map((query) => query.crate))) {
      const root = folders.get(crate)
      if (root === undefined) throw new Error(`the corpus has no sources of ${crate}`)
      const asked = queries.filter((query) => query.crate === crate)
      const [input, output] = [join(temporary, 'in.jsonl'), join(temporary, 'out.jsonl')]
      writeFileSync(input, asked.map(({ query_id: id, query }) => `${JSON.stringify({ id, query })}\n`).join(''))
      const command = [join(repositoryRoot(), 'edge-worker/bin/doctown.mjs'), 'search', '--root', root, '--queries', input, '--out', output]
      execFileSync(process.execPath, [...command, '-k', String(ASKED), '--quiet', '--json', ...(options.args ?? [])], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, ...options.environment },
      })
      const rankOf = createRanker(readPool(corpus, crate))
      const answers = new Map(readLines<{ id: string; results: Result[] }>(output).map(({ id, results }) => [id, results]))
      for (const query of asked) ranks.set(query.query_id, rankOf(query, answers.get(query.query_id) ?? []))
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
  return ranks
}

/** The rank of a query's best target among results of its crate's pool: 1 is the best, Infinity is below ten. */
export function createRanker(pool: readonly PoolItem[]): (query: PoolQuery, results: readonly Result[]) => number {
  const find = poolFinder(pool)
  return (query, results) => {
    const targets = new Set(query.target_ids ?? [query.target_id])
    const found = new Set(results.flatMap((result) => find(result) ?? []))
    const rank = [...found].findIndex((id) => targets.has(id))
    return rank < 0 || rank >= 10 ? Infinity : rank + 1
  }
}

/** The pool item that a result shows, `null` for impls, modules, macros, tests and all else that is not in the pool. */
function poolFinder(pool: readonly PoolItem[]): (result: Result) => string | null {
  const places = new Map<string, PoolItem[]>()
  for (const item of pool) {
    const key = `${item.file} ${item.name}`
    places.set(key, [...(places.get(key) ?? []), item])
  }
  return ({ file, symbol, start_line, end_line }) => {
    const held = (places.get(`${file} ${symbol}`) ?? []).filter(({ line = 0 }) => line >= start_line - LATE_LINES && line <= end_line)
    const nearest = held.sort((a, b) => Math.abs((a.line ?? 0) - start_line) - Math.abs((b.line ?? 0) - start_line))[0]
    return nearest?.id ?? null
  }
}

/** MRR@10 of all the queries, and of each style. */
export function meanReciprocalRank(
  queries: readonly PoolQuery[],
  ranks: ReadonlyMap<string, number>,
): { all: number; styles: Map<string, number> } {
  const mean = (some: readonly PoolQuery[]): number =>
    some.reduce((sum, { query_id }) => sum + 1 / (ranks.get(query_id) ?? Infinity), 0) / Math.max(1, some.length)
  const styles = [...new Set(queries.flatMap(({ style }) => style ?? []))]
  return { all: mean(queries), styles: new Map(styles.map((style) => [style, mean(queries.filter((query) => query.style === style))])) }
}
