import AdmZip from 'adm-zip'
import { DoctownError } from '../contracts/errors.js'
import { DocpackIdSchema, type DocpackId } from '../contracts/ids.js'
import { LIMITS } from '../contracts/limits.js'
import { DOCPACK_FORMAT, type Manifest } from '../contracts/manifest.js'
import { compareBytes, sha256Hex } from '../runtime/bytes.js'
import { stableJson } from '../runtime/canonical-json.js'
import { SEARCH_ENTRY, type DocpackEntry } from './content.js'
import type { EmbeddingsLayout } from './embeddings.js'
import { unsafeName } from './entry-name.js'

export interface DocpackDraft {
  /** The commit's time in seconds since 1970: the time of every entry. */
  readonly committedAt: number
  readonly facts: Omit<Manifest, 'docpack_format' | 'generated_at' | 'embeddings' | 'entries'>
  /** Everything but manifest.json and embeddings.bin; `source/...` and search.jsonl may be left out again. */
  readonly entries: readonly DocpackEntry[]
  /** `null` when no vector was computed. */
  readonly embeddings: { readonly bytes: Uint8Array; readonly layout: EmbeddingsLayout } | null
  /** What is to be said of them beside their layout. */
  readonly embeddingNotes?: Pick<Manifest['embeddings'], 'truncated' | 'fell_back'>
  /** For tests. The largest file and the largest entry, in bytes. */
  readonly maxBytes?: number
}

export interface WrittenDocpack {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly docpack_id: DocpackId
  readonly manifest: Manifest
}

/**
 * The docpack's bytes: the same for the same draft in any time zone and locale. Burns CPU for seconds when the draft is large:
 * call it in a worker thread. `source/`, then search.jsonl, then embeddings.bin are left out when the file would pass 60 MiB, and the manifest says so.
 * Throws `docpack_too_large` when that does not help.
 */
export function writeDocpack(draft: DocpackDraft): WrittenDocpack {
  const maxBytes = draft.maxBytes ?? LIMITS.docpackBytes
  const words = draft.entries.find(({ name }) => name === SEARCH_ENTRY)
  const kept: Kept = { source: sourceProblem(draft.entries), search: null, embeddings: null }
  if (words !== undefined && words.body.byteLength > maxBytes) kept.search = tooLarge(maxBytes)
  if (draft.embeddings === null) kept.embeddings = 'not computed'
  else if (draft.embeddings.bytes.byteLength > maxBytes) kept.embeddings = tooLarge(maxBytes)

  for (;;) {
    const { entries, manifest } = assemble(draft, kept)
    const unpacked = entries.reduce((sum, { body }) => sum + body.byteLength, 0)
    const bytes = unpacked > LIMITS.zipAllBytes ? undefined : zip(entries, draft.committedAt)
    if (bytes !== undefined && bytes.byteLength <= maxBytes) return finish({ bytes, manifest, entries, unpacked, maxBytes })
    if (kept.source === null && entries.some(({ name }) => isSource(name))) kept.source = tooLarge(maxBytes)
    else if (kept.search === null && entries.some(({ name }) => name === SEARCH_ENTRY)) kept.search = tooLarge(maxBytes)
    else if (kept.embeddings === null) kept.embeddings = tooLarge(maxBytes)
    else
      throw new DoctownError('docpack_too_large', `The documentation of this repository does not fit into a docpack of ${maxBytes} bytes.`)
  }
}

/** Why each part is left out; `null` when it is not. */
interface Kept {
  source: string | null
  search: string | null
  embeddings: string | null
}

const tooLarge = (maxBytes: number): string => `left out because the docpack would be larger than ${maxBytes} bytes`
const isSource = (name: string): boolean => name.startsWith('source/')

/** A snapshot is whole or not there: one of more files, or of other names, than a reader takes is left out. */
function sourceProblem(entries: readonly DocpackEntry[]): string | null {
  // manifest.json and embeddings.bin come on top.
  if (entries.length + 2 > LIMITS.zipEntries) return `left out because a docpack holds at most ${LIMITS.zipEntries} entries`
  return entries.some(({ name }) => isSource(name) && unsafeName(name) !== undefined)
    ? 'left out because of a name that no reader takes'
    : null
}

