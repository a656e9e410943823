import assert from 'node:assert/strict'
import { splitFirstSentence } from '../../../src/stages/generate/comment/first-sentence.js'

/** `|` marks where the first sentence ends. */
const CASES: readonly string[] = [
  'Opens a file.| It must exist.',
  'Opens a file, e.g. Foo, or one like it, i.e. Bar.| Then closes it.',
  'Works since version 1.2.3 of the format.| Later ones differ.',
  'Reads `a. B` as one name.| Next.',
  'Cuts the text (see above. There it is) in two.| Done.',
  'Returns an interval [0, 1).| It is half open.',
  'Never ends (because the bracket is open.| Second.',
  'Is it empty?| It may be.',
  'Stops at once!| Really.',
  'Files, pipes, etc.| Everything else fails.',
  'Files, etc. are closed.| Then.',
  'Uses the algorithm of J. Doe and A. B. Smith.| It is fast.',
  'See item No. 5 for more.| End.',
  'Answers no.| Always.',
  'A name such as tokio.rs is kept.| Yes.',
  'Waits...| Then goes on.',
  'Says "Stop."| Then it stops.',
  'No full stop here|',
  'Ends before code.| `next` follows.',
  '文を返します。|次の文。',
  'Since 1.0. of the API|',
]

describe('the first sentence of a comment', () => {
  for (const marked of CASES) {
    it(`ends at the bar in "${marked}"`, () => {
      const [first = '', rest = ''] = marked.split('|')
      assert.deepEqual(splitFirstSentence(marked.replace('|', '')), { first, rest: rest.trim() })
    })
  }

  it('is cut at a word when a paragraph of 5,000 characters has no full stop', () => {
    const { first, rest } = splitFirstSentence('word '.repeat(1000))
    assert.ok(first.length < 620)
    assert.match(first, /word \.\.\.$/)
    assert.ok(rest.startsWith('word'))
  })
})
