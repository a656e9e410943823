/** Docpacks that a reader must refuse, each with the codes that say so. */
import { deflateRawSync } from 'node:zlib'
import { stableJson } from '../../src/runtime/canonical-json.js'
import { sha256Hex } from '../../src/runtime/bytes.js'
import type { ErrorCode } from '../../src/contracts/errors.js'
import { sampleDocpack, sampleDraft } from './sample-docpack.js'
import { makeZip, type EntrySketch } from './zip-maker.js'

export interface ZipTrick {
  readonly title: string
  /** Made when asked for: some take a second or much memory. */
  readonly bytes: () => Buffer
  readonly code: ErrorCode
  /** Takes more than a moment, so that only the full set runs it. */
  readonly slow?: boolean
}

const MIB = 1024 * 1024
const sample = sampleDocpack()
const goodEntries = (): EntrySketch[] => {
  const { entries, embeddings } = sampleDraft()
  return [...entries, { name: 'embeddings.bin', body: embeddings?.bytes ?? new Uint8Array() }].map(({ name, body }) => ({
    name,
    body: Buffer.from(body),
  }))
}
const manifestOf = (entries: readonly EntrySketch[], changes: Record<string, unknown> = {}): EntrySketch => ({
  name: 'manifest.json',
  body: stableJson({
    ...sample.manifest,
    ...changes,
    entries: Object.fromEntries(entries.map(({ name, body }) => [String(name), sha256Hex(Buffer.from(body ?? ''))])),
  }),
})
/** A docpack that is good but for what is added: the manifest vouches for all of it. */
const signed = (added: readonly EntrySketch[], changes: Record<string, unknown> = {}): Buffer => {
  const entries = [...goodEntries(), ...added]
  return makeZip({ entries: [...entries, manifestOf(entries, changes)] })
}
/** Added behind the manifest's back. */
const smuggled = (added: EntrySketch): Buffer => {
  const entries = goodEntries()
  return makeZip({ entries: [...entries, manifestOf(entries), added] })
}
const zeros = (mib: number): Pick<EntrySketch, 'packed' | 'declaredSize' | 'crc'> => ({
  packed: deflateRawSync(Buffer.alloc(mib * MIB)),
  declaredSize: mib * MIB,
  crc: 0,
})
const unicodePath = Buffer.from('757006000100000000ff', 'hex')

/** The same maker without a trick is read: so it is the trick that is refused. */
export const withoutTrick = (): Buffer => signed([{ name: 'source/good.rs', body: 'fn good() {}' }])

