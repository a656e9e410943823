import { createHash, randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ItemVectors, SearchItem } from '@doctown/common/search/item.js'
import { z } from 'zod'

/** What was read of a folder, ready to be indexed; one row of vectors an item. */
export interface CachedFolder {
  readonly items: readonly SearchItem[]
  readonly vectors: ItemVectors
}

/** Entries by the digest of all that went into them. A cache never fails a search: what cannot be read or written is not there. */
export interface IndexCache {
  get(key: string): Promise<CachedFolder | undefined>
  put(key: string, folder: CachedFolder): Promise<void>
}

const ENDING = '.folder'
const FORMAT = 'doctown-search-folder 1'
/** All entries together; of those beyond, the ones that were not asked for the longest go. */
const MAX_BYTES = 256 * 1024 * 1024
/** A larger one would drive out all others. */
const MAX_ENTRY_BYTES = 96 * 1024 * 1024
/** Of a process that was killed while it wrote. */
const STALE_PART_MS = 60 * 60 * 1000
const LARGEST = 127

const HeaderSchema = z.object({
  format: z.literal(FORMAT),
  sha256: z.string(),
  items: z.number().int().nonnegative(),
  jsonBytes: z.number().int().nonnegative(),
  dimensions: z.number().int().positive(),
})
const ItemsSchema = z.array(
  z.object({
    symbol_id: z.string().nullable(),
    name: z.string(),
    symbol_type: z.string(),
    path: z.string(),
    file: z.string(),
    start_line: z.number(),
    end_line: z.number(),
    public: z.boolean(),
    test: z.boolean(),
    implementation: z.boolean(),
    head: z.string(),
    body: z.string(),
    docs: z.string(),
  }),
)

/**
 * Entries as files of one folder, for this user alone: they hold source. A file appears whole under its name or not at all, so any number of processes may
 * read and write at once; one that was changed since, or that something else wrote, is removed.
 */
export function createIndexCache(folder: string, options: { readonly maxBytes?: number } = {}): IndexCache {
  const maxBytes = options.maxBytes ?? MAX_BYTES
  const fileOf = (key: string): string => join(folder, `${key}${ENDING}`)
  return {
    async get(key) {
      const bytes = await readFile(fileOf(key)).catch(() => undefined)
      if (bytes === undefined) return undefined
      const cached = decode(bytes)
      const now = new Date()
      if (cached === undefined) await rm(fileOf(key), { force: true }).catch(() => {})
      else await utimes(fileOf(key), now, now).catch(() => {})
      return cached
    },

    async put(key, cached) {
      const bytes = encode(cached)
      if (bytes.byteLength > Math.min(MAX_ENTRY_BYTES, maxBytes)) return
      const part = join(folder, `${key}.${randomUUID()}.part`)
      try {
        await mkdir(folder, { recursive: true })
        await chmod(folder, 0o700)
        await writeFile(part, bytes, { mode: 0o600 })
        await rename(part, fileOf(key))
        await makeRoom(folder, maxBytes)
      } catch {
        // A full disk, a folder of somebody else's: then the next search reads the sources again.
        await rm(part, { force: true }).catch(() => {})
      }
    },
  }
}

async function makeRoom(folder: string, maxBytes: number): Promise<void> {
  const files: { file: string; bytes: number; usedMs: number }[] = []
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    // Another process may have removed it meanwhile.
    const facts = await stat(file).catch(() => null)
    if (facts === null || !facts.isFile()) continue
    if (name.endsWith(ENDING)) files.push({ file, bytes: facts.size, usedMs: facts.mtimeMs })
    else if (name.endsWith('.part') && Date.now() - facts.mtimeMs > STALE_PART_MS) await rm(file, { force: true })
  }
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const { file, bytes } of files.sort((a, b) => a.usedMs - b.usedMs)) {
    if (total <= maxBytes) return
    await rm(file, { force: true })
    total -= bytes
  }
}

/** A line of JSON, the items as JSON, then each row's scale and its whole numbers: the index keeps no more of a vector (dense-rows.ts). */
function encode({ items, vectors: { dimensions, values } }: CachedFolder): Buffer {
  const json = Buffer.from(JSON.stringify(items))
  const scales = new Float32Array(items.length)
  const levels = new Int8Array(items.length * dimensions)
  for (let row = 0; row < items.length; row++) {
    let largest = 0
    for (let i = 0; i < dimensions; i++) largest = Math.max(largest, Math.abs(values[row * dimensions + i]!))
    const scale = (scales[row] = largest / LARGEST)
    if (scale > 0) for (let i = 0; i < dimensions; i++) levels[row * dimensions + i] = Math.round(values[row * dimensions + i]! / scale)
  }
  const rest = Buffer.concat([json, bytesOf(scales), bytesOf(levels)])
  const header = { format: FORMAT, sha256: sha256(rest), items: items.length, jsonBytes: json.byteLength, dimensions }
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), rest])
}

/** `undefined` for anything that this version has not written just so. */
function decode(bytes: Buffer): CachedFolder | undefined {
  try {
    const lineEnd = bytes.indexOf('\n')
    const { sha256: expected, items: count, jsonBytes, dimensions } = HeaderSchema.parse(JSON.parse(bytes.toString('utf8', 0, lineEnd)))
    const rest = bytes.subarray(lineEnd + 1)
    if (rest.byteLength !== jsonBytes + count * (4 + dimensions) || sha256(rest) !== expected) return undefined
    const items = ItemsSchema.parse(JSON.parse(rest.toString('utf8', 0, jsonBytes)))
    if (items.length !== count) return undefined
    const scales = new Float32Array(Uint8Array.from(rest.subarray(jsonBytes, jsonBytes + count * 4)).buffer)
    const levels = new Int8Array(Uint8Array.from(rest.subarray(jsonBytes + count * 4)).buffer)
    const values = new Float32Array(levels.length)
    for (let row = 0, at = 0; row < count; row++) {
      const scale = scales[row]!
      for (const end = at + dimensions; at < end; at++) values[at] = levels[at]! * scale
    }
    return { items, vectors: { dimensions, values, itemOfRow: Int32Array.from(items, (_, i) => i) } }
  } catch {
    return undefined
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
