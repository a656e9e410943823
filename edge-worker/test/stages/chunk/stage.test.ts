import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chunk } from '@doctown/common/contracts/chunk.js'
import type { ParsedFile } from '@doctown/common/contracts/parsed-file.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import type { ChunkPorts } from '../../../src/pipeline/stage-io.js'
import { chunkStage } from '../../../src/stages/chunk/stage.js'
import { lexemesOf } from '../../../src/stages/chunk/lexemes.js'
import { extractText } from '../../languages/rust/extract-text.js'
import { stageContext } from '../context.js'
import { pieceModel } from './models.js'

const SOURCES = join(repositoryRoot(), 'edge-worker/test/fixtures/walkdir/src')
const walkdir = (): ParsedFile[] =>
  readdirSync(SOURCES)
    .filter((name) => name.endsWith('.rs'))
    .map((name) => extractText(readFileSync(join(SOURCES, name), 'utf8'), `src/${name}`, '[package]\nname = "walkdir"'))

async function chunk(files: readonly ParsedFile[], embedders: ChunkPorts['embedders']): Promise<Chunk[]> {
  async function* stream(): AsyncGenerator<ParsedFile> {
    yield* files
  }
  const chunks: Chunk[] = []
  for await (const item of await chunkStage.run(stream(), stageContext({ embedders }))) chunks.push(chunkStage.output.parse(item) as Chunk)
  return chunks
}

const named = (chunks: readonly Chunk[], name: string): Chunk[] => chunks.filter(({ fields }) => fields.name === name)

