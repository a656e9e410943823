/** Named vectors of points in plain memory, searched exactly. 50,000 x 384: about 40 ms a query on one thread (dependencies.md, section 7). */
export interface TablePoint<Payload> {
  readonly id: string
  readonly vectors: Readonly<Record<string, Float32Array | undefined>>
  readonly payload: Payload
}

export interface TableHit<Payload> {
  readonly id: string
  readonly score: number
  readonly payload: Payload
}

/** One matrix a vector name; a point has the same row in each. Rows of removed points are used again. */
export class VectorTable<Payload> {
  readonly #columns = new Map<string, Column>()
  readonly #rows = new Map<string, number>()
  readonly #ids: (string | undefined)[] = []
  readonly #payloads: (Payload | undefined)[] = []
  readonly #free: number[] = []

  #version = 0

  /** Another after every change of points. */
  get version(): number {
    return this.#version
  }

  get size(): number {
    return this.#rows.size
  }

  dimensions(name: string): number | undefined {
    return this.#columns.get(name)?.dimensions
  }

  /** Nothing when the name is there already. */
  addColumn(name: string, dimensions: number): void {
    if (!this.#columns.has(name)) this.#columns.set(name, new Column(dimensions))
  }

  /** Every vector's name must be a column and its length the column's. */
  set(point: TablePoint<Payload>): void {
    this.#version += 1
    const row = this.#rows.get(point.id) ?? this.#free.pop() ?? this.#ids.length
    this.#rows.set(point.id, row)
    this.#ids[row] = point.id
    this.#payloads[row] = point.payload
    for (const [name, column] of this.#columns) column.set(row, point.vectors[name])
  }

  count(accepts: (payload: Payload) => boolean): number {
    let count = 0
    for (const payload of this.#payloads) if (payload !== undefined && accepts(payload)) count += 1
    return count
  }

  /** Gives the number of points removed. */
  remove(accepts: (payload: Payload) => boolean): number {
    let removed = 0
    this.#version += 1
    for (const [row, payload] of this.#payloads.entries()) {
      const id = this.#ids[row]
      if (payload === undefined || id === undefined || !accepts(payload)) continue
      this.#rows.delete(id)
      this.#ids[row] = undefined
      this.#payloads[row] = undefined
      this.#free.push(row)
      removed += 1
    }
    return removed
  }

  *payloads(): Generator<Payload> {
    for (const payload of this.#payloads) if (payload !== undefined) yield payload
  }

  /** `undefined` where there is no such point, or it has no such vector. */
  cosine(name: string, id: string, values: Float32Array): number | undefined {
    const column = this.#columns.get(name)
    const row = this.#rows.get(id)
    if (column === undefined || row === undefined || !column.has(row)) return undefined
    return column.cosine(row, values, norm(values, 0, values.length))
  }

  /** In the order of rows, which is no promise. The vectors are views, good until the next change. */
  *points(): Generator<TablePoint<Payload>> {
    for (const [id, row] of this.#rows) {
      const vectors = Object.fromEntries([...this.#columns].map(([name, column]) => [name, column.get(row)]))
      // Every row of the map holds a payload: set() writes both.
      yield { id, vectors, payload: this.#payloads[row] as Payload }
    }
  }

  /** Best first by a score of the payload's, equal scores by id; what scores nothing is not found. */
  best(limit: number, score: (payload: Payload) => number): TableHit<Payload>[] {
    const hits: TableHit<Payload>[] = []
    for (const [row, payload] of this.#payloads.entries()) {
      const id = this.#ids[row]
      const value = payload === undefined ? 0 : score(payload)
      if (payload !== undefined && id !== undefined && value > 0) hits.push({ id, score: value, payload })
    }
    return hits.sort((a, b) => (isBetter(a.score, a.id, b) ? -1 : 1)).slice(0, limit)
  }

  /** Best first by cosine, equal scores by id. `values` has the column's dimensions. */
  search(name: string, values: Float32Array, limit: number, accepts: (payload: Payload) => boolean): TableHit<Payload>[] {
    const column = this.#columns.get(name)
    if (column === undefined || limit <= 0) return []
    const queryNorm = norm(values, 0, values.length)
    const best: TableHit<Payload>[] = []
    for (const [row, payload] of this.#payloads.entries()) {
      const id = this.#ids[row]
      if (payload === undefined || id === undefined || !column.has(row) || !accepts(payload)) continue
      const score = column.cosine(row, values, queryNorm)
      const last = best[best.length - 1]
      if (best.length >= limit && last !== undefined && !isBetter(score, id, last)) continue
      best.splice(placeFor(best, score, id), 0, { id, score, payload })
      if (best.length > limit) best.pop()
    }
    return best
  }
}

const isBetter = (score: number, id: string, than: { score: number; id: string }): boolean =>
  score !== than.score ? score > than.score : id < than.id

/** Binary search for the first hit that is not better. */
function placeFor(best: readonly { score: number; id: string }[], score: number, id: string): number {
  let low = 0
  let high = best.length
  while (low < high) {
    const middle = (low + high) >> 1
    const hit = best[middle]
    if (hit !== undefined && isBetter(hit.score, hit.id, { score, id })) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows of one length, and which of them are there. A norm of -1 says "no vector". */
class Column {
  #values: Float32Array
  #norms: Float64Array

  constructor(readonly dimensions: number) {
    this.#values = new Float32Array(0)
    this.#norms = new Float64Array(0)
  }

  has(row: number): boolean {
    return (this.#norms[row] ?? -1) >= 0
  }

  get(row: number): Float32Array | undefined {
    return this.has(row) ? this.#values.subarray(row * this.dimensions, (row + 1) * this.dimensions) : undefined
  }

  set(row: number, vector: Float32Array | undefined): void {
    if (row >= this.#norms.length) this.#grow(row + 1)
    if (vector !== undefined) this.#values.set(vector, row * this.dimensions)
    this.#norms[row] = vector === undefined ? -1 : norm(vector, 0, this.dimensions)
  }

  cosine(row: number, query: Float32Array, queryNorm: number): number {
    const scale = (this.#norms[row] ?? 0) * queryNorm
    return scale === 0 ? 0 : dot(this.#values, row * this.dimensions, query) / scale
  }

  #grow(rows: number): void {
    const capacity = Math.max(64, rows, Math.ceil(this.#norms.length * 1.5))
    const values = new Float32Array(capacity * this.dimensions)
    values.set(this.#values)
    const norms = new Float64Array(capacity).fill(-1)
    norms.set(this.#norms)
    this.#values = values
    this.#norms = norms
  }
}

/** Four sums side by side: a fixed order, so that equal bytes give equal scores, and faster than one. */
function dot(rows: Float32Array, start: number, query: Float32Array): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let index = 0
  // Inside both arrays by construction; the checked read would cost half of the speed.
  for (; index + 3 < query.length; index += 4) {
    a += rows[start + index]! * query[index]!
    b += rows[start + index + 1]! * query[index + 1]!
    c += rows[start + index + 2]! * query[index + 2]!
    d += rows[start + index + 3]! * query[index + 3]!
  }
  for (; index < query.length; index += 1) a += rows[start + index]! * query[index]!
  return a + b + c + d
}

function norm(values: Float32Array, start: number, length: number): number {
  const view = values.subarray(start, start + length)
  return Math.sqrt(dot(view, 0, view))
}
