import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStaticTableEmbedder } from '@doctown/common/ports/embedder/static-table.js'
import { builtInModelFolder } from '../../src/bin/built-in-model.js'
import { openDocpackIndex } from '../../src/cli/search/docpack-index.js'
import type { OpenedIndex } from '../../src/cli/search/opened-index.js'
import type { PackageInput } from '../../src/pipeline/stage-io.js'
import { packageStage } from '../../src/stages/package/stage.js'
import { stageContext } from '../stages/context.js'
import { packageInput } from '../stages/package/package-fixture.js'

describe('the index over a docpack', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctown-docpack-index-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  async function open(changes: Partial<PackageInput>): Promise<OpenedIndex> {
    const { bytes } = await packageStage.run({ ...packageInput({}), ...changes }, stageContext({}))
    const file = join(folder, 'sample.docpack')
    await writeFile(file, bytes)
    return openDocpackIndex(file, await createStaticTableEmbedder({ folder: builtInModelFolder() }))
  }
  const first = async (index: OpenedIndex, query: string): Promise<string | undefined> =>
    (await index.find(query, { limit: 1 }))[0]?.item.name

  it('finds words and messages that search.jsonl keeps, pieces of files among them', async () => {
    const { searchTexts } = packageInput({})
    const piece = { symbol_id: null, path: 'docs/a.md', head: '', body: 'zeppelin*3 harbour', docs: '', test: false }
    const texts = searchTexts.map((text, i) => (i === 2 ? { ...text, body: 'pivot*2 rotate' } : text))
    const index = await open({ searchTexts: [...texts, { ...piece, file: 'docs/a.md', start_line: 3, end_line: 9 }] })
    assert.equal(index.size, searchTexts.length + 1)
    assert.equal(await first(index, 'pivot'), 'item_2')
    const hit = (await index.find('zeppelin harbour', { limit: 10 })).find(({ why }) => why.some((reason) => reason.includes('zeppelin')))
    assert.deepEqual([hit?.item.name, hit?.item.start_line, hit?.item.end_line, hit?.item.symbol_id], ['a.md', 3, 9, null])
  })

  it('of an older Doctown is searched by names and signatures, and says what is not found', async () => {
    const index = await open({ searchTexts: [] })
    assert.ok(
      index.notes.some((note) => note.includes('an older Doctown made it')),
      index.notes.join(),
    )
    assert.equal(await first(index, 'item_3'), 'item_3')
  })

  it('of an older Doctown with its source reads bodies there', async () => {
    const text = 'a\nb\nfn f() {\n  let zeppelin = 1;\n}\n'
    const index = await open({ searchTexts: [], sources: [{ path: 'src/lib.rs', language: 'Rust', text }] })
    assert.ok(!index.notes.some((note) => note.includes('older')))
    assert.ok((await index.find('zeppelin', { limit: 1 }))[0]?.why.some((why) => why.includes('zeppelin')))
  })
})
