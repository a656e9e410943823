import assert from 'node:assert/strict'
import { uniqueSummaries } from '../../../src/stages/generate/unique-summaries.js'

describe('summaries of one docpack', () => {
  it('that are alike get the first further sentence that tells them apart', () => {
    const made = uniqueSummaries([
      { lead: 'A clone.', further: ['Written in `m`.', 'Line 1.'] },
      { lead: 'A clone.', further: ['Written in `m`.', 'Line 2.'] },
      { lead: 'Another.', further: ['Line 3.'] },
    ])
    assert.deepEqual(
      made.map(({ summary }) => summary),
      ['A clone. Line 1.', 'A clone. Line 2.', 'Another.'],
    )
  })

  it('begin with the lead and the first sentence about the graph', () => {
    assert.equal(uniqueSummaries([{ lead: 'Lead.', further: ['Calls `a`.', 'Called by `b`.', 'Line 1.'] }])[0]?.summary, 'Lead. Calls `a`.')
  })

  it('of 3,000 like symbols in 60 files are all different', () => {
    const made = uniqueSummaries(
      Array.from({ length: 3000 }, (_, at) => ({
        lead: 'Same.',
        further: ['Calls `x`.', `File ${at % 60}.`, `Line ${Math.floor(at / 60)}.`],
      })),
    )
    assert.equal(new Set(made.map(({ summary }) => summary)).size, 3000)
  })

  it('whose facts are all the same stay the same, and the search for a difference ends', () => {
    const made = uniqueSummaries([
      { lead: 'Same.', further: ['Calls `x`.'] },
      { lead: 'Same.', further: ['Calls `x`.'] },
    ])
    assert.deepEqual(
      made.map(({ summary }) => summary),
      ['Same. Calls `x`.', 'Same. Calls `x`.'],
    )
  })
})
