import assert from 'node:assert/strict'
import { extractText } from '../../../languages/typescript/extract-text.js'
import { edgesOf, graphOfParsed } from '../graph-of.js'

describe('types without end', () => {
  it('of aliases whose parts double at each step are read no further than a limit, and what stands beside them still resolves', async () => {
    const steps = Array.from({ length: 40 }, (_, at) => `type T${at} = { a: T${at + 1}; b: T${at + 1} | Promise<T${at + 1}> }`)
    const text = [...steps, 'function run(value: T0) { value.a.b.go(); help() }', 'function help() {}'].join('\n')
    const since = performance.now()
    const edges = edgesOf(await graphOfParsed([extractText(text)]), 'calls')
    assert.deepEqual(edges, ['run -> help'])
    // Takes 30 ms; without a limit it ends in a full heap.
    assert(performance.now() - since < 2_000)
  })
})