function assemble(draft: DocpackDraft, kept: Kept): { entries: DocpackEntry[]; manifest: Manifest } {
  const entries = draft.entries.filter(
    ({ name }) => (kept.source === null || !isSource(name)) && (kept.search === null || name !== SEARCH_ENTRY),
  )
  if (kept.embeddings === null && draft.embeddings !== null) entries.push({ name: 'embeddings.bin', body: draft.embeddings.bytes })
  entries.sort((a, b) => compareBytes(a.name, b.name))
  const { facts } = draft
  const sourceLeftOut = kept.source !== null && draft.entries.some(({ name }) => isSource(name)) ? { source_left_out: kept.source } : {}
  // The order of keys is the order in the file (docpack.md).
  const manifest: Manifest = {
    docpack_format: DOCPACK_FORMAT,
    version: facts.version,
    generated_at: isoTime(draft.committedAt),
    repository: facts.repository,
    symbol_count: facts.symbol_count,
    generators: facts.generators,
    languages: facts.languages,
    files: { ...facts.files, ...sourceLeftOut },
    degraded:
      facts.degraded ||
      'source_left_out' in sourceLeftOut ||
      kept.search !== null ||
      (kept.embeddings !== null && draft.embeddings !== null),
    usage: facts.usage,
    verification: facts.verification,
    embeddings: {
      blocks: kept.embeddings === null ? (draft.embeddings?.layout ?? []) : [],
      left_out: kept.embeddings,
      ...draft.embeddingNotes,
    },
    documents_in_rest: facts.documents_in_rest,
    ...(kept.search === null ? {} : { search_left_out: kept.search }),
    entries: Object.fromEntries(entries.map(({ name, body }) => [name, sha256Hex(body)])),
  }
  const withManifest = [...entries, { name: 'manifest.json', body: Buffer.from(stableJson(manifest)) }]
  return { entries: withManifest.sort((a, b) => compareBytes(a.name, b.name)), manifest }
}

/** What we write, we read: the reader's limits are looked at before the file leaves the house. */
function finish(made: { bytes: Buffer; manifest: Manifest; entries: DocpackEntry[]; unpacked: number; maxBytes: number }): WrittenDocpack {
  const large = made.entries.find(({ body }) => body.byteLength > made.maxBytes)
  if (large !== undefined) {
    throw new DoctownError('docpack_too_large', `The entry ${large.name} of this docpack would be larger than ${made.maxBytes} bytes.`)
  }
  if (made.entries.length > LIMITS.zipEntries) {
    throw new DoctownError('docpack_too_large', `This docpack would have more than ${LIMITS.zipEntries} entries.`)
  }
  if (made.unpacked > LIMITS.zipRatioFromBytes && made.unpacked > LIMITS.zipRatio * made.bytes.byteLength) {
    throw new DoctownError(
      'docpack_too_large',
      `This docpack would unpack to more than ${LIMITS.zipRatio} times its size, and no reader takes that.`,
    )
  }
  const sha256 = sha256Hex(made.bytes)
  return { bytes: made.bytes, sha256, docpack_id: DocpackIdSchema.parse(sha256.slice(0, 20)), manifest: made.manifest }
}

/** Everything that adm-zip would take from the machine is set: order (it sorts by locale), local time, platform. */
function zip(entries: readonly DocpackEntry[], committedAt: number): Buffer {
  const archive = new AdmZip(undefined, { noSort: true })
  const seen = new Set<string>()
  for (const { name, body } of entries) {
    const reason = seen.has(name) ? 'is there twice' : unsafeName(name)
    if (reason !== undefined) throw new DoctownError('unsafe_entry', `The docpack cannot hold an entry whose name ${reason}.`)
    seen.add(name)
    const entry = archive.addFile(name, Buffer.from(body.buffer, body.byteOffset, body.byteLength), '', 0o644)
    if (entry.entryName !== name) throw new DoctownError('unsafe_entry', `The docpack cannot hold an entry of the name ${name}.`)
    // `timeval` and `made` are set as they stand in the file; the types tell only of `time`, which goes through the local zone.
    const header = entry.header as unknown as { timeval: number; made: number }
    header.timeval = dosTime(committedAt)
    header.made = MADE_BY_UNIX_2_0
  }
  return archive.toBuffer()
}

const MADE_BY_UNIX_2_0 = 0x0314
const FIRST_DOS_SECOND = Date.UTC(1980, 0, 1) / 1000
const LAST_DOS_SECOND = Date.UTC(2107, 11, 31, 23, 59, 58) / 1000
const LAST_ISO_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000

/** UTC as the two 16-bit words of a ZIP header; times before 1980 and after 2107 become the nearest that it can say. */
function dosTime(seconds: number): number {
  const time = new Date(1000 * Math.min(Math.max(seconds, FIRST_DOS_SECOND), LAST_DOS_SECOND))
  const date = ((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate()
  const clock = (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1)
  return date * 0x10000 + clock
}

/** `2026-11-21T10:00:00Z` */
const isoTime = (seconds: number): string =>
  new Date(1000 * Math.min(Math.max(seconds, 0), LAST_ISO_SECOND)).toISOString().replace('.000Z', 'Z')
