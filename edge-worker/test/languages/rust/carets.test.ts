import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { readCarets, renderCarets } from '../carets.js'
import { extractText } from './extract-text.js'

const FOLDER = join(repositoryRoot(), 'edge-worker/test/languages/rust/carets')

/** Set to 1 to write the carets anew; then read the diff as a person would. */
const UPDATE = process.env.UPDATE_CARETS === '1'

describe('what is read of a Rust file', () => {
  for (const name of readdirSync(FOLDER).filter((entry) => entry.endsWith('.txt'))) {
    it(`is what stands under the carets of ${name}`, () => {
      const expected = readFileSync(join(FOLDER, name), 'utf8')
      const { file, text } = readCarets(expected)
      const actual = renderCarets(extractText(text, file))
      if (UPDATE) writeFileSync(join(FOLDER, name), actual)
      else assert.equal(actual, expected)
    })
  }
})
