import { GraphBuilder, type Value } from './graph-builder.js'
import { encodeModel } from '@doctown/common/runtime/onnx-message.js'

/** Sizes of a GraphSAGE network of two layers: features, hidden units, vector. */
export interface NetworkSizes {
  readonly features: number
  readonly hidden: number
  readonly dimensions: number
}

/** One matrix or row of weights inside the flat vector that holds them all. */
interface Slot {
  readonly offset: number
  readonly rows: number
  readonly columns: number
}
type SlotName = 'w1' | 'b1' | 'self' | 'neighbour' | 'b2'

/** Where each weight lies, and how many numbers there are. The first layer reads `[own features | mean of the neighbours']`. */
export function weightSlots({ features, hidden, dimensions }: NetworkSizes): Readonly<Record<SlotName, Slot>> & { readonly size: number } {
  let size = 0
  const slot = (rows: number, columns: number): Slot => {
    const offset = size
    size += rows * columns
    return { offset, rows, columns }
  }
  const slots = {
    w1: slot(2 * features, hidden),
    b1: slot(1, hidden),
    self: slot(hidden, dimensions),
    neighbour: slot(hidden, dimensions),
    b2: slot(1, dimensions),
  }
  return { ...slots, size }
}

export interface StepShape extends NetworkSizes {
  /** Capacities of the degree buckets of neighbours, and of their transpose (see `buckets.ts`). */
  readonly forward: readonly number[]
  readonly backward: readonly number[]
  readonly element: 'float' | 'double'
}

/** 1 / temperature of the softmax (graph-training.md, section 4). */
const TAU = 10
const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
/** Decoupled weight decay. */
const DECAY = 1e-3

/**
 * One step of training as one ONNX model: forward, InfoNCE loss, gradient derived by hand, Adam (graph-training.md, section 4).
 *
 * Rows of `xa` are the batch's nodes first, in the batch's order, then their other neighbours. No scatter anywhere: sums over
 * neighbours are gathers over padded tables, so a run gives the same bits whatever the number of threads.
 *
 * Inputs: `theta`, `m`, `v` [P]; `rate`, `correct1`, `correct2` scalars (Adam's bias corrections); `xa` [R, 2F]; `f0..`, `forder`
 * tables batch <- rows, `b0..`, `border` their transpose; `degree` [M, 1] the inverse degrees; `place` [R] the row's place in the
 * batch, M for none; `positive` [M, M] weights of the positive pairs; `mask` [M, M] 0, or -1e9 for pairs that are not to be told apart.
 * Outputs: `loss`, `gradient`, `next_theta`, `next_m`, `next_v`.
 */
export function stepModel(shape: StepShape): Uint8Array {
  const g = new GraphBuilder(shape.element)
  const { size } = weightSlots(shape)
  const theta = g.input('theta', [size])
  const weights = readWeights(g, theta, shape)
  const xa = g.input('xa', ['R', 2 * shape.features])
  const degree = g.input('degree', ['M', 1])
  const forward = tableInputs(g, 'f', shape.forward)
  const backward = tableInputs(g, 'b', shape.backward)
  const place = g.input('place', ['R'], 'int32')
  const positive = g.input('positive', ['M', 'M'])
  const mask = g.input('mask', ['M', 'M'])

  // Forward.
  const p1 = g.add(g.matmul(xa, weights.w1), weights.b1)
  const h1 = g.op('Relu', [p1])
  const own = g.op('Slice', [h1, g.integers(0), g.op('Shape', [degree], { start: 0, end: 1 }), g.integers(0)])
  const sent = g.matmul(h1, weights.neighbour)
  const mean = g.multiply(gatherSum(g, sent, forward, shape.dimensions), degree)
  const z = g.add(g.add(g.matmul(own, weights.self), mean), weights.b2)
  const { unit, length } = normalise(g, z)
  const similarity = g.add(g.multiply(g.timesTransposed(unit, unit), g.scalar(TAU)), mask)
  // Similarities lie within +-TAU, so exp needs no shift by the maximum; a masked pair gives 0.
  const exp = g.op('Exp', [similarity])
  const sum = g.sumRows(exp)
  const logP = g.subtract(similarity, g.op('Log', [sum]))
  const loss = g.op('Neg', [g.sumAll(g.multiply(positive, logP))])

  // Gradient.
  const dS = g.subtract(g.multiply(g.divide(exp, sum), g.sumRows(positive)), positive)
  const dUnit = g.multiply(g.add(g.matmul(dS, unit), g.transposedTimes(dS, unit)), g.scalar(TAU))
  const dZ = g.divide(g.subtract(dUnit, g.multiply(unit, g.sumRows(g.multiply(dUnit, unit)))), length)
  const dSelf = g.transposedTimes(own, dZ)
  const dSent = gatherSum(g, g.multiply(dZ, degree), backward, shape.dimensions)
  const dNeighbour = g.transposedTimes(h1, dSent)
  const dOwn = g.timesTransposed(dZ, weights.self)
  const dOwnRows = g.gather(g.op('Concat', [dOwn, g.zeros(1, shape.hidden)], { axis: 0 }), place)
  const dH1 = g.add(dOwnRows, g.timesTransposed(dSent, weights.neighbour))
  const active = g.op('Cast', [g.op('Greater', [p1, g.scalar(0)])], { to: shape.element === 'float' ? 1 : 11 })
  const dP1 = g.multiply(dH1, active)
  const flat = [g.transposedTimes(xa, dP1), g.sumColumns(dP1), dSelf, dNeighbour, g.sumColumns(dZ)]
  const gradient = g.op(
    'Concat',
    flat.map((part) => g.op('Reshape', [part, g.integers(-1)])),
    { axis: 0 },
  )

  g.output('loss', loss, [])
  g.output('gradient', gradient, [size])
  adam(g, { theta, gradient, size })
  return encodeModel(g.build())
}