export const ZIP_TRICKS: readonly ZipTrick[] = [
  { title: 'no ZIP at all', bytes: () => Buffer.from('hello world, not a zip'), code: 'invalid_docpack' },
  { title: 'an empty file', bytes: () => Buffer.alloc(0), code: 'invalid_docpack' },
  { title: 'a docpack cut short', bytes: () => Buffer.from(sample.bytes.slice(0, sample.bytes.byteLength / 2)), code: 'invalid_docpack' },
  { title: 'a docpack whose last byte is missing', bytes: () => Buffer.from(sample.bytes.slice(0, -1)), code: 'invalid_docpack' },
  { title: 'a name that climbs', bytes: () => smuggled({ name: '../../evil.txt', body: 'x', method: 0 }), code: 'unsafe_entry' },
  { title: 'an absolute name', bytes: () => smuggled({ name: '/etc/passwd', body: 'x' }), code: 'unsafe_entry' },
  { title: 'a drive letter', bytes: () => smuggled({ name: 'C:/x', body: 'x' }), code: 'unsafe_entry' },
  { title: 'a backslash', bytes: () => smuggled({ name: '..\\evil', body: 'x' }), code: 'unsafe_entry' },
  { title: 'a NUL in a name', bytes: () => smuggled({ name: 'a\0.json', body: 'x' }), code: 'unsafe_entry' },
  { title: 'a line break in a name', bytes: () => smuggled({ name: 'a\nb', body: 'x' }), code: 'unsafe_entry' },
  { title: 'a name that is not UTF-8', bytes: () => smuggled({ name: Buffer.from([0x61, 0xff]), body: 'x' }), code: 'unsafe_entry' },
  { title: 'a second, hidden name', bytes: () => smuggled({ name: 'a', body: 'x', extra: unicodePath }), code: 'unsafe_entry' },
  {
    title: 'another name in the local header',
    bytes: () => signed([{ name: 'source/a', localName: 'source/b', body: 'x' }]),
    code: 'unsafe_entry',
  },
  { title: 'two entries of one name', bytes: () => smuggled({ name: 'overview.md', body: 'other' }), code: 'unsafe_entry' },
  { title: 'a symbolic link', bytes: () => signed([{ name: 'source/a', body: '/etc/passwd', mode: 0o120777 }]), code: 'unsafe_entry' },
  { title: 'a folder', bytes: () => smuggled({ name: 'docs/', mode: 0o40755 }), code: 'unsafe_entry' },
  { title: 'an encrypted entry', bytes: () => smuggled({ name: 'a', body: 'x', flags: 0x0801 }), code: 'unsafe_entry' },
  { title: 'an entry the manifest does not list', bytes: () => smuggled({ name: 'extra.txt', body: 'x' }), code: 'invalid_docpack' },
  {
    title: 'an entry with another hash',
    bytes: () => makeZip({ entries: [...goodEntries().map(changed), manifestOf(goodEntries())] }),
    code: 'invalid_docpack',
  },
  {
    title: 'a listed entry that is missing',
    bytes: () => makeZip({ entries: [...goodEntries().slice(1), manifestOf(goodEntries())] }),
    code: 'invalid_docpack',
  },
  { title: 'no manifest', bytes: () => makeZip({ entries: goodEntries() }), code: 'invalid_docpack' },
  {
    title: 'a manifest that is no JSON',
    bytes: () => makeZip({ entries: [{ name: 'manifest.json', body: '{' }] }),
    code: 'invalid_docpack',
  },
  {
    title: 'a manifest that lacks fields',
    bytes: () => makeZip({ entries: [{ name: 'manifest.json', body: '{"docpack_format":1}' }] }),
    code: 'invalid_docpack',
  },
  { title: 'a newer format', bytes: () => signed([], { docpack_format: 2, version: '9.0.0' }), code: 'docpack_too_new' },
  { title: 'a wrong checksum', bytes: () => signed([{ name: 'source/a', body: 'x', crc: 1 }]), code: 'invalid_docpack' },
  { title: 'an unknown compression', bytes: () => smuggled({ name: 'a', body: 'x', method: 12 }), code: 'invalid_docpack' },
  {
    title: 'deflated bytes that are none',
    bytes: () => signed([{ name: 'source/a', body: 'x', packed: Buffer.from('ffffff', 'hex') }]),
    code: 'invalid_docpack',
  },
  {
    title: 'an entry hidden by a lower count',
    bytes: () =>
      makeZip({
        entries: [...goodEntries(), manifestOf(goodEntries()), { name: 'x', body: 'x' }],
        declaredCount: goodEntries().length + 1,
      }),
    code: 'invalid_docpack',
  },
  {
    title: 'a second end record in the comment',
    bytes: () => makeZip({ entries: goodEntries(), comment: makeZip({ entries: goodEntries() }) }),
    code: 'invalid_docpack',
  },
  { title: 'entries that overlap', bytes: overlapping, code: 'unsafe_entry' },
  {
    title: '10,001 entries',
    bytes: () => makeZip({ entries: Array.from({ length: 10_001 }, (_, index) => ({ name: `e${index}`, method: 0 })) }),
    code: 'invalid_docpack',
  },
  {
    title: 'an entry that unpacks to 65 MiB',
    bytes: () => smuggled({ name: 'source/a', ...zeros(65) }),
    code: 'docpack_too_large',
    slow: true,
  },
  { title: '567 MiB in nine entries', bytes: () => bombs(9, 63), code: 'docpack_too_large', slow: true },
  { title: '80 MiB in 80 KiB', bytes: () => bombs(2, 40), code: 'docpack_too_large', slow: true },
  {
    title: 'a size that lies: 10 bytes told, 40 MiB there',
    bytes: () => signed([{ name: 'source/a', body: 'x', ...zeros(40), declaredSize: 10 }]),
    code: 'invalid_docpack',
    slow: true,
  },
  {
    title: 'a size that lies: 60 MiB told, 1 byte there',
    bytes: () => signed([{ name: 'source/a', body: 'x', declaredSize: 60 * MIB }]),
    code: 'invalid_docpack',
  },
  {
    title: 'a manifest of 60 MiB of spaces',
    bytes: () => makeZip({ entries: [{ name: 'manifest.json', body: Buffer.alloc(60 * MIB, 0x20) }] }),
    code: 'docpack_too_large',
    slow: true,
  },
  {
    title: 'a manifest of 3 million open brackets',
    bytes: () => makeZip({ entries: [{ name: 'manifest.json', body: '['.repeat(3_000_000) }] }),
    code: 'invalid_docpack',
  },
  {
    title: 'a manifest of 20 million empty arrays',
    bytes: () => makeZip({ entries: [{ name: 'manifest.json', body: `[${'[],'.repeat(20_000_000)}[]]` }] }),
    code: 'docpack_too_large',
    slow: true,
  },
  {
    title: 'symbols.json that the manifest vouches for and that are none',
    bytes: () => vouchedFor('symbols.json', '[{"id":1}]'),
    code: 'invalid_docpack',
  },
  {
    title: 'a document of a symbol that is not there',
    bytes: () => signed([{ name: 'docs/x.json', body: stableJson({ ...document(), symbol: 'x' }) }]),
    code: 'invalid_docpack',
  },
  { title: 'vectors shorter than the manifest says', bytes: () => vouchedFor('embeddings.bin', 'abcd'), code: 'invalid_docpack' },
]

const document = (): object => JSON.parse(String(goodEntries().find(({ name }) => String(name).startsWith('docs/'))?.body)) as object
const changed = (entry: EntrySketch): EntrySketch => (entry.name === 'overview.md' ? { ...entry, body: 'changed' } : entry)

function vouchedFor(name: string, body: string): Buffer {
  const entries = goodEntries().map((entry) => (entry.name === name ? { ...entry, body } : entry))
  return makeZip({ entries: [...entries, manifestOf(entries)] })
}

function bombs(count: number, mib: number): Buffer {
  const bomb = zeros(mib)
  const entries = Array.from({ length: count }, (_, index) => ({ name: `source/b${index}`, ...bomb }))
  return makeZip({ entries: [...goodEntries(), manifestOf(goodEntries()), ...entries] })
}

/** After D. Fifield: every entry of the directory points at the same bytes. */
function overlapping(): Buffer {
  const first = { name: 'source/a0', body: Buffer.alloc(MIB) }
  const others = Array.from({ length: 50 }, (_, index) => ({ ...first, name: `source/a${index + 1}`, sharesWith: 0 }))
  return makeZip({ entries: [first, ...others] })
}
