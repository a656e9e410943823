import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { DoctownError } from '../../src/contracts/errors.js'
import { openDocpack } from '../../src/docpack/read.js'
import { verifyDocpack } from '../../src/docpack/verify.js'
import { writeDocpack } from '../../src/docpack/write.js'
import { openZip } from '../../src/docpack/zip-directory.js'
import { createRandom } from '../../src/runtime/random.js'
import { compareBytes } from '../../src/runtime/bytes.js'
import { sampleDocpack, sampleDraft } from '../support/sample-docpack.js'

const child = fileURLToPath(new URL('./write-child.js', import.meta.url))
const noise = (length: number): string => {
  const random = createRandom(7)
  return Array.from({ length }, () => String.fromCharCode(33 + Math.floor(random() * 90))).join('')
}

describe('writing a docpack', () => {
  it('gives the same bytes in other processes, folders, time zones and locales, in and around a change of the clocks', () => {
    // In Europe/Berlin 02:30 of 26 March 2023 was never; 02:30 of 29 October 2023 was twice. 1960 is before DOS time.
    const times = [1_700_000_001, Date.UTC(2023, 2, 26, 2, 30) / 1000, Date.UTC(2023, 9, 29, 0, 30, 2) / 1000, 0, 4_000_000_000]
    const expected = times.map((committedAt) => sampleDocpack({ committedAt }).sha256)
    assert.equal(new Set(expected).size, times.length)
    const places = [
      { TZ: 'UTC', LANG: 'C' },
      { TZ: 'Europe/Berlin', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' },
      { TZ: 'America/St_Johns', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
      { TZ: 'Pacific/Kiritimati', LANG: 'sv_SE.UTF-8' },
    ]
    for (const place of places) {
      const run = spawnSync(process.execPath, [child, JSON.stringify(times)], {
        cwd: tmpdir(),
        env: { PATH: process.env['PATH'], ...place },
        encoding: 'utf8',
      })
      assert.deepEqual(JSON.parse(run.stdout), expected, `${JSON.stringify(place)} ${run.stderr}`)
    }
  })

  it('gives entries the commit time in UTC, plain file rights and the order of their bytes', async () => {
    const { zip, entries } = await openZip(sampleDocpack({ committedAt: Date.UTC(2024, 1, 29, 23, 58, 58) / 1000 }).bytes)
    assert.deepEqual([...entries.keys()], [...entries.keys()].sort(compareBytes))
    for (const entry of entries.values()) {
      assert.equal(entry.lastModFileDate, ((2024 - 1980) << 9) | (2 << 5) | 29)
      assert.equal(entry.lastModFileTime, (23 << 11) | (58 << 5) | 29)
      assert.equal(entry.externalFileAttributes >>> 16, 0o100644)
      assert.equal(entry.versionMadeBy, 0x0314)
      assert.equal(entry.extraFieldLength, 0)
    }
    zip.close()
  })

  it('names every other entry with its hash in the manifest, keys in the order of the format', async () => {
    const { bytes, sha256, docpack_id } = sampleDocpack()
    assert.equal(docpack_id, sha256.slice(0, 20))
    const docpack = await openDocpack(bytes)
    assert.deepEqual(Object.keys(docpack.manifest), [
      'docpack_format',
      'version',
      'generated_at',
      'repository',
      'symbol_count',
      'generators',
      'languages',
      'files',
      'degraded',
      'usage',
      'verification',
      'embeddings',
      'documents_in_rest',
      'entries',
    ])
    assert.deepEqual(Object.keys(docpack.manifest.entries), [...docpack.names])
    assert.equal(docpack.manifest.generated_at, '2023-11-14T22:13:21Z')
  })

  it('puts the documents beyond the first 9,000 of the order given into docs-rest.jsonl, and its own reader finds each', async () => {
    const { bytes, manifest } = sampleDocpack({ symbols: 9_005 })
    assert.equal(manifest.documents_in_rest, 5)
    const docpack = await openDocpack(bytes)
    assert.equal(docpack.names.filter((name) => name.startsWith('docs/')).length, 9_000)
    for (const number of [0, 8_999, 9_000, 9_004]) {
      const id = `src/lib.rs#sample::item_${number}`
      assert.equal((await docpack.document(id))?.symbol, id)
    }
    assert.equal(await docpack.document('src/lib.rs#sample::item_9005'), undefined)
    docpack.close()
    assert.deepEqual((await verifyDocpack(bytes)).problems, [])
  })

  it('leaves out the source first, then the vectors, when the file would be too large, and the manifest says so', async () => {
    const draft = { ...sampleDraft({ sources: [{ path: 'src/lib.rs', text: noise(20_000) }] }), embeddings: bigEmbeddings(2_000) }
    const whole = writeDocpack(draft)
    assert.ok('source/src/lib.rs' in whole.manifest.entries && 'embeddings.bin' in whole.manifest.entries)
    assert.equal(whole.manifest.files.source_left_out, undefined)

    const lessSource = writeDocpack({ ...draft, maxBytes: 16_000 })
    assert.match(lessSource.manifest.files.source_left_out ?? '', /16000 bytes/)
    assert.equal(lessSource.manifest.embeddings.left_out, null)
    assert.ok(!('source/src/lib.rs' in lessSource.manifest.entries) && 'embeddings.bin' in lessSource.manifest.entries)

    const lessBoth = writeDocpack({ ...draft, maxBytes: 6_000 })
    assert.match(lessBoth.manifest.embeddings.left_out ?? '', /6000 bytes/)
    assert.deepEqual(lessBoth.manifest.embeddings.blocks, [])
    assert.equal(lessBoth.manifest.degraded, true)
    assert.ok(lessBoth.bytes.byteLength <= 6_000)

    assert.throws(
      () => writeDocpack({ ...draft, maxBytes: 500 }),
      (error: unknown) => error instanceof DoctownError && error.code === 'docpack_too_large',
    )
  })

  it('leaves out the words of search after the source and before the vectors, and says so', () => {
    const searchTexts = [{ symbol_id: null, path: 'a.md', head: '', body: noise(20_000), docs: '', test: false, file: 'a.md' }]
    const source = [{ path: 'src/lib.rs', text: noise(20_000) }]
    const draft = { ...sampleDraft({ sources: source, searchTexts }), embeddings: bigEmbeddings(2_000) }
    const whole = writeDocpack(draft).manifest
    assert.ok('search.jsonl' in whole.entries && whole.search_left_out === undefined)
    const lessSource = writeDocpack({ ...draft, maxBytes: 32_000 }).manifest
    assert.ok('search.jsonl' in lessSource.entries && lessSource.files.source_left_out !== undefined)
    const lessSearch = writeDocpack({ ...draft, maxBytes: 16_000 }).manifest
    assert.match(lessSearch.search_left_out ?? '', /16000 bytes/)
    assert.equal('search.jsonl' in lessSearch.entries, false)
    assert.ok('embeddings.bin' in lessSearch.entries && lessSearch.degraded)
  })

  it('leaves out a source of more files than a reader takes', () => {
    const sources = Array.from({ length: 10_000 }, (_, index) => ({ path: `src/f${index}.rs`, text: '' }))
    const { manifest } = writeDocpack(sampleDraft({ sources }))
    assert.match(manifest.files.source_left_out ?? '', /10000 entries/)
  })

  it('refuses two entries of one name', () => {
    const draft = sampleDraft()
    assert.throws(
      () => writeDocpack({ ...draft, entries: [...draft.entries, ...draft.entries.slice(0, 1)] }),
      (error: unknown) => error instanceof DoctownError && error.code === 'unsafe_entry',
    )
  })
})

function bigEmbeddings(rows: number): NonNullable<ReturnType<typeof sampleDraft>['embeddings']> {
  const random = createRandom(3)
  const values = Float32Array.from({ length: rows }, () => random())
  return { bytes: new Uint8Array(values.buffer), layout: [{ name: 'structure', rows: 3, dimensions: 4, offset: 0 }] }
}
