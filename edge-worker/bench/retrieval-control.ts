import type { TokenTable } from '@doctown/common/ports/embedder/table-file.js'
import { createTableVectors } from '@doctown/common/ports/embedder/table-vectors.js'
import { fieldsOfText } from '@doctown/common/ports/embedder/table-words.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import type { PoolItem, PoolQuery } from './retrieval-pool.js'
import { meanReciprocalRank } from './retrieval-run.js'

/** Scores of a pool's items for one query, higher is better. */
export type PoolRanker = (items: readonly PoolItem[]) => (query: string) => ArrayLike<number>

/** MRR@10 over the bare pools; ties are won by the earlier item. */
export function measurePools(
  pools: ReadonlyMap<string, readonly PoolItem[]>,
  queries: readonly PoolQuery[],
  ranker: PoolRanker,
): ReturnType<typeof meanReciprocalRank> {
  const ranks = new Map<string, number>()
  for (const [crate, items] of pools) {
    const asked = queries.filter((query) => query.crate === crate)
    if (asked.length === 0) continue
    const score = ranker(items)
    for (const { query_id, query, target_id, target_ids } of asked) {
      const scores = score(query)
      const targets = new Set(target_ids ?? [target_id])
      const rank = Math.min(...items.flatMap(({ id }, i) => (targets.has(id) ? [rankOf(scores, i)] : [])))
      ranks.set(query_id, rank <= 10 ? rank : Infinity)
    }
  }
  return meanReciprocalRank(queries, ranks)
}

function rankOf(scores: ArrayLike<number>, target: number): number {
  // An item that shares nothing with the query is not an answer.
  if (scores[target] === 0) return Infinity
  let rank = 1
  for (let i = 0; i < scores.length; i++) if (scores[i]! > scores[target]! || (scores[i] === scores[target] && i < target)) rank++
  return rank
}

export function rankByTable(tokens: TokenTable): PoolRanker {
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

export function withRandomVectors(tokens: TokenTable, seed: number): TokenTable {
  const random = createRandom(seed)
  return { ...tokens, vectors: Int8Array.from(tokens.vectors, () => Math.floor(random() * 255) - 127) }
}
