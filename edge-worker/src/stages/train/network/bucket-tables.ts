/** Lists of numbers, row after row: row i holds `items[start[i]]` up to `items[start[i + 1]]`. */
export interface Lists {
  readonly start: Uint32Array
  readonly items: Uint32Array
}

/**
 * Neighbours in rectangles, so that their sum is a gather and a sum: no scatter, whose parallel additions lose updates
 * (graph-training.md, section 3). Rows are sorted into buckets by length; a place that is not used holds `padding`.
 */
export interface BucketTables {
  /** One rectangle a capacity, `rows * capacity` numbers; an unused bucket has one row of padding. */
  readonly buckets: readonly { readonly rows: number; readonly capacity: number; readonly indices: Int32Array }[]
  /** Where each list's sum stands among those of all buckets. */
  readonly order: Int32Array
}

/** 2, 4, .. 64, then by fours; as few as the longest list needs. */
export function bucketCapacities(longest: number): number[] {
  const capacities = [2]
  for (let last = 2; last < longest; capacities.push(last)) last *= last < 64 ? 2 : 4
  return capacities
}

/** Throws a RangeError when a list is longer than the last capacity. */
export function bucketTables({ start, items }: Lists, capacities: readonly number[], padding: number): BucketTables {
  const count = start.length - 1
  const bucketOf = new Uint8Array(count)
  const rows = new Uint32Array(capacities.length)
  for (let list = 0; list < count; list++) {
    const length = start[list + 1]! - start[list]!
    const bucket = capacities.findIndex((capacity) => capacity >= length)
    if (bucket === -1) throw new RangeError(`a list of ${length} has no bucket`)
    bucketOf[list] = bucket
    rows[bucket]!++
  }
  const buckets = capacities.map((capacity, at) => {
    const used = Math.max(1, rows[at]!)
    return { rows: used, capacity, indices: new Int32Array(used * capacity).fill(padding) }
  })
  const first: number[] = []
  let total = 0
  for (const bucket of buckets) {
    first.push(total)
    total += bucket.rows
  }
  const next = new Uint32Array(capacities.length)
  const order = new Int32Array(count)
  for (let list = 0; list < count; list++) {
    const at = bucketOf[list]!
    const { capacity, indices } = buckets[at]!
    const row = next[at]!++
    order[list] = first[at]! + row
    for (let i = start[list]!, to = row * capacity; i < start[list + 1]!; i++, to++) indices[to] = items[i]!
  }
  return { buckets, order }
}
