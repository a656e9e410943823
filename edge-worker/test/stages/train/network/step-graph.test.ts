import assert from 'node:assert/strict'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { createRandom, shuffled } from '@doctown/common/runtime/random.js'
import { frontierOf, gatherRows, neighbourMean, type Frontier } from '../../../../src/stages/train/network/batch.js'
import { bucketCapacities, type BucketTables } from '../../../../src/stages/train/network/bucket-tables.js'
import { neighbourLists, pairsOf } from '../../../../src/stages/train/network/pairs.js'
import { startWeights } from '../../../../src/stages/train/network/start-weights.js'
import { stepModel } from '../../../../src/stages/train/network/step-graph.js'
import { Supervision } from '../../../../src/stages/train/network/supervision.js'

type Element = 'float' | 'double'
const SIZES = { features: 6, hidden: 5, dimensions: 4 }
const NODES = 40
const OF_BATCH = 24

describe('one step of training as an ONNX graph', () => {
  it('has the gradient of its loss: float64 finite differences agree to 1e-6', async () => {
    const example = draw(1)
    const step = await session('double')
    const theta = Float64Array.from(example.theta)
    const { gradient } = await run(step, 'double', example, theta)
    const h = 1e-5
    let [difference, size] = [0, 0]
    for (let i = 0; i < theta.length; i++) {
      const moved = async (by: number): Promise<number> => {
        const other = theta.slice()
        other[i]! += by
        return (await run(step, 'double', example, other)).loss
      }
      const slope = ((await moved(h)) - (await moved(-h))) / (2 * h)
      difference += (slope - gradient[i]!) ** 2
      size += slope ** 2
    }
    await step.release()
    assert.ok(Math.sqrt(difference / size) <= 1e-6, `relative L2 error ${Math.sqrt(difference / size)}`)
  })

  it('agrees in float32 with float64', async () => {
    const example = draw(2)
    const [single, double] = [await session('float'), await session('double')]
    const a = await run(single, 'float', example, example.theta)
    const b = await run(double, 'double', example, Float64Array.from(example.theta))
    assert.ok(relative(a.gradient, b.gradient) < 1e-5, `relative L2 error ${relative(a.gradient, b.gradient)}`)
    await Promise.all([single.release(), double.release()])
  })

  it('gives a batch by its neighbours alone what it gives with every node at hand', async () => {
    const example = draw(3)
    const step = await session('float')
    const own = await run(step, 'float', example, example.theta)
    const whole = await run(step, 'float', { ...example, frontier: withAllRows(example) }, example.theta)
    assert.ok(Math.abs(own.loss - whole.loss) < 1e-5)
    assert.ok(relative(own.gradient, whole.gradient) < 1e-4, `relative L2 error ${relative(own.gradient, whole.gradient)}`)
    await step.release()
  })

  it('takes the first step of Adam in closed form, with decoupled decay', async () => {
    const example = draw(4)
    const step = await session('double')
    const theta = Float64Array.from(example.theta)
    const { gradient, next } = await run(step, 'double', example, theta)
    const worst = Math.max(
      ...Array.from(theta, (value, i) => {
        const g = gradient[i]!
        return Math.abs(next[i]! - (value - RATE * (g / (Math.abs(g) + 1e-8) + 1e-3 * value)))
      }),
    )
    // sqrt(v * 1000) with v = 0.001 g² is |g| to rounding.
    assert.ok(worst < 1e-9, `differs by ${worst}`)
    await step.release()
  })

  it('does not ask a batch for a node twice, so that no sum can meet itself', () => {
    const { frontier } = draw(5)
    assert.equal(new Set(frontier.rows).size, frontier.rows.length)
    assert.deepEqual([...frontier.place.subarray(0, OF_BATCH)], [...Array(OF_BATCH).keys()])
  })
})

const RATE = 1e-2
const CAPACITIES = { forward: bucketCapacities(NODES), backward: bucketCapacities(NODES) }

interface Example {
  readonly theta: Float32Array
  readonly features: Float32Array
  readonly mean: Float32Array
  readonly frontier: Frontier
  readonly asked: Supervision
}

