import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { readCarets, renderCarets } from './carets.js'

/** Set to 1 to write the carets anew; then read the diff as a person would. */
const UPDATE = process.env.UPDATE_CARETS === '1'

/** The reading tests of one language: each `carets/*.txt` of its folder. */
export function caretTests(language: string, folder: string, extract: (text: string, file: string) => ParsedFile): void {
  const carets = join(repositoryRoot(), 'edge-worker/test/languages', folder, 'carets')
  describe(`what is read of a ${language} file`, () => {
    for (const name of readdirSync(carets).filter((entry) => entry.endsWith('.txt'))) {
      it(`is what stands under the carets of ${name}`, () => {
        const expected = readFileSync(join(carets, name), 'utf8')
        const { file, text } = readCarets(expected)
        const actual = renderCarets(extract(text, file))
        if (UPDATE) writeFileSync(join(carets, name), actual)
        else assert.equal(actual, expected)
      })
    }
  })
}
