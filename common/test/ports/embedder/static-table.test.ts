import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChunkFields } from '../../../src/contracts/chunk.js'
import { createStaticTableEmbedder } from '../../../src/ports/embedder/static-table.js'
import { readTable } from '../../../src/ports/embedder/table-file.js'
import { fieldsOfText, queryTokens, subWords } from '../../../src/ports/embedder/table-words.js'
import { repositoryRoot } from '../../../src/runtime/repository-root.js'
import { describeEmbedder, dot } from './conformance.js'

const folder = join(repositoryRoot(), 'common/models/small')

describeEmbedder('static table (the built-in model)', () => createStaticTableEmbedder({ folder }))

type Golden = { vector: number[] } & (
  | { query: string }
  | { query: undefined; fields: ChunkFields }
  | { query: undefined; fields: undefined; name: string; kind: string; path: string; code: string; docs: string }
)

const fieldsOfRust = (item: { name: string; kind: string; path: string; code: string; docs: string }): ChunkFields => ({
  ...fieldsOfText(item.code),
  name: item.name,
  path: item.path.split('::').slice(0, -1).join('::'),
  docs: item.docs,
  marks: [`kind:${item.kind}`],
})

describe('static table', () => {
  it('gives the vectors that the training side computes', async () => {
    const embedder = await createStaticTableEmbedder({ folder })
    const text = await readFile(join(repositoryRoot(), 'common/test/fixtures/table-golden.jsonl'), 'utf8')
    const golden = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Golden)
    assert.ok(golden.length >= 21)
    for (const item of golden) {
      const vector =
        item.query !== undefined
          ? await embedder.embedQueries([item.query])
          : await embedder.embedDocuments([{ text: '', fields: item.fields ?? fieldsOfRust(item) }])
      const worst = Math.max(...item.vector.map((value, i) => Math.abs(value - vector[i]!)))
      assert.ok(worst < 2e-6, `line ${golden.indexOf(item) + 1} differs by ${worst}`)
    }
  })

  it('fits in 8 MB and opens in a tenth of a second', async () => {
    assert.ok((await stat(join(folder, 'table.bin'))).size <= 8_000_000)
    const begin = performance.now()
    await createStaticTableEmbedder({ folder })
    // 100 ms, doubled for a busy machine.
    assert.ok(performance.now() - begin < 200)
  })

  it('finds the function that a sentence is about, and without its words', async () => {
    const embedder = await createStaticTableEmbedder({ folder })
    const codes = [
      'pub fn len(&self) -> usize { self.items.len() }',
      'pub fn clear(&mut self) { self.items.truncate(0) }',
      'pub fn sort(&mut self) {}',
    ]
    const documents = codes.map((text) => ({
      text,
      fields: { ...fieldsOfText(text), name: /fn (\w+)/.exec(text)?.[1] ?? '', marks: ['kind:method'] },
    }))
    const [query, vectors] = [await embedder.embedQueries(['Returns the number of elements']), await embedder.embedDocuments(documents)]
    const scores = documents.map((_, i) => dot(query, vectors.subarray(i * 256, (i + 1) * 256)))
    assert.equal(scores.indexOf(Math.max(...scores)), 0)
  })

  it('reads our kinds as those it was trained on', async () => {
    const embedder = await createStaticTableEmbedder({ folder })
    const fields = { ...fieldsOfText('fn read(path: &str)'), name: 'read' }
    const vectors = await embedder.embedDocuments([
      { text: '', fields: { ...fields, marks: ['kind:function'] } },
      { text: '', fields: { ...fields, marks: ['kind:fn'] } },
      { text: '', fields: { ...fields, marks: [] } },
    ])
    assert.deepEqual(vectors.subarray(0, 256), vectors.subarray(256, 512))
    assert.notDeepEqual(vectors.subarray(0, 256), vectors.subarray(512))
  })

  it('splits names as the benchmark does', () => {
    assert.deepEqual(subWords('HTTPServer2::parse_headerLine'), ['http', 'server', '2', 'parse', 'header', 'line'])
    assert.deepEqual(queryTokens('Number of with_x'), [
      'number',
      'of',
      'with',
      'x',
      'number_of',
      'of_with',
      'with_x',
      '^number',
      '<n:with_x>',
    ])
  })

  it('refuses a folder that is not whole, with a code of its own', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'doctown-table-'))
    try {
      await cp(folder, copy, { recursive: true })
      const bytes = await readFile(join(copy, 'table.bin'))
      bytes[bytes.length >> 1]! ^= 1
      await writeFile(join(copy, 'table.bin'), bytes)
      await assert.rejects(createStaticTableEmbedder({ folder: copy }), { code: 'model_invalid' })
      await rm(join(copy, 'table.bin'))
      await assert.rejects(createStaticTableEmbedder({ folder: copy }), { code: 'model_invalid' })
      assert.throws(() => readTable(bytes.subarray(0, bytes.length - 1)), { code: 'model_invalid' })
      assert.throws(() => readTable(new Uint8Array(3)), { code: 'model_invalid' })
    } finally {
      await rm(copy, { recursive: true })
    }
  })
})