function draw(seed: number): Example {
  const random = createRandom(seed)
  const node = (): number => Math.floor(random() * NODES)
  const graph = { nodeCount: NODES, sources: Uint32Array.from({ length: 150 }, node), targets: Uint32Array.from({ length: 150 }, node) }
  const pairs = pairsOf(graph, new Set())
  const order = shuffled(pairs.a.length, random)
  const half = Math.floor(order.length / 2)
  const messages = neighbourLists(pairs, order, 0, half)
  const supervised = neighbourLists(pairs, order, half, order.length)
  const features = Float32Array.from({ length: NODES * SIZES.features }, () => random() - 0.5)
  const batch = shuffled(NODES, random).slice(0, OF_BATCH)
  const scratch = new Int32Array(NODES).fill(-1)
  const asked = new Supervision(OF_BATCH)
  asked.ask(batch, { supervised, messages }, scratch)
  const frontier = frontierOf(batch, messages, CAPACITIES, scratch)
  assert.ok(scratch.every((value) => value === -1))
  const theta = startWeights(SIZES, random).map((value) => value + 0.1 * (random() - 0.5))
  return { theta, features, mean: neighbourMean(messages, features, SIZES.features), frontier, asked }
}

/** The same batch with the rows of all other nodes behind it: they must change nothing. */
function withAllRows({ frontier }: Example): Frontier {
  const there = new Set(frontier.rows)
  const others = Array.from({ length: NODES }, (_, node) => node).filter((node) => !there.has(node))
  const rows = Uint32Array.from([...frontier.rows, ...others])
  const place = Int32Array.from(rows, (_, i) => frontier.place[i] ?? frontier.batchSize)
  // Padding of the forward tables is the row past the end, which has moved.
  const moved = (tables: BucketTables): BucketTables => ({
    order: tables.order,
    buckets: tables.buckets.map((bucket) => ({
      ...bucket,
      indices: bucket.indices.map((index) => (index === frontier.rows.length ? rows.length : index)),
    })),
  })
  const backward = frontier.backward!
  const empty = backward.order.length
  // A row that nobody sends to sums the padding of the first bucket.
  const first = backward.buckets[0]!
  const padded = { ...first, rows: first.rows + 1, indices: Int32Array.from([...first.indices, frontier.batchSize, frontier.batchSize]) }
  const order = Int32Array.from({ length: rows.length }, (_, i) => {
    if (i >= empty) return first.rows
    const at = backward.order[i]!
    return at < first.rows ? at : at + 1
  })
  return {
    ...frontier,
    rows,
    place,
    forward: moved(frontier.forward),
    backward: { buckets: [padded, ...backward.buckets.slice(1)], order },
  }
}

const session = (element: Element): Promise<InferenceSession> => InferenceSession.create(stepModel({ ...SIZES, ...CAPACITIES, element }))

async function run(
  step: InferenceSession,
  element: Element,
  { frontier, features, mean, asked }: Example,
  theta: Float32Array | Float64Array,
): Promise<{ loss: number; gradient: Float64Array; next: Float64Array }> {
  const of = (values: ArrayLike<number>, shape: number[]): Tensor =>
    element === 'float' ? new Tensor('float32', Float32Array.from(values), shape) : new Tensor('float64', Float64Array.from(values), shape)
  const zeros = new Array<number>(theta.length).fill(0)
  const tables = (prefix: string, { buckets, order }: BucketTables): Record<string, Tensor> => ({
    [`${prefix}order`]: new Tensor('int32', order, [order.length]),
    ...Object.fromEntries(buckets.map((b, i) => [`${prefix}${i}`, new Tensor('int32', b.indices, [b.rows, b.capacity])])),
  })
  const size = asked.size
  const outputs = await step.run({
    theta: of(theta, [theta.length]),
    m: of(zeros, [theta.length]),
    v: of(zeros, [theta.length]),
    rate: of([RATE], []),
    correct1: of([10], []),
    correct2: of([1000], []),
    xa: of(gatherRows(frontier.rows, features, mean, SIZES.features), [frontier.rows.length, 2 * SIZES.features]),
    degree: of(frontier.inverseDegree, [size, 1]),
    place: new Tensor('int32', frontier.place, [frontier.place.length]),
    positive: of(asked.positive, [size, size]),
    mask: of(asked.mask, [size, size]),
    ...tables('f', frontier.forward),
    ...tables('b', frontier.backward!),
  })
  const numbers = (name: string): Float64Array => Float64Array.from(outputs[name]!.data as Float32Array | Float64Array)
  return { loss: numbers('loss')[0]!, gradient: numbers('gradient'), next: numbers('next_theta') }
}

function relative(a: Float64Array, b: Float64Array): number {
  let [difference, size] = [0, 0]
  b.forEach((value, i) => {
    difference += (a[i]! - value) ** 2
    size += value ** 2
  })
  return Math.sqrt(difference / size)
}
