import { createRandom } from '@doctown/common/runtime/random.js'
import assert from 'node:assert/strict'
import { toStructureInput } from '../../../src/stages/train/structure-input.js'
import { edge, node } from './groups.js'

describe('the input of the structure vectors', () => {
  it('keeps parallel edges apart and drops loops and edges to nowhere', () => {
    const edges = [edge('b', 'a'), edge('a', 'b'), edge('a', 'b'), edge('a', 'a'), edge('a', 'gone'), edge('gone', 'b')]
    const input = toStructureInput({ nodes: ['a', 'b'].map(node), edges }, new Map([['b', Float32Array.of(1, 2)]]))
    assert.deepEqual([[...input.sources], [...input.targets]], [[1, 0, 0], [0, 1, 1]]) // prettier-ignore
    assert.deepEqual([...input.text], [0, 0, 1, 2])
    // The thread is given the whole buffer.
    assert.equal(input.sources.buffer.byteLength, 12)
  })

  it('holds texts less what all have in common', () => {
    const nodes = ['a', 'b', 'c'].map(node)
    const texts = new Map([['a', Float32Array.of(3, 1)], ['c', Float32Array.of(1, 2)]]) // prettier-ignore
    assert.deepEqual([...toStructureInput({ nodes, edges: [] }, texts).text], [1, -0.5, 0, 0, -1, 0.5])
    assert.deepEqual([...texts.get('a')!], [3, 1])
  })

  it('holds texts of a large graph in fewer dimensions, in which near ones stay near', () => {
    const random = createRandom(6)
    const nodes = Array.from({ length: 50_001 }, (_, i) => node(`n${i}`))
    const texts = new Map(nodes.slice(0, 200).map(({ id }) => [id, Float32Array.from({ length: 256 }, () => random() - 0.5)]))
    texts.set(
      'n50000',
      texts.get('n0')!.map((value) => value + 0.2 * (random() - 0.5)),
    )
    const input = toStructureInput({ nodes, edges: [] }, texts)
    assert.equal(input.textDimensions, 96)
    assert.equal(input.text.length, 96 * nodes.length)
    const row = (i: number): Float32Array => input.text.subarray(96 * i, 96 * (i + 1))
    const cosine = (a: Float32Array, b: Float32Array): number =>
      a.reduce((sum, value, i) => sum + value * b[i]!, 0) / Math.hypot(...a) / Math.hypot(...b)
    assert.ok(cosine(row(0), row(50_000)) > 0.9)
    assert.ok(Math.abs(cosine(row(1), row(50_000))) < 0.4)
    assert.ok(row(300).every((value) => value === 0))
  })
})
