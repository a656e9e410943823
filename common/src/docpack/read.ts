import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import { z } from 'zod'
import { ChunkEntrySchema, type ChunkEntry } from '../contracts/chunk.js'
import { ClusterSchema, type Cluster } from '../contracts/cluster.js'
import { DocumentSchema, type Document } from '../contracts/document.js'
import type { VectorBlock } from '../contracts/embedding.js'
import { DoctownError } from '../contracts/errors.js'
import { GraphSchema, type Graph } from '../contracts/graph.js'
import { DOCPACK_FORMAT, ManifestSchema, type Manifest } from '../contracts/manifest.js'
import { SearchTextSchema, type SearchText } from '../contracts/search-text.js'
import { SymbolContextSchema, type SymbolContext } from '../contracts/symbol-context.js'
import { SymbolSchema, type Symbol } from '../contracts/symbol.js'
import { DOCTOWN_VERSION } from '../contracts/version.js'
import { SEARCH_ENTRY } from './content.js'
import { unpackBlock } from './embeddings.js'
import { documentEntryName } from './entry-name.js'
import { damaged, openZip, type DocpackSource } from './zip-directory.js'

/** An open docpack: each entry is unpacked when asked for, its hash held against the manifest. All throw `invalid_docpack` when it is not as it should be. */
export interface DocpackReader {
  readonly manifest: Manifest
  readonly sizeBytes: number
  /** Every entry but manifest.json, in the order of the bytes of their names. */
  readonly names: readonly string[]
  has(name: string): boolean
  /** The entry's bytes; `not_found` when there is none of that name. */
  read(name: string): Promise<Buffer>
  /** Unpacks without keeping: throws unless size, checksum and hash are right. */
  check(name: string): Promise<void>
  symbols(): Promise<Symbol[]>
  graph(): Promise<Graph>
  clusters(): Promise<Cluster[]>
  contexts(): Promise<SymbolContext[]>
  chunks(): Promise<ChunkEntry[]>
  /** Of every item that can be searched; none where the docpack has no search.jsonl. */
  searchTexts(): Promise<SearchText[]>
  /** One file of `docs/`. */
  documentAt(name: string): Promise<Document>
  /** From `docs/` or docs-rest.jsonl. */
  document(symbolId: string): Promise<Document | undefined>
  documentsInRest(): Promise<Document[]>
  vectors(name: VectorBlock['name']): Promise<VectorBlock | undefined>
  close(): void
}

/**
 * Opens a docpack from memory or from a file, refusing what docpack.md names before anything is unpacked. Inflating runs on Node's own threads and
 * entries come in pieces, so that the event loop goes on.
 * Throws `invalid_docpack`, `unsafe_entry`, `docpack_too_large`, `docpack_too_new`; `not_found` when there is no such file.
 */
export async function openDocpack(source: DocpackSource): Promise<DocpackReader> {
  const { zip, sizeBytes, entries } = await openZip(source)
  try {
    const manifestEntry = entries.get('manifest.json')
    if (manifestEntry === undefined) throw new DoctownError('invalid_docpack', 'This file is no docpack: it has no manifest.json.')
    const manifest = parseManifest(await unpack(zip, 'manifest.json', manifestEntry))
    const names = [...entries.keys()].filter((name) => name !== 'manifest.json')
    checkListed(names, manifest)
    return createReader({ zip, sizeBytes, entries, manifest, names })
  } catch (error) {
    zip.close()
    throw error
  }
}

interface Opened {
  readonly zip: ZipFile
  readonly sizeBytes: number
  readonly entries: ReadonlyMap<string, Entry>
  readonly manifest: Manifest
  readonly names: readonly string[]
}

function createReader({ zip, sizeBytes, entries, manifest, names }: Opened): DocpackReader {
  const entry = (name: string): Entry => {
    const found = name === 'manifest.json' ? undefined : entries.get(name)
    if (found === undefined) throw new DoctownError('not_found', `This docpack has no entry ${name}.`)
    return found
  }
  const read = async (name: string): Promise<Buffer> => unpack(zip, name, entry(name), manifest.entries[name])
  const list = async <T>(name: string, item: z.ZodType<T>): Promise<T[]> => parseWith(z.array(item), name, json(name, await read(name)))
  const documentAt = async (name: string): Promise<Document> => parseWith(DocumentSchema, name, json(name, await read(name)))
  const lines = async <T>(name: string, item: z.ZodType<T>): Promise<T[]> => {
    if (!entries.has(name)) return []
    const texts = (await read(name)).toString('utf8').split('\n')
    return texts.flatMap((line) => (line === '' ? [] : [parseWith(item, name, json(name, line))]))
  }
  const documentsInRest = (): Promise<Document[]> => lines('docs-rest.jsonl', DocumentSchema)

  return {
    manifest,
    sizeBytes,
    names,
    has: (name) => name !== 'manifest.json' && entries.has(name),
    read,
    check: async (name) => {
      await eachPiece(zip, name, entry(name), manifest.entries[name], () => {})
    },
    symbols: () => list('symbols.json', SymbolSchema),
    graph: async () => parseWith(GraphSchema, 'graph.json', json('graph.json', await read('graph.json'))),
    clusters: () => list('clusters.json', ClusterSchema),
    contexts: () => list('symbol_contexts.json', SymbolContextSchema),
    chunks: () => list('chunks.json', ChunkEntrySchema),
    searchTexts: () => lines(SEARCH_ENTRY, SearchTextSchema),
    documentAt,
    document: async (symbolId) => {
      const name = documentEntryName(symbolId)
      if (entries.has(name)) return documentAt(name)
      return (await documentsInRest()).find(({ symbol }) => symbol === symbolId)
    },
    documentsInRest,
    vectors: async (name) => {
      if (!manifest.embeddings.blocks.some((block) => block.name === name)) return undefined
      const block = unpackBlock(await read('embeddings.bin'), manifest.embeddings.blocks, name)
      if (block === undefined) throw new DoctownError('invalid_docpack', 'embeddings.bin is shorter than the manifest says.')
      return block
    },
    close: () => zip.close(),
  }
}

