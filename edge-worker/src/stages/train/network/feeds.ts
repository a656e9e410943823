import { Tensor } from 'onnxruntime-node'
import type { Frontier } from './batch.js'
import type { BucketTables } from './bucket-tables.js'

/** Weights and Adam's two moments, flat. */
export interface TrainingState {
  readonly theta: Float32Array
  readonly m: Float32Array
  readonly v: Float32Array
}

export const freshState = (theta: Float32Array): TrainingState => ({
  theta,
  m: new Float32Array(theta.length),
  v: new Float32Array(theta.length),
})

/** `step` counts from 1; `rate` is this step's. Corrections are Adam's for moments that began at 0. */
export function stateFeeds({ theta, m, v }: TrainingState, step: number, rate: number): Record<string, Tensor> {
  const vector = (values: Float32Array): Tensor => new Tensor('float32', values, [values.length])
  const scalar = (value: number): Tensor => new Tensor('float32', Float32Array.of(value), [])
  return {
    theta: vector(theta),
    m: vector(m),
    v: vector(v),
    rate: scalar(rate),
    correct1: scalar(1 / (1 - 0.9 ** step)),
    correct2: scalar(1 / (1 - 0.999 ** step)),
  }
}

/** What a batch's place in the graph gives the network; `place` only where a gradient is asked for. */
export function frontierFeeds(
  { rows, batchSize, forward, backward, inverseDegree, place }: Frontier,
  xa: Float32Array,
): Record<string, Tensor> {
  return {
    xa: new Tensor('float32', xa, [rows.length, xa.length / rows.length]),
    degree: new Tensor('float32', inverseDegree, [batchSize, 1]),
    ...tableFeeds('f', forward),
    ...(backward === null ? {} : { place: new Tensor('int32', place, [place.length]), ...tableFeeds('b', backward) }),
  }
}

function tableFeeds(prefix: string, { buckets, order }: BucketTables): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = { [`${prefix}order`]: new Tensor('int32', order, [order.length]) }
  buckets.forEach(({ rows, capacity, indices }, at) => (feeds[`${prefix}${at}`] = new Tensor('int32', indices, [rows, capacity])))
  return feeds
}

/** The numbers of an output, read back from wherever it lies. */
export async function floats(tensor: Tensor | undefined): Promise<Float32Array> {
  const data = await tensor?.getData()
  if (!(data instanceof Float32Array)) throw new Error('the graph gave no float output')
  return data
}
