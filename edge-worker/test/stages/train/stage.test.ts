import type { Graph } from '@doctown/common/contracts/graph.js'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import assert from 'node:assert/strict'
import { watchEventLoop } from '@doctown/common/test/support/event-loop.js'
import { edge, groups, node } from './groups.js'
import { trainStage } from '../../../src/stages/train/stage.js'
import { stageContext } from '../context.js'

const DIMENSIONS = 128
const PORTS = { providers: ['cpu'], threads: 1 } as const

const row = (values: Float32Array, i: number): Float32Array => values.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS)
const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0)

describe('train stage', () => {
  it('puts nodes of one group nearer to each other than to those of another', async () => {
    const { structure } = await trainStage.run(groups({ count: 4, size: 20 }), stageContext(PORTS))
    let [inside, between] = [0, 0]
    for (let i = 1; i < 20; i++) {
      inside += cosine(row(structure.values, 0), row(structure.values, i))
      between += cosine(row(structure.values, 0), row(structure.values, 20 + i))
    }
    assert.ok(inside / 19 > between / 19 + 0.3, `${inside / 19} inside, ${between / 19} between`)
  })

  it('gives unit rows in the order of the nodes, and its output passes its own schema', async () => {
    const input = groups({ count: 3, size: 60 })
    const output = await trainStage.run(input, stageContext(PORTS))
    assert.equal(output.structure.rows, 180)
    assert.equal(output.structure.values.length, 180 * DIMENSIONS)
    for (let i = 0; i < 180; i++) assert.ok(Math.abs(Math.hypot(...row(output.structure.values, i)) - 1) < 1e-4)
    trainStage.output.parse(output)
  })

  it('gives the same bytes for the same seed, in a thread and inline, and others for another seed', async () => {
    for (const size of [10, 120]) {
      const input = groups({ count: 4, size })
      const [first, again, other] = [
        await trainStage.run(input, stageContext(PORTS, { seed: 1 })),
        await trainStage.run(input, stageContext(PORTS, { seed: 1 })),
        await trainStage.run(input, stageContext(PORTS, { seed: 2 })),
      ]
      assert.deepEqual(first, again)
      assert.notDeepEqual(first.structure.values, other.structure.values)
    }
  })

  it('does not depend on the order of nodes and edges', async () => {
    const { graph, textVectors } = groups({ count: 3, size: 15 })
    const straight = await trainStage.run({ graph, textVectors, steps: 0 }, stageContext(PORTS))
    const turned: Graph = { nodes: [...graph.nodes].reverse(), edges: [...graph.edges].reverse() }
    const reversed = await trainStage.run({ graph: turned, textVectors, steps: 0 }, stageContext(PORTS))
    const worst = Math.max(
      ...graph.nodes.flatMap((_, i) => {
        const back = row(reversed.structure.values, graph.nodes.length - 1 - i)
        return [...row(straight.structure.values, i)].map((value, at) => Math.abs(value - back[at]!))
      }),
    )
    assert.ok(worst <= 1e-5, `differs by ${worst}`)
  })

  it('predicts edges that it has not seen, and knows nothing when the edges are shuffled', async () => {
    const input = groups({ count: 12, size: 30 })
    const { model } = await trainStage.run(input, stageContext(PORTS))
    assert.ok(model.scores['held_out_auc']! > 0.85, `AUC ${model.scores['held_out_auc']}`)
    const random = createRandom(9)
    const ends = input.graph.nodes.map(({ id }) => id)
    const any = (): string => ends[Math.floor(random() * ends.length)]!
    const shuffled = { nodes: input.graph.nodes, edges: input.graph.edges.map(() => edge(any(), any())) }
    const control = await trainStage.run({ graph: shuffled, textVectors: input.textVectors, steps: 0 }, stageContext(PORTS))
    assert.ok(Math.abs(control.model.scores['held_out_auc']! - 0.5) < 0.1, `AUC ${control.model.scores['held_out_auc']} of shuffled edges`)
  })

  it('gives a node without text the text of its surroundings', async () => {
    const { graph, textVectors } = groups({ count: 2, size: 20 })
    textVectors.delete('g0/n000')
    const { structure } = await trainStage.run({ graph, textVectors, steps: 0 }, stageContext(PORTS))
    const half = (i: number): Float32Array => row(structure.values, i).subarray(DIMENSIONS / 2)
    assert.ok(cosine(half(0), half(1)) > cosine(half(0), half(21)) + 0.2)
  })

  it('takes any graph: empty, one node, no edges, no text, an edge to a node that is not there', async () => {
    const none = new Map<string, Float32Array>()
    assert.equal(
      (await trainStage.run({ graph: { nodes: [], edges: [] }, textVectors: none, steps: 0 }, stageContext(PORTS))).structure.values.length,
      0,
    )
    const one = await trainStage.run(
      { graph: { nodes: [node('a')], edges: [edge('a', 'a'), edge('a', 'gone')] }, textVectors: none, steps: 0 },
      stageContext(PORTS),
    )
    assert.ok(Math.abs(Math.hypot(...one.structure.values) - 1) < 1e-4)
    assert.deepEqual(one.model.scores, {})
    const nodes = Array.from({ length: 150 }, (_, i) => node(`n${i}`))
    const bare = await trainStage.run({ graph: { nodes, edges: [] }, textVectors: none, steps: 0 }, stageContext(PORTS))
    assert.ok(bare.structure.values.every(Number.isFinite))
  })

  it('leaves the event loop free and stops with the reason of the signal', async () => {
    const input = groups({ count: 40, size: 100 })
    const stop = new AbortController()
    const reason = new DoctownError('cancelled', 'stop')
    const loop = watchEventLoop()
    setTimeout(() => stop.abort(reason), 60)
    await assert.rejects(
      async () => trainStage.run(input, stageContext(PORTS, { signal: stop.signal })),
      (error) => error === reason,
    )
    const longest = loop.stop()
    // 100 ms, doubled for a busy machine.
    assert.ok(longest < 200, `the loop stood still for ${longest.toFixed(0)} ms`)
  })
})
