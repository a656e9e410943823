/** ZIP files byte by byte, so that a test can lie in any field. Nothing here is used to write a real docpack. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface EntrySketch {
  readonly name: string | Buffer
  /** Another name in the local header. */
  readonly localName?: string
  readonly body?: Buffer | string
  readonly method?: number
  /** Compressed bytes as they stand, instead of `body` deflated. */
  readonly packed?: Buffer
  readonly declaredSize?: number
  readonly crc?: number
  readonly flags?: number
  /** Upper half of the external attributes: a Unix mode. */
  readonly mode?: number
  readonly extra?: Buffer
  /** Points at the local header of an earlier entry. */
  readonly sharesWith?: number
}

export interface ZipSketch {
  readonly entries: readonly EntrySketch[]
  readonly declaredCount?: number
  readonly comment?: Buffer
}

export function makeZip({ entries, declaredCount, comment = Buffer.alloc(0) }: ZipSketch): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  const offsets: number[] = []
  let offset = 0
  for (const entry of entries) {
    const body = Buffer.from(entry.body ?? '')
    const method = entry.method ?? 8
    const packed = entry.packed ?? (method === 8 ? deflateRawSync(body) : body)
    const fields = header(entry, {
      crc: entry.crc ?? crc32(body),
      packed: packed.byteLength,
      size: entry.declaredSize ?? body.byteLength,
      method,
    })
    const at = entry.sharesWith === undefined ? offset : (offsets[entry.sharesWith] ?? 0)
    offsets.push(at)
    const name = Buffer.from(entry.name)
    const extra = entry.extra ?? Buffer.alloc(0)
    if (entry.sharesWith === undefined) {
      const localName = Buffer.from(entry.localName ?? entry.name)
      const local = Buffer.concat([Buffer.from('504b0304', 'hex'), fields, lengths(localName.byteLength, 0), localName, packed])
      locals.push(local)
      offset += local.byteLength
    }
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((entry.mode ?? 0) * 0x10000) >>> 0, 6)
    tail.writeUInt32LE(at, 10)
    centrals.push(
      Buffer.concat([Buffer.from('504b01021403', 'hex'), fields, lengths(name.byteLength, extra.byteLength), tail, name, extra]),
    )
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('504b0506', 'hex')
  end.writeUInt16LE(declaredCount ?? entries.length, 8)
  end.writeUInt16LE(declaredCount ?? entries.length, 10)
  end.writeUInt32LE(directory.byteLength, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.byteLength, 20)
  return Buffer.concat([...locals, directory, end, comment])
}

function header(entry: EntrySketch, facts: { crc: number; packed: number; size: number; method: number }): Buffer {
  const fields = Buffer.alloc(22)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(entry.flags ?? 0x0800, 2)
  fields.writeUInt16LE(facts.method, 4)
  fields.writeUInt16LE(0x21, 8)
  fields.writeUInt32LE(facts.crc, 10)
  fields.writeUInt32LE(facts.packed, 14)
  fields.writeUInt32LE(facts.size, 18)
  return fields
}

function lengths(name: number, extra: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt16LE(name, 0)
  bytes.writeUInt16LE(extra, 2)
  return bytes
}
