import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createRandom } from '@doctown/common/runtime/random.js'
import type { TrainInput, TrainPorts } from '../../../../src/pipeline/stage-io.js'
import { trainStage } from '../../../../src/stages/train/stage.js'
import { stageContext } from '../../context.js'
import { edge, groups } from '../groups.js'
import { hiddenRule } from './hidden-rule.js'

const CPU: TrainPorts = { providers: ['cpu'], threads: 1 }
/** More than 500 nodes; fewer are not trained on. */
const graph = (steps: number, seed = 3): TrainInput => groups({ count: 30, size: 20, steps, seed })

describe('training the graph vectors', () => {
  it('is adopted where it beats the training-free vectors on held-out edges, and says both scores', async () => {
    const { model, structure } = await trainStage.run(hiddenRule(150), stageContext(CPU))
    const { training_free_auc: free, trained_auc: trained, held_out_auc: adopted } = model.scores
    assert.equal(model.name, 'graphsage')
    assert.ok(trained! > free!, `${trained} trained, ${free} without`)
    assert.equal(adopted, trained)
    assert.equal(structure.values.length, structure.rows * 128)
    for (let row = 0; row < structure.rows; row++) {
      assert.ok(Math.abs(Math.hypot(...structure.values.subarray(row * 128, row * 128 + 128)) - 1) < 1e-4)
    }
  })

  it('is left alone where there is nothing to learn: shuffled edges fall to chance and the training-free vectors stay when they are better', async () => {
    const input = graph(60)
    const random = createRandom(9)
    const ends = input.graph.nodes.map(({ id }) => id)
    const any = (): string => ends[Math.floor(random() * ends.length)]!
    const shuffled = { nodes: input.graph.nodes, edges: input.graph.edges.map(() => edge(any(), any())) }
    const { model } = await trainStage.run({ ...input, graph: shuffled }, stageContext(CPU))
    const { training_free_auc: free, trained_auc: trained } = model.scores
    assert.ok(Math.abs(trained! - 0.5) < 0.1, `AUC ${trained} of shuffled edges`)
    assert.equal(model.name, trained! > free! ? 'graphsage' : 'fastrp-appnp')
  })

  it('gives the same bytes for the same seed in two processes, and others for another seed', async () => {
    const digest = async (seed: number): Promise<string> => {
      const { structure } = await trainStage.run(hiddenRule(20), stageContext(CPU, { seed }))
      return createHash('sha256').update(new Uint8Array(structure.values.buffer)).digest('hex')
    }
    const elsewhere = execFileSync(process.execPath, [fileURLToPath(new URL('./digest-child.js', import.meta.url))], {
      encoding: 'utf8',
    }).trim()
    assert.equal(await digest(1), elsewhere)
    assert.notEqual(await digest(2), elsewhere)
  })

  it('falls back to the CPU when a provider is not there, and trains all the same', async () => {
    const notes: Record<string, unknown>[] = []
    const context = stageContext<TrainPorts>({ providers: ['cuda', 'cpu'], threads: 1 })
    const log = { ...context.log, info: (_: string, facts?: Record<string, unknown>) => void notes.push(facts ?? {}) }
    const { model } = await trainStage.run(graph(3), { ...context, log })
    assert.ok(model.scores['trained_auc'] !== undefined)
    const { provider, refused } = notes.at(-1) as { provider: string; refused: string[] }
    // On a machine with CUDA's files the provider is cuda and nothing was refused.
    assert.ok(provider === 'cuda' ? refused.length === 0 : provider === 'cpu' && refused[0]!.startsWith('cuda: '))
  })

  it('tells how far it is and stops with the reason of the signal between two steps', async () => {
    const stop = new AbortController()
    const reason = new DoctownError('cancelled', 'stop')
    const seen: string[] = []
    const context = stageContext(CPU, { signal: stop.signal })
    const progress = (done: number, total: number | null): void => {
      seen.push(`${done}/${total}`)
      if (done === 3) stop.abort(reason)
    }
    await assert.rejects(
      async () => trainStage.run(graph(100_000), { ...context, progress }),
      (error) => error === reason,
    )
    assert.deepEqual(seen.slice(0, 3), ['1/100000', '2/100000', '3/100000'])
  })
})
