import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import Parser from 'tree-sitter'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { LANGUAGES, languageByName, languagesByEnding } from '../../src/languages/languages.js'

const ROOT = join(repositoryRoot(), 'edge-worker')

describe('the languages', () => {
  it('are as many as their folders, and each has a reading test', () => {
    // `ecmascript/` is what two languages share, and none itself.
    const folders = readdirSync(join(ROOT, 'src/languages'), { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && existsSync(join(ROOT, 'src/languages', entry.name, 'language.ts')),
    )
    assert.equal(LANGUAGES.length, folders.length)
    for (const { name } of folders) {
      const carets = join(ROOT, 'test/languages', name, 'carets')
      assert(existsSync(carets) && readdirSync(carets).some((file) => file.endsWith('.txt')), `no caret file for ${name}`)
    }
  })

  it('share no file ending and no name', () => {
    const endings = LANGUAGES.flatMap((language) => language.endings)
    assert.equal(new Set(endings).size, endings.length)
    assert.equal(Object.keys(languagesByEnding()).length, endings.length)
    for (const language of LANGUAGES) assert.equal(languageByName(language.name), language)
    assert.equal(languageByName(null), undefined)
  })

  for (const language of LANGUAGES) {
    it(`${language.name}: the grammar that is installed is the one named, loads and parses`, () => {
      // `as`: a package's own description.
      const manifest = JSON.parse(
        readFileSync(createRequire(import.meta.url).resolve(`${language.grammar.name}/package.json`), 'utf8'),
      ) as { version: string }
      assert.equal(manifest.version, language.grammar.version)
      if (language.load === undefined) return
      for (const ending of language.endings) {
        const parser = new Parser()
        parser.setLanguage(language.load(`probe${ending}`))
        assert.equal(parser.parse('\n').rootNode.hasError, false)
      }
    })
  }
})
