import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDocpack } from '@doctown/common/docpack/read.js'
import { doctown } from '../support/doctown.js'

/** Files that the parser takes easily and that once held up or broke a later stage. */
const FILES: Readonly<Record<string, string>> = {
  // The chunk stage looked for the line's begin at each of its nodes: 16 s.
  'src/one_line.rs': `pub fn one_line() {${'call();'.repeat(140_000)}}\n`,
  // The graph stage weighed every namesake for every call: over 100 s at 20,000.
  'src/namesakes.rs': 'pub fn same() { same() }\n'.repeat(12_000),
  // The generate stage made a pattern of the name: "Invalid regular expression".
  'src/long_name.rs': `pub fn ${'n'.repeat(500_000)}() {}\n`,
  'src/lib.rs': '/// Adds one.\npub fn good(x: u32) -> u32 {\n    x + 1\n}\n',
}

describe('a build of a folder that a stranger wrote', function () {
  this.timeout(200_000)
  let work: string
  before(async () => {
    work = await mkdtemp(join(tmpdir(), 'doctown-hostile-'))
    await mkdir(join(work, 'src'))
    for (const [file, text] of Object.entries(FILES)) await writeFile(join(work, file), text)
  })
  after(() => rm(work, { recursive: true, force: true }))

  it('ends in half a minute with every file read, and links in llms.txt only what has a file in docs/', async () => {
    const out = join(work, 'out.docpack')
    const begin = performance.now()
    const ran = await doctown(['build', work, '--json', '--quiet', '--out', out])
    assert.equal(ran.code, 0, ran.stdout.slice(0, 300))
    assert.ok(performance.now() - begin < 60_000, `${Math.round(performance.now() - begin)} ms`)
    assert.deepEqual(ran.json<{ skips: Record<string, number> }>().skips, {})

    const docpack = await openDocpack({ path: out })
    try {
      assert.ok(docpack.manifest.documents_in_rest > 0)
      assert.ok((await docpack.symbols()).some(({ name, doc_comments }) => name === 'good' && doc_comments === 'Adds one.'))
      const links = [...(await docpack.read('llms.txt')).toString().matchAll(/\]\((docs\/[^)]*)\)/g)].map(([, entry]) => entry ?? '')
      assert.ok(links.length > 10)
      assert.deepEqual(
        links.filter((entry) => !(entry in docpack.manifest.entries)),
        [],
      )
    } finally {
      docpack.close()
    }
  })
})
