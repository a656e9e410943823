import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repositoryRoot } from '../src/runtime/repository-root.js'

const root = repositoryRoot()

/** docs/ and the READMEs beside what they describe. */
const pages = [
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name.replaceAll('\\', '/')}`),
  ...['.', 'common', 'common/models', 'cloud-api', 'edge-worker', 'edge-worker/training'].map((folder) => join(folder, 'README.md')),
].filter((name) => name.endsWith('.md') && existsSync(join(root, name)))

describe('the documents', () => {
  it('are found', () => assert.ok(pages.includes('docs/glossary.md') && pages.includes('edge-worker/README.md'), pages.join(' ')))

  for (const page of pages) {
    const text = readFileSync(join(root, page), 'utf8')

    it(`${page} links to files that are there`, () => {
      const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !/^[a-z]+:/.test(target))
      assert.deepEqual(
        targets.filter((target) => !existsSync(join(root, dirname(page), target))),
        [],
      )
    })

    it(`${page} names paths that are there`, () => {
      const named = [...text.matchAll(/`((?:common|cloud-api|edge-worker|scripts)\/[\w./-]+)`/g)].map((match) => match[1] ?? '')
      assert.deepEqual(
        named.filter((path) => !existsSync(join(root, path)) && !path.includes('/dist/')),
        [],
      )
    })
  }
})
