import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { docpackEntries } from '../../src/docpack/content.js'
import { symbolFileName } from '../../src/runtime/symbol-file-name.js'
import { openDocpack } from '../../src/docpack/read.js'
import { verifyInThread } from '../../src/docpack/verify-in-thread.js'
import { verifyDocpack } from '../../src/docpack/verify.js'
import { writeDocpack } from '../../src/docpack/write.js'
import { rejectsWith } from '../support/rejects-with.js'
import { sampleContent, sampleDocpack, sampleDocument, sampleDraft, sampleSymbol } from '../support/sample-docpack.js'
import { withoutTrick, ZIP_TRICKS } from '../support/zip-tricks.js'

describe('reading a docpack', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctown-docpack-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('gives back what was written, from memory and from a file', async () => {
    const written = sampleDocpack({ symbols: 4, sources: [{ path: 'src/ü.rs', text: 'fn f() {}' }] })
    const content = sampleContent({ symbols: 4 })
    const path = join(folder, 'x.docpack')
    await writeFile(path, written.bytes)
    for (const source of [written.bytes, { path }]) {
      const docpack = await openDocpack(source)
      assert.deepEqual(docpack.manifest, written.manifest)
      assert.equal(docpack.sizeBytes, written.bytes.byteLength)
      assert.deepEqual(await docpack.symbols(), content.symbols)
      assert.deepEqual(await docpack.graph(), content.graph)
      assert.deepEqual(await docpack.clusters(), content.clusters)
      assert.deepEqual(await docpack.document(content.symbols[2]?.id ?? ''), content.documents[2])
      assert.equal((await docpack.vectors('structure'))?.values.length, 16)
      assert.equal(await docpack.vectors('text'), undefined)
      assert.equal((await docpack.read('source/src/ü.rs')).toString(), 'fn f() {}')
      await rejectsWith('not_found', docpack.read('nothing'))
      docpack.close()
    }
    assert.deepEqual(await verifyDocpack({ path }), { ok: true, entries: written.manifest.symbol_count + 10, problems: [] })
    assert.equal((await verifyDocpack({ path: join(folder, 'none.docpack') })).problems[0]?.code, 'not_found')
  })

  it('gives back any symbol ids, texts and sources that were written', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 })
    const ids = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(ids, text, text, async (names, overview, source) => {
        const symbols = names.map((name) => sampleSymbol(`a#${name}`))
        const documents = symbols.map(({ id }) => ({ ...sampleDocument(id), description: overview, example: source }))
        const content = { ...sampleContent(), symbols, documents, overview, sources: [{ path: 'src/lib.rs', text: source }] }
        const draft = sampleDraft()
        const { bytes } = writeDocpack({
          ...draft,
          facts: { ...draft.facts, symbol_count: symbols.length },
          entries: [...docpackEntries(content)],
        })
        const docpack = await openDocpack(bytes)
        assert.equal((await docpack.read('overview.md')).toString(), overview)
        assert.equal((await docpack.read('source/src/lib.rs')).toString(), source)
        for (const document of documents) assert.deepEqual(await docpack.document(document.symbol), document)
        assert.deepEqual(
          new Set((await docpack.symbols()).map(({ id }) => symbolFileName(id))),
          new Set(symbols.map(({ id }) => symbolFileName(id))),
        )
        docpack.close()
        assert.deepEqual((await verifyDocpack(bytes)).problems, [])
      }),
      { numRuns: 60 },
    )
  })

  it('says of a docpack that is cut short that its end is missing, of another file that it is none', async () => {
    const { bytes } = sampleDocpack()
    const path = join(folder, 'cut.docpack')
    for (const length of [bytes.byteLength - 1, Math.floor(bytes.byteLength / 2), 10]) {
      const cut = bytes.slice(0, length)
      assert.match((await rejectsWith('invalid_docpack', openDocpack(cut))).message, /cut short/)
      await writeFile(path, cut)
      assert.match((await rejectsWith('invalid_docpack', openDocpack({ path }))).message, /cut short/)
    }
    assert.match((await rejectsWith('invalid_docpack', openDocpack(Buffer.from('hello world')))).message, /no docpack/)
  })

  it('tells of a newer format which program reads it', async () => {
    const trick = ZIP_TRICKS.find(({ code }) => code === 'docpack_too_new')
    const error = await rejectsWith('docpack_too_new', openDocpack(trick?.bytes() ?? Buffer.alloc(0)))
    assert.match(error.message, /format 2.*9\.0\.0/)
  })

  it('finds any single flipped byte of any entry, or reads the same', async () => {
    const { bytes, manifest } = sampleDocpack({ symbols: 1 })
    for (let at = 0; at < bytes.byteLength; at += 7) {
      const flipped = Uint8Array.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ 0x10
      const result = await verifyDocpack(flipped)
      if (!result.ok) continue
      // Times, version numbers and the like: what is read is the same.
      const docpack = await openDocpack(flipped)
      assert.deepEqual(docpack.manifest, manifest, `byte ${at}`)
      docpack.close()
    }
  })

  describe('a hand-made docpack', () => {
    it('is read when it has no trick in it', async () => {
      assert.deepEqual((await verifyDocpack(withoutTrick())).problems, [])
    })

    for (const trick of ZIP_TRICKS.filter(({ slow }) => slow !== true)) {
      it(`is refused with ${trick.code}: ${trick.title}`, async () => {
        const { ok, problems } = await verifyDocpack(trick.bytes())
        assert.equal(ok, false)
        assert.equal(problems[0]?.code, trick.code, problems[0]?.detail)
      })
    }
  })

  it('can be verified in a thread, which ends when nobody waits any more', async () => {
    assert.equal((await verifyInThread(sampleDocpack().bytes)).ok, true)
    assert.equal((await verifyInThread(Buffer.from('no zip'))).problems[0]?.code, 'invalid_docpack')
    const reason = new Error('enough')
    assert.equal(await verifyInThread(sampleDocpack().bytes, AbortSignal.abort(reason)).catch((error: unknown) => error), reason)
  })
})
