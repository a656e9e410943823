import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { DoctownError } from '../contracts/errors.js'
import { LIMITS } from '../contracts/limits.js'
import { unsafeName } from './entry-name.js'

/** A ZIP whose directory has been read and found good; no entry has been unpacked yet. */
export interface ZipDirectory {
  readonly zip: ZipFile
  readonly sizeBytes: number
  readonly entries: ReadonlyMap<string, Entry>
}

/** From memory, or from a file of which only the asked parts are read. */
export type DocpackSource = Uint8Array | { readonly path: string }

/**
 * Reads the list of entries and refuses what docpack.md says a reader refuses, before a byte is unpacked.
 * Throws `invalid_docpack`, `unsafe_entry`, `docpack_too_large`. The caller closes `zip`.
 */
export async function openZip(source: DocpackSource): Promise<ZipDirectory> {
  const zip = await openArchive(source)
  try {
    const sizeBytes = fileSize(zip)
    if (zip.entryCount > LIMITS.zipEntries) {
      throw new DoctownError('invalid_docpack', `This docpack has ${zip.entryCount} entries; at most ${LIMITS.zipEntries} are read.`)
    }
    const directoryStart = readCursor(zip)
    const entries = new Map<string, Entry>()
    let unpacked = 0
    for (const entry of await readEntries(zip)) {
      const name = checkEntry(entry)
      if (entries.has(name)) throw new DoctownError('unsafe_entry', `The entry ${name} is in this docpack twice.`)
      entries.set(name, entry)
      unpacked += entry.uncompressedSize
      if (unpacked > LIMITS.zipAllBytes) {
        throw new DoctownError('docpack_too_large', `This docpack unpacks to more than ${LIMITS.zipAllBytes} bytes.`)
      }
    }
    if (unpacked >= LIMITS.zipRatioFromBytes && unpacked > LIMITS.zipRatio * sizeBytes) {
      throw new DoctownError('docpack_too_large', `This docpack unpacks to more than ${LIMITS.zipRatio} times its size.`)
    }
    checkOverlap([...entries.values()], directoryStart)
    return { zip, sizeBytes, entries }
  } catch (error) {
    zip.close()
    throw error
  }
}

export const damaged = (cause?: unknown): DoctownError =>
  new DoctownError('invalid_docpack', 'This docpack is damaged. Download or build it again.', { cause })

function openArchive(source: DocpackSource): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Names stay bytes: yauzl would turn a backslash into a slash before anyone could refuse it.
    const options = { lazyEntries: true, decodeStrings: false, autoClose: false }
    const opened = (error: Error | null, zip: ZipFile | undefined): void => {
      if (zip !== undefined && error === null) resolve(zip)
      else reject(openingError(error, source))
    }
    if (source instanceof Uint8Array) yauzl.fromBuffer(Buffer.from(source.buffer, source.byteOffset, source.byteLength), options, opened)
    else yauzl.open(source.path, options, opened)
  })
}

/** The directory of a ZIP stands at its end: a file that begins as a ZIP and has none was cut short. */
function openingError(error: Error | null, source: DocpackSource): DoctownError {
  const code = error !== null && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return new DoctownError('not_found', 'There is no such docpack file.', { cause: error })
  if (typeof code === 'string') return new DoctownError('invalid_docpack', `The docpack file cannot be read (${code}).`, { cause: error })
  if (/signature not found|truncated|unexpected EOF/i.test(error?.message ?? '') && mayBeginAsZip(source)) return cutShort(error)
  return new DoctownError('invalid_docpack', 'This file is no docpack: it is not a ZIP archive that we can read.', { cause: error })
}

const cutShort = (cause: unknown): DoctownError =>
  new DoctownError('invalid_docpack', 'This docpack is cut short: its end is missing. Download or build it again.', { cause })

/** Of a path the extension must do: `.docpack` files are ours. */
function mayBeginAsZip(source: DocpackSource): boolean {
  if (!(source instanceof Uint8Array)) return /\.(docpack|zip)$/.test(source.path)
  return source.byteLength >= 4 && source[0] === 0x50 && source[1] === 0x4b
}

