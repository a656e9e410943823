import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { constants, inflateSync } from 'node:zlib'
import { applyDelta, deltaResultBytes } from './delta.js'
import type { GitObject, GitObjectType, ReadResult } from './object-store.js'

/** git itself stops at 4,095 deltas on top of each other; a chain that bites its tail is longer. */
const MAX_DELTAS = 4096
const BASE_CACHE_BYTES = 32 * 1024 * 1024
const TYPES: Readonly<Record<number, GitObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' }
const OFS_DELTA = 6
const REF_DELTA = 7

/** One pack and its index (gitformat-pack). Reads single objects by their place; never holds the file in memory. */
export class Pack {
  readonly #index: number
  readonly #pack: number
  readonly #packBytes: number
  readonly #fanout: Uint32Array
  /** Objects that others are deltas of, by offset. */
  readonly #bases = new Map<number, GitObject>()
  #basesBytes = 0

  constructor(indexPath: string) {
    this.#index = openSync(indexPath, 'r')
    this.#pack = openSync(indexPath.replace(/idx$/, 'pack'), 'r')
    this.#packBytes = fstatSync(this.#pack).size
    const head = bytesAt(this.#index, 0, 8 + 256 * 4)
    if (head.readUInt32BE(0) !== 0xff744f63 || head.readUInt32BE(4) !== 2) throw new Error('pack index is not version 2')
    this.#fanout = Uint32Array.from({ length: 256 }, (_, byte) => head.readUInt32BE(8 + byte * 4))
  }

  close(): void {
    closeSync(this.#index)
    closeSync(this.#pack)
  }

  /** Where the object lies in the pack; `null` when it is not there. */
  find(oid: string): number | null {
    const wanted = Buffer.from(oid, 'hex')
    const { names, from } = this.#bucket(wanted[0] ?? 0)
    let low = 0
    let high = names.length / 20 - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const order = names.compare(wanted, 0, 20, middle * 20, middle * 20 + 20)
      if (order === 0) return this.#offset(from + middle)
      if (order < 0) low = middle + 1
      else high = middle - 1
    }
    return null
  }

  withPrefix(prefix: string): string[] {
    const { names } = this.#bucket(parseInt(prefix.slice(0, 2), 16))
    const ids = Array.from({ length: names.length / 20 }, (_, i) => names.toString('hex', i * 20, i * 20 + 20))
    return ids.filter((id) => id.startsWith(prefix))
  }

  /** The object at `offset`. `readBase` finds a base that is named by id and not in this pack. */
  read(offset: number, maxBytes: number, readBase: (oid: string) => ReadResult): ReadResult {
    const deltas: Buffer[] = []
    const chain: number[] = []
    let at = offset
    let base: ReadResult | undefined = this.#bases.get(at)
    while (base === undefined) {
      const entry = this.#entry(at)
      if (entry.length > maxBytes) return 'too_large'
      const bytes = this.#inflate(entry.dataAt, entry.length)
      if (entry.type !== null) {
        base = { type: entry.type, bytes }
        if (deltas.length > 0) this.#remember(at, base)
        break
      }
      if (deltaResultBytes(bytes) > maxBytes) return 'too_large'
      if (deltas.push(bytes) > MAX_DELTAS) return 'missing'
      chain.push(at)
      if (typeof entry.base === 'string') {
        const inside = this.find(entry.base)
        if (inside === null) base = readBase(entry.base)
        else at = inside
      } else {
        at = entry.base
      }
      base ??= this.#bases.get(at)
    }
    if (typeof base === 'string') return base
    for (let i = deltas.length - 1; i >= 0; i--) {
      base = { type: base.type, bytes: applyDelta(base.bytes, deltas[i] ?? Buffer.alloc(0)) }
      if (i > 0) this.#remember(chain[i] ?? 0, base)
    }
    return base
  }

  #bucket(firstByte: number): { readonly names: Buffer; readonly from: number } {
    const from = firstByte === 0 ? 0 : (this.#fanout[firstByte - 1] ?? 0)
    const to = this.#fanout[firstByte] ?? from
    return { names: bytesAt(this.#index, 8 + 1024 + from * 20, (to - from) * 20), from }
  }

  #offset(position: number): number {
    const count = this.#fanout[255] ?? 0
    const small = bytesAt(this.#index, 8 + 1024 + count * 24 + position * 4, 4).readUInt32BE(0)
    if (small < 0x80000000) return small
    const large = 8 + 1024 + count * 28 + (small - 0x80000000) * 8
    return Number(bytesAt(this.#index, large, 8).readBigUInt64BE(0))
  }

  /** Header of the entry: a plain object has its type; a delta has `type: null` and its base, by place or by id. */
  #entry(offset: number): Entry {
    const head = bytesAt(this.#pack, offset, 64)
    let at = 0
    const next = (): number => {
      const byte = head[at++]
      if (byte === undefined) throw new Error('pack ends inside an object')
      return byte
    }
    let byte = next()
    const kind = (byte >> 4) & 7
    let length = byte & 15
    // Multiplied, not shifted: lengths may pass 2^31.
    for (let scale = 16; byte & 128; scale *= 128) {
      byte = next()
      length += (byte & 127) * scale
    }
    const type = TYPES[kind]
    if (type !== undefined) return { type, length, base: 0, dataAt: offset + at }
    if (kind === REF_DELTA) return { type: null, length, base: head.toString('hex', at, at + 20), dataAt: offset + at + 20 }
    if (kind !== OFS_DELTA) throw new Error('pack holds an object of an unknown kind')
    byte = next()
    let back = byte & 127
    while (byte & 128) {
      byte = next()
      back = (back + 1) * 128 + (byte & 127)
    }
    if (back <= 0 || back > offset) throw new Error('pack holds a delta without a base')
    return { type: null, length, base: offset - back, dataAt: offset + at }
  }

  /** `length` bytes, inflated. How long they are packed is not written anywhere, so a little more than enough is read. */
  #inflate(at: number, length: number): Buffer {
    for (let packed = length + (length >> 3) + 64; ; packed *= 8) {
      const isAll = at + packed >= this.#packBytes
      const output = inflateSync(bytesAt(this.#pack, at, Math.min(packed, this.#packBytes - at)), {
        maxOutputLength: Math.max(length, 1),
        finishFlush: constants.Z_SYNC_FLUSH,
      })
      if (output.length === length) return output
      if (isAll) throw new Error('pack ends inside an object')
    }
  }

  #remember(offset: number, object: GitObject): void {
    if (object.bytes.length > BASE_CACHE_BYTES / 4 || this.#bases.has(offset)) return
    this.#bases.set(offset, object)
    this.#basesBytes += object.bytes.length
    for (const [oldest, { bytes }] of this.#bases) {
      if (this.#basesBytes <= BASE_CACHE_BYTES) break
      this.#bases.delete(oldest)
      this.#basesBytes -= bytes.length
    }
  }
}

interface Entry {
  readonly type: GitObjectType | null
  /** Inflated length; of the delta itself where it is one. */
  readonly length: number
  readonly base: number | string
  readonly dataAt: number
}

/** Up to `length` bytes; fewer at the end of the file. */
function bytesAt(descriptor: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const got = readSync(descriptor, buffer, filled, length - filled, position + filled)
    if (got === 0) break
    filled += got
  }
  return buffer.subarray(0, filled)
}