describe('the chunk stage', () => {
  for (const window of [256, 64, 16]) {
    it(`cuts walkdir into chunks of at most ${window} tokens, at least one for every symbol, no id twice`, async () => {
      const files = walkdir()
      const model = pieceModel(window)
      const chunks = await chunk(files, [model])
      assert.deepEqual(
        chunks.filter(({ text }) => model.countTokens(text) > window),
        [],
      )
      const seen = new Set(chunks.map(({ symbol_id }) => symbol_id))
      assert.deepEqual(
        files.flatMap(({ symbols }) => symbols).filter(({ id }) => !seen.has(id)),
        [],
      )
      assert.equal(new Set(chunks.map(({ chunk_id }) => chunk_id)).size, chunks.length)
      assert(chunks.every(({ tokens, text }) => tokens === model.countTokens(text)))
    })
  }

  it('fits the narrowest of several models and counts by the one that counts most', async () => {
    const chunks = await chunk(walkdir(), [pieceModel(512), pieceModel(48)])
    assert(chunks.every(({ tokens }) => tokens <= 48))
  })

  it('never cuts inside a lexeme: every chunk of a function is a run of its lexemes', async () => {
    const body = Array.from(
      { length: 40 },
      (_, n) => `let some_rather_long_name_${n} = "a string, with ${n} words" + r#"raw "x" ${n}"#; // and prose`,
    ).join('\n')
    const text = `fn f() { ${body} }`
    const whole = lexemesOf(text, false).map((lexeme) => lexeme.text)
    const starts = new Set<number>([0])
    let at = 0
    for (const lexeme of whole) starts.add((at += lexeme.length))
    for (const window of [12, 20, 40]) {
      for (const { text: piece } of await chunk([extractText(text)], [pieceModel(window)])) {
        const source = piece.slice(piece.indexOf('\n') + 1)
        if (source.includes('…') || source.includes('prose')) continue
        const found = text.indexOf(source)
        assert(found >= 0 && starts.has(found) && starts.has(found + source.length), `cut: ${source}`)
      }
    }
  })

  it('cuts at statements before it cuts inside them', async () => {
    const body = Array.from(
      { length: 12 },
      (_, n) => `    call_number_${n}(\n        first_argument,\n        second_argument,\n    );`,
    ).join('\n')
    const chunks = await chunk([extractText(`fn f() {\n${body}\n}\n`)], [pieceModel(64)])
    assert(chunks.length > 2)
    for (const { text } of chunks.slice(1)) assert.match(text, /^krate::f\ncall_number_/)
  })

  it('leaves out a literal that no window holds, and nothing else', async () => {
    const chunks = await chunk([extractText(`fn f() { before("${'word '.repeat(500)}"); after(); }`)], [pieceModel(32)])
    const text = chunks.map((each) => each.text).join('\n')
    assert(text.includes('before') && text.includes('after') && text.includes('…') && !text.includes('word'))
  })

  it('shows a container by its header, docs and the headers of its members, not by their bodies', async () => {
    const source =
      '/// Of the trait.\npub trait T {\n    /// Of m.\n    fn m(&self) -> u8 { secret() }\n    const C: u8;\n}\nimpl T for X { fn m(&self) -> u8 { other() } }\nmod deep { pub fn inner() { body() } }\n'
    const chunks = await chunk([extractText(source)], [pieceModel(128)])
    assert.equal(named(chunks, 'T')[0]?.text, 'krate::T\n/// Of the trait.\npub trait T {\n    fn m(&self) -> u8;\n    const C: u8;')
    assert.equal(named(chunks, 'deep')[0]?.text, 'krate::deep\nmod deep {\n    pub fn inner();')
    assert.equal(chunks.filter(({ text }) => text.includes('secret()')).length, 1)
    assert.equal(chunks.filter(({ text }) => text.includes('body()')).length, 1)
  })

  it('keeps of a container with many members those that fit beside its header', async () => {
    const members = Array.from({ length: 200 }, (_, n) => `fn member_${n}(&self);`).join('\n')
    const [container] = named(await chunk([extractText(`/// Docs.\ntrait Big {\n${members}\n}`)], [pieceModel(64)]), 'Big')
    assert(container?.text.includes('/// Docs.') === true && container.text.includes('member_0') && !container.text.includes('member_199'))
  })

  it('does not repeat a function inside a function', async () => {
    const chunks = await chunk([extractText('fn outer() {\n    one();\n    fn inner() { two(); }\n    three();\n}\n')], [pieceModel(128)])
    const [outer] = named(chunks, 'outer')
    assert(outer?.text.includes('one()') === true && outer.text.includes('three()') && !outer.text.includes('two()'))
  })

  it('gives each model the fields it weighs apart', async () => {
    const source =
      '/// Reads it.\n#[inline]\npub(crate) const unsafe fn read_all(&mut self, into: &mut Vec<u8>) -> io::Result<usize> {\n    self.go()\n}\n'
    const [method] = named(await chunk([extractText(`impl Read for Pipe<u8> {\n${source}}`, 'src/io.rs')], [pieceModel(128)]), 'read_all')
    assert.deepEqual(method?.fields, {
      name: 'read_all',
      path: 'krate::io::Pipe',
      head: 'pub(crate) const unsafe fn read_all(&mut self, into: &mut Vec<u8>) -> io::Result<usize>',
      body: '{\n    self.go()\n}',
      docs: 'Reads it.',
      marks: ['kind:method', 'unsafe', 'const', 'self:mut', 'ret:result', 'ret<usize'],
    })
    assert.deepEqual([method?.start_line, method?.end_line], [2, 6])
  })

  it('gives the lines that a part of a long function stands on', async () => {
    const source = `fn f() {\n${Array.from({ length: 60 }, (_, n) => `    let x${n} = ${n};`).join('\n')}\n}\n`
    const chunks = await chunk([extractText(source)], [pieceModel(40)])
    for (const { start_line, end_line, fields } of chunks.slice(1, -1)) {
      assert.equal(fields.body.split('\n')[0]?.trim(), source.split('\n')[start_line - 1]?.trim())
      assert.equal(fields.body.split('\n').at(-1)?.trim(), source.split('\n')[end_line - 1]?.trim())
    }
  })

  it('streams: the first chunk is there before the second file was asked for', async () => {
    let asked = 0
    async function* stream(): AsyncGenerator<ParsedFile> {
      for (; asked < 2;) {
        asked++
        yield extractText('fn f() {}')
      }
    }
    for await (const _chunk of await chunkStage.run(stream(), stageContext({ embedders: [] }))) break
    assert.equal(asked, 1)
  })

  it('stops with the reason of the signal', async () => {
    const controller = new AbortController()
    controller.abort(new Error('enough'))
    async function* stream(): AsyncGenerator<ParsedFile> {
      yield extractText('fn f() {}')
    }
    await assert.rejects(async () => {
      for await (const _chunk of await chunkStage.run(stream(), stageContext({ embedders: [] }, { signal: controller.signal })));
    }, /enough/)
  })
})