function readEntries(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = []
    zip.on('entry', (entry: Entry) => {
      entries.push(entry)
      if (entries.length > LIMITS.zipEntries) reject(damaged())
      // A turn of the event loop between blocks: 10,000 entries take a tenth of a second.
      else if (entries.length % 256 === 0) setImmediate(() => zip.readEntry())
      else zip.readEntry()
    })
    zip.on('end', () => {
      // Readers that scan for entries instead of counting them must not see others behind ours.
      const rest = fileSize(zip) - readCursor(zip)
      if ([22, 98].includes(rest - commentLength(zip))) resolve(entries)
      else reject(damaged())
    })
    zip.on('error', (error: Error) => reject(damaged(error)))
    zip.readEntry()
  })
}

/** The types, made for an older yauzl, call these numbers a boolean and a text. */
const readCursor = (zip: ZipFile): number => zip.readEntryCursor as unknown as number
const commentLength = (zip: ZipFile): number => zip.comment.length
const fileSize = (zip: ZipFile): number => zip.fileSize

const STRONG_OR_MASKED_ENCRYPTION = 0x0001 | 0x0040 | 0x2000
const UTF8_NAME = 0x0800
const UNICODE_PATH_FIELD = 0x7075
const FILE_TYPE_MASK = 0o170000
const REGULAR_FILE = 0o100000

/** Gives the name; throws for everything that a good docpack never has. */
function checkEntry(entry: Entry): string {
  // Bytes, because of `decodeStrings: false`; the types do not know.
  const raw = entry.fileName as unknown as Buffer
  const name = decodeName(raw, (entry.generalPurposeBitFlag & UTF8_NAME) !== 0)
  const refuse = (reason: string): never => {
    throw new DoctownError('unsafe_entry', `This docpack has an entry that ${reason}: ${printable(raw)}`)
  }
  if (name === undefined) return refuse('has a name that is not UTF-8')
  const reason = unsafeName(name)
  if (reason !== undefined) return refuse(`has a name that ${reason}`)
  if (entry.extraFields.some(({ id }) => id === UNICODE_PATH_FIELD)) return refuse('has a second name')
  if ((entry.generalPurposeBitFlag & STRONG_OR_MASKED_ENCRYPTION) !== 0) return refuse('is encrypted')
  const fileType = (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK
  if (fileType !== 0 && fileType !== REGULAR_FILE) return refuse('is a link or no file')
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw new DoctownError('invalid_docpack', `The entry ${name} is compressed in a way that we do not read.`)
  }
  if (entry.uncompressedSize > LIMITS.zipEntryBytes) {
    throw new DoctownError('docpack_too_large', `The entry ${name} unpacks to more than ${LIMITS.zipEntryBytes} bytes.`)
  }
  if (isJsonBomb(name, entry)) throw new DoctownError('docpack_too_large', `The entry ${name} is JSON that no documentation looks like.`)
  return name
}

const JSON_BOMB_FROM_BYTES = 4 * 1024 * 1024
const JSON_BOMB_RATIO = 200

/** Parsed JSON takes many times its text: `[],[],[],` of 4 MiB is 100 MiB of empty arrays. What we write packs to a twentieth. */
const isJsonBomb = (name: string, { compressedSize, uncompressedSize }: Entry): boolean =>
  /\.jsonl?$/.test(name) && uncompressedSize > JSON_BOMB_FROM_BYTES && uncompressedSize > JSON_BOMB_RATIO * compressedSize

function decodeName(raw: Buffer, utf8: boolean): string | undefined {
  // Without the flag a name is in an old code page, in which other programs may read another name.
  if (!utf8 && raw.some((byte) => byte > 0x7e)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw)
  } catch {
    return undefined
  }
}

const printable = (raw: Buffer): string => JSON.stringify(raw.subarray(0, 100).toString('latin1'))

/** Entries that share bytes are how a small file unpacks to a huge one (Fifield, "A better zip bomb"). */
function checkOverlap(entries: readonly Entry[], directoryStart: number): void {
  const LOCAL_HEADER_BYTES = 30
  const spans = entries
    .map((entry) => ({ start: entry.relativeOffsetOfLocalHeader, bytes: LOCAL_HEADER_BYTES + entry.fileNameLength + entry.compressedSize }))
    .sort((a, b) => a.start - b.start)
  let end = 0
  for (const { start, bytes } of [...spans, { start: directoryStart, bytes: 0 }]) {
    if (start < end) throw new DoctownError('unsafe_entry', 'Entries of this docpack overlap each other.')
    end = start + bytes
  }
}
