import type { ChunkFields } from '../../contracts/chunk.js'
import type { TokenTable } from './table-file.js'
import { documentWords, queryTokens } from './table-words.js'

/**
 * Vectors by look-up:
 *
 *     document = normalise( sum over fields f of  F[f] / sqrt(n_f) * sum over distinct tokens t of  wd[t] (1 + ln tf) E[t] )
 *     query    = normalise( sum over distinct tokens t of  wq[t] E[t] )
 *
 * The documentation field weighs its tokens like a query: it is the same kind of text. Nothing here needs Node.
 */
export interface TableVectors {
  readonly dimensions: number
  /** Writes a unit vector (or zeros, when no token is known) to `into`, from `offset`. */
  document(fields: ChunkFields, into: Float32Array, offset: number): void
  query(text: string, into: Float32Array, offset: number): void
}

/** Words met so far keep their rows; names of one repository repeat all the time. */
const CACHED_WORDS = 50_000
const FIELDS = ['name', 'path', 'head', 'body', 'marks', 'docs'] as const

export function createTableVectors(table: TokenTable): TableVectors {
  const { dimensions, vectors, fieldWeights, queryWeights, documentWeights } = table
  const rowsOf = createRowFinder(table.rowOf)
  const sum = new Float64Array(dimensions)

  /** Adds one bag of tokens to `sum`. */
  function add(tokens: Iterable<string>, weights: Float32Array, fieldWeight: number | null): void {
    const counts = new Map<number, number>()
    for (const token of tokens) for (const row of rowsOf(token)) counts.set(row, (counts.get(row) ?? 0) + 1)
    if (counts.size === 0) return
    const share = fieldWeight === null ? 1 : fieldWeight / Math.sqrt(counts.size)
    for (const [row, count] of counts) {
      const factor = share * (weights[row] ?? 0) * (fieldWeight === null ? 1 : 1 + Math.log(count))
      const start = row * dimensions
      for (let i = 0; i < dimensions; i++) sum[i]! += factor * vectors[start + i]!
    }
  }

  function write(into: Float32Array, offset: number): void {
    let square = 0
    for (const value of sum) square += value * value
    const scale = square === 0 ? 0 : 1 / Math.sqrt(square)
    for (let i = 0; i < dimensions; i++) into[offset + i] = sum[i]! * scale
    sum.fill(0)
  }

  return {
    dimensions,
    document(fields, into, offset) {
      const words = documentWords(fields)
      FIELDS.forEach((field, i) => add(words[field], field === 'docs' ? queryWeights : documentWeights, fieldWeights[i] ?? 0))
      write(into, offset)
    },
    query(text, into, offset) {
      add(queryTokens(text), queryWeights, null)
      write(into, offset)
    },
  }
}

/** Rows of one token: its own; for an unknown word that of its stem, or those of its longest pieces from the left. */
function createRowFinder(rowOf: ReadonlyMap<string, number>): (token: string) => readonly number[] {
  const cache = new Map<string, readonly number[]>()
  return (token) => {
    const known = cache.get(token)
    if (known !== undefined) return known
    const row = rowOf.get(token)
    const rows = row !== undefined ? [row] : /^[a-z]+$/.test(token) ? rowsOfUnknown(token, rowOf) : []
    if (cache.size >= CACHED_WORDS) cache.clear()
    cache.set(token, rows)
    return rows
  }
}

/** Pieces shorter than this are noise. */
const SHORTEST_PIECE = 3
/** A longer "word" is data, and looking for its pieces takes quadratic time. */
const LONGEST_WORD = 64

function rowsOfUnknown(word: string, rowOf: ReadonlyMap<string, number>): number[] {
  for (const stem of stems(word)) {
    const row = stem.length >= SHORTEST_PIECE ? rowOf.get(stem) : undefined
    if (row !== undefined) return [row]
  }
  if (word.length > LONGEST_WORD) return []
  const rows: number[] = []
  let at = 0
  search: while (at < word.length) {
    for (let end = word.length; end >= at + SHORTEST_PIECE; end--) {
      const row = rowOf.get(word.slice(at, end))
      if (row === undefined) continue
      rows.push(row)
      at = end
      continue search
    }
    at++
  }
  return rows
}

function stems(word: string): string[] {
  const found: string[] = []
  if (word.endsWith('ies')) found.push(`${word.slice(0, -3)}y`)
  if (word.endsWith('es')) found.push(word.slice(0, -2))
  if (word.endsWith('s')) found.push(word.slice(0, -1))
  if (word.endsWith('ed')) found.push(word.slice(0, -2), word.slice(0, -1))
  if (word.endsWith('ing')) found.push(word.slice(0, -3), `${word.slice(0, -3)}e`)
  return found
}