const json = (name: string, text: Buffer | string): unknown => {
  if (isDeep(text))
    throw new DoctownError('invalid_docpack', `The entry ${name} of this docpack is nested deeper than any that Doctown writes.`)
  try {
    return JSON.parse(text.toString())
  } catch (error) {
    throw new DoctownError('invalid_docpack', `The entry ${name} of this docpack is no JSON.`, { cause: error })
  }
}

/** A million open brackets cost JSON.parse many times their bytes. */
function isDeep(text: Buffer | string): boolean {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  let depth = 0
  let inString = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (inString) {
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      depth += 1
      if (depth > MAX_JSON_DEPTH) return true
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth -= 1
  }
  return false
}

const MAX_JSON_DEPTH = 64
const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('"\\[]{}')

function parseWith<T>(schema: z.ZodType<T>, name: string, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const place = issue?.path.map(String).join('.') ?? ''
  throw new DoctownError('invalid_docpack', `The entry ${name} of this docpack is not as it should be at "${place}": ${issue?.message}.`)
}

const FormatSchema = z.object({ docpack_format: z.number().int().positive(), version: z.string().max(100).optional() })

/** The format first: a newer one may have another shape. */
function parseManifest(bytes: Buffer): Manifest {
  const value = json('manifest.json', bytes)
  const { docpack_format: format, version } = parseWith(FormatSchema, 'manifest.json', value)
  if (format > DOCPACK_FORMAT) {
    throw new DoctownError(
      'docpack_too_new',
      `This docpack has format ${format}; Doctown ${DOCTOWN_VERSION} reads up to ${DOCPACK_FORMAT}. Open it with Doctown ${version ?? 'of a later version'} or newer.`,
    )
  }
  return parseWith(ManifestSchema, 'manifest.json', value)
}

function checkListed(names: readonly string[], manifest: Manifest): void {
  const listed = new Set(Object.keys(manifest.entries))
  const stranger = names.find((name) => !listed.has(name))
  if (stranger !== undefined) throw new DoctownError('invalid_docpack', `The manifest of this docpack does not list its entry ${stranger}.`)
  if (listed.size === names.length) return
  const there = new Set(names)
  const missing = [...listed].find((name) => !there.has(name))
  throw new DoctownError('invalid_docpack', `This docpack lacks the entry ${missing} that its manifest lists.`)
}

async function unpack(zip: ZipFile, name: string, entry: Entry, sha256?: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  await eachPiece(zip, name, entry, sha256, (piece) => pieces.push(piece))
  return Buffer.concat(pieces)
}

/** Streams an entry and throws `invalid_docpack` unless size, checksum and, where given, sha256 are right. */
async function eachPiece(
  zip: ZipFile,
  name: string,
  entry: Entry,
  sha256: string | undefined,
  take: (piece: Buffer) => void,
): Promise<void> {
  const hash = createHash('sha256')
  let checksum = 0
  try {
    const stream = await openStream(zip, entry)
    for await (const piece of stream as AsyncIterable<Buffer>) {
      hash.update(piece)
      checksum = crc32(piece, checksum)
      take(piece)
    }
  } catch (error) {
    if (error instanceof DoctownError) throw error
    throw damaged(error)
  }
  if (checksum !== entry.crc32) throw damaged()
  if (sha256 !== undefined && hash.digest('hex') !== sha256) {
    throw new DoctownError('invalid_docpack', `The entry ${name} is not the one that the manifest of this docpack names: its hash differs.`)
  }
}

/** What yauzl 3.4 has and its types, made for 2.10, do not tell of. */
interface LocalHeaderReader {
  readLocalFileHeader(entry: Entry, done: (error: Error | null, header?: { readonly fileName: Buffer }) => void): void
}

function openStream(zip: ZipFile, entry: Entry): Promise<Readable> {
  const local = zip as ZipFile & LocalHeaderReader
  return new Promise((resolve, reject) => {
    local.readLocalFileHeader(entry, (failed, header) => {
      if (failed !== null || header === undefined) return reject(failed ?? damaged())
      // Bytes, because of `decodeStrings: false`; the types do not know.
      const name = entry.fileName as unknown as Buffer
      if (!header.fileName.equals(name)) {
        return reject(new DoctownError('unsafe_entry', 'This docpack has an entry with two different names.'))
      }
      zip.openReadStream(entry, (error, stream) => (error === null ? resolve(stream) : reject(error)))
    })
  })
}
