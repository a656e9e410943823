import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { edgesOf, graphOf } from './graph-of.js'

const FOLDER = join(repositoryRoot(), 'edge-worker/test/fixtures/receivers-cut')

/** A shape in a crate's own words: where it was cut, its files, and every call edge that is right in it. */
interface Cut {
  readonly title: string
  readonly crate: string
  readonly lines: string
  readonly calls: readonly string[]
  readonly files: Readonly<Record<string, string>>
}

/** The cuts of one fixture file; README.md of the folder says how one is written. */
function cutsIn(text: string): Cut[] {
  const [head = '', ...sections] = text.split(/^\/\/~ shape: /m)
  return sections.map((section) => {
    const [title = '', ...rest] = section.split('\n')
    const files: Record<string, string> = {}
    const calls: string[] = []
    let file = 'src/lib.rs'
    let lines = ''
    for (const line of rest) {
      const [, word, value = ''] = /^\/\/~ (\w+): (.*)$/.exec(line) ?? []
      if (word === 'call') calls.push(value)
      else if (word === 'cut') lines = value
      else if (word === 'file') file = value
      else files[file] = `${files[file] ?? ''}${line}\n`
    }
    return { title, crate: /^\/\/# (\S+ \S+),/.exec(head)?.[1] ?? '', lines, calls, files }
  })
}

const CUTS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.rs'))
  .sort()
  .flatMap((name) => cutsIn(readFileSync(join(FOLDER, name), 'utf8')))

describe('Call edges are exactly those that the compiler makes, in the words of real crates', () => {
  for (const { title, crate, lines, calls, files } of CUTS) {
    it(`for ${title} (${crate}, ${lines})`, async () => {
      assert.deepEqual([...new Set(edgesOf(await graphOf(files), 'calls'))].sort(), [...calls].sort())
    })
  }

  it('in at least 40 shapes that receivers.test.ts writes a second way', () => {
    const source = join(repositoryRoot(), 'edge-worker/test/stages/graph/receivers.test.ts')
    const written = readFileSync(source, 'utf8').matchAll(/title: (?:'([^']*)'|"([^"]*)")/g)
    const titles = new Set([...written].map(([, single, double]) => single ?? double))
    const unknown = CUTS.filter(({ title }) => !titles.has(title))
    assert.deepEqual(unknown, [])
    assert.ok(new Set(CUTS.map(({ title }) => title)).size >= 40)
  })

  it('each of which says where it was cut', () => {
    for (const cut of CUTS) assert.match(`${cut.crate}: ${cut.lines}`, /^\w+ \d+\.\d+\.\d+: src\/[\w/]+\.rs \d/, cut.title)
  })
})
