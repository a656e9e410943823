import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTable } from '@doctown/common/ports/embedder/table-file.js'
import { createTableVectors } from '@doctown/common/ports/embedder/table-vectors.js'
import { fieldsOfText } from '@doctown/common/ports/embedder/table-words.js'
import type { SearchItem } from '@doctown/common/search/item.js'
import type { RankingWeights } from '@doctown/common/search/ranking-weights.js'
import { createSearchIndex, type SearchIndex } from '@doctown/common/search/search-index.js'

/** One item of a retrieval set's pool; `timpl` only where the set tells it. */
export interface PoolItem {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly path: string
  readonly file?: string
  readonly line?: number
  readonly public: boolean
  readonly timpl?: boolean
  readonly code_without_docs: string
}
export interface PoolQuery {
  readonly query_id: string
  readonly crate: string
  readonly style?: string
  readonly query: string
  readonly target_id?: string
  readonly target_ids?: readonly string[]
}

/** A JSONL file whose shape the set's README tells. */
export const readLines = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)

export const readPool = (folder: string, crate: string): PoolItem[] => readLines<PoolItem>(join(folder, `${crate}.docs.jsonl`))

/** The product's index over a pool, and its model for queries. */
export function poolIndex(
  pool: readonly PoolItem[],
  table: Uint8Array,
  weights?: RankingWeights,
): { readonly index: SearchIndex; readonly embed: (query: string) => Float32Array; readonly items: readonly SearchItem[] } {
  const vectors = createTableVectors(readTable(table))
  const { dimensions } = vectors
  const values = new Float32Array(pool.length * dimensions)
  const items = pool.map((item, i): SearchItem => {
    const { head, body } = fieldsOfText(item.code_without_docs)
    const path = item.path.split('::').slice(0, -1).join('::')
    vectors.document({ name: item.name, path, head, body, docs: '', marks: [`kind:${item.kind}`] }, values, i * dimensions)
    return {
      symbol_id: item.id,
      name: item.name,
      symbol_type: item.kind === 'fn' ? 'function' : item.kind === 'type' ? 'type_alias' : item.kind,
      path,
      file: item.file ?? 'src/lib.rs',
      start_line: item.line ?? 1,
      end_line: item.line ?? 1,
      public: item.public,
      test: false,
      implementation: item.timpl === true,
      head,
      body,
      docs: '',
    }
  })
  const itemOfRow = Int32Array.from(items, (_, i) => i)
  return {
    items,
    index: createSearchIndex(items, { dimensions, values, itemOfRow }, { weights }),
    embed: (query) => {
      const vector = new Float32Array(dimensions)
      vectors.query(query, vector, 0)
      return vector
    },
  }
}