/** The network alone: inputs `theta`, `xa`, the forward tables, `degree`; output `vectors` [M, D], unit rows. */
export function encoderModel(shape: Omit<StepShape, 'backward'>): Uint8Array {
  const g = new GraphBuilder(shape.element)
  const weights = readWeights(g, g.input('theta', [weightSlots(shape).size]), shape)
  const xa = g.input('xa', ['R', 2 * shape.features])
  const degree = g.input('degree', ['M', 1])
  const forward = tableInputs(g, 'f', shape.forward)
  const h1 = g.op('Relu', [g.add(g.matmul(xa, weights.w1), weights.b1)])
  const own = g.op('Slice', [h1, g.integers(0), g.op('Shape', [degree], { start: 0, end: 1 }), g.integers(0)])
  const mean = g.multiply(gatherSum(g, g.matmul(h1, weights.neighbour), forward, shape.dimensions), degree)
  const z = g.add(g.add(g.matmul(own, weights.self), mean), weights.b2)
  g.output('vectors', normalise(g, z).unit, ['M', shape.dimensions])
  return encodeModel(g.build())
}

function readWeights(g: GraphBuilder, theta: Value, sizes: NetworkSizes): Record<SlotName, Value> {
  const slots = weightSlots(sizes)
  const read = ({ offset, rows, columns }: Slot): Value =>
    g.op('Reshape', [
      g.op('Slice', [theta, g.integers(offset), g.integers(offset + rows * columns), g.integers(0)]),
      g.integers(rows, columns),
    ])
  return { w1: read(slots.w1), b1: read(slots.b1), self: read(slots.self), neighbour: read(slots.neighbour), b2: read(slots.b2) }
}

interface Tables {
  readonly buckets: readonly Value[]
  readonly order: Value
}

function tableInputs(g: GraphBuilder, prefix: string, capacities: readonly number[]): Tables {
  const buckets = capacities.map((capacity, at) => g.input(`${prefix}${at}`, [`${prefix}rows${at}`, capacity], 'int32'))
  return { buckets, order: g.input(`${prefix}order`, [`${prefix}out`], 'int32') }
}

/** Row i of the answer is the sum of `rows[j]` over the j that the tables name for i; an index past the end is the zero row. */
function gatherSum(g: GraphBuilder, rows: Value, { buckets, order }: Tables, columns: number): Value {
  const padded = g.op('Concat', [rows, g.zeros(1, columns)], { axis: 0 })
  const sums = buckets.map((indices) => g.op('ReduceSum', [g.gather(padded, indices), g.integers(1)], { keepdims: 0 }))
  return g.gather(g.op('Concat', sums, { axis: 0 }), order)
}

function normalise(g: GraphBuilder, z: Value): { unit: Value; length: Value } {
  const length = g.op('Sqrt', [g.add(g.sumRows(g.multiply(z, z)), g.scalar(1e-12))])
  return { unit: g.divide(z, length), length }
}

/** Adam (Kingma and Ba, 2015) with decoupled decay (Loshchilov and Hutter, 2019). */
function adam(g: GraphBuilder, { theta, gradient, size }: { theta: Value; gradient: Value; size: number }): void {
  const { beta1, beta2, epsilon } = ADAM
  const rate = g.input('rate', [])
  const blend = (old: Value, fresh: Value, beta: number): Value =>
    g.add(g.multiply(old, g.scalar(beta)), g.multiply(fresh, g.scalar(1 - beta)))
  const m = blend(g.input('m', [size]), gradient, beta1)
  const v = blend(g.input('v', [size]), g.multiply(gradient, gradient), beta2)
  const spread = g.add(g.op('Sqrt', [g.multiply(v, g.input('correct2', []))]), g.scalar(epsilon))
  const step = g.add(g.divide(g.multiply(m, g.input('correct1', [])), spread), g.multiply(theta, g.scalar(DECAY)))
  g.output('next_theta', g.subtract(theta, g.multiply(step, rate)), [size])
  g.output('next_m', m, [size])
  g.output('next_v', v, [size])
}
