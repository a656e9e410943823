import { rowSums } from '../row-sums.js'
import { bucketTables, type BucketTables, type Lists } from './bucket-tables.js'

/** A part of the graph that gives the exact vectors and gradient of some nodes: they and their neighbours. */
export interface Frontier {
  /** Nodes whose rows the first layer needs: the batch in its order, then the others. */
  readonly rows: Uint32Array
  readonly batchSize: number
  readonly forward: BucketTables
  readonly backward: BucketTables | null
  /** 1 / number of neighbours, of each batch node; 0 where there is none. */
  readonly inverseDegree: Float32Array
  /** Of each row its place in the batch, `batchSize` for none. */
  readonly place: Int32Array
}

export interface Capacities {
  readonly forward: readonly number[]
  /** `null` where no gradient is asked for. */
  readonly backward: readonly number[] | null
}

/**
 * The first layer is dense because neighbour means of features are computed beforehand, so one step of neighbours is all that a
 * batch needs (graph-training.md, section 7). `row` is scratch of `nodeCount` numbers, -1 throughout; it is left so.
 */
export function frontierOf(batch: Uint32Array, neighbours: Lists, capacities: Capacities, row: Int32Array): Frontier {
  const size = batch.length
  const rows: number[] = []
  const place = (node: number): number => {
    if (row[node] === -1) row[node] = rows.push(node) - 1
    return row[node]!
  }
  for (const node of batch) place(node)
  const start = new Uint32Array(size + 1)
  const items: number[] = []
  const inverseDegree = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    const node = batch[i]!
    for (let at = neighbours.start[node]!; at < neighbours.start[node + 1]!; at++) items.push(place(neighbours.items[at]!))
    start[i + 1] = items.length
    const degree = items.length - start[i]!
    inverseDegree[i] = degree === 0 ? 0 : 1 / degree
  }
  for (const node of rows) row[node] = -1
  const lists = { start, items: Uint32Array.from(items) }
  return {
    rows: Uint32Array.from(rows),
    batchSize: size,
    forward: bucketTables(lists, capacities.forward, rows.length),
    backward: capacities.backward === null ? null : bucketTables(transpose(lists, rows.length), capacities.backward, size),
    inverseDegree,
    place: placesInBatch(rows.length, size),
  }
}

function placesInBatch(rows: number, size: number): Int32Array {
  const places = new Int32Array(rows).fill(size)
  for (let i = 0; i < size; i++) places[i] = i
  return places
}

function transpose({ start, items }: Lists, columns: number): Lists {
  const out = new Uint32Array(columns + 1)
  for (const item of items) out[item + 1]!++
  for (let column = 0; column < columns; column++) out[column + 1]! += out[column]!
  const next = out.slice()
  const back = new Uint32Array(items.length)
  for (let list = 0; list + 1 < start.length; list++) {
    for (let at = start[list]!; at < start[list + 1]!; at++) back[next[items[at]!]!++] = list
  }
  return { start: out, items: back }
}

/** Rows of `[own | mean of the neighbours']` features for the first layer. */
export function gatherRows(rows: Uint32Array, own: Float32Array, mean: Float32Array, features: number): Float32Array {
  return createGatherer(features)(rows, own, mean)
}

/**
 * `gatherRows` into one buffer, which the next call overwrites: a new one each step is memory that is in no cache, and at 50,000 nodes
 * training then takes three times as long.
 */
export function createGatherer(features: number): (rows: Uint32Array, own: Float32Array, mean: Float32Array) => Float32Array {
  let buffer = new Float32Array(0)
  return (rows, own, mean) => {
    const size = rows.length * 2 * features
    if (buffer.length < size) buffer = new Float32Array(size)
    rows.forEach((node, i) => {
      buffer.set(own.subarray(node * features, (node + 1) * features), 2 * i * features)
      buffer.set(mean.subarray(node * features, (node + 1) * features), (2 * i + 1) * features)
    })
    return buffer.subarray(0, size)
  }
}

/** Mean of the neighbours' features, zeros where there is none. `into` is filled anew where it is given. */
export function neighbourMean(lists: Lists, values: Float32Array, features: number, into = new Float32Array(values.length)): Float32Array {
  const { start, items } = lists
  const share = new Float32Array(items.length)
  for (let node = 0; node + 1 < start.length; node++) {
    const [from, to] = [start[node]!, start[node + 1]!]
    share.fill(1 / (to - from), from, to)
  }
  rowSums(lists, share, { from: values, into, columns: features })
  return into
}
