import { randomUUID } from 'node:crypto'
import { link, open, readdir, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { makeFolder } from './make-folder.js'
import { removeDeadFiles, writerName } from './writer-name.js'

/**
 * Records appended to a file that several processes write and read at once, and that a kill at any point leaves readable.
 *
 * A frame is magic, length, crc32, record, written by one append; what a killed writer left of one is stepped over. A compaction writes the
 * living records to the next generation, `log-<n + 1>`, and links it in place, which only one process can do. Then it carries over what others
 * had appended to the old one meanwhile; who appends looks afterwards whether a newer generation has come, and if so appends there again.
 * So a record may be there twice, never not at all: applying it twice must do no harm.
 */
export interface AppendLog {
  /** Durable when it resolves. */
  append(records: readonly Uint8Array[]): Promise<void>
  /** Hands what was appended since the last call to `apply`, after `reset` when that begins anew. */
  refresh(): Promise<void>
  /** Bytes of the file as last read. */
  readonly bytes: number
  /** Replaces the file by these records, which must say the same as all that were read; false when another process was first. */
  compact(records: Iterable<Uint8Array>): Promise<boolean>
}

export interface AppendLogOptions {
  /** Made when missing; nothing else may lie in it. */
  readonly folder: string
  readonly apply: (record: Buffer) => void
  readonly reset: () => void
}

const MAGIC = Buffer.from([0xff, 0x44, 0x54, 0x4c, 0xfe, 0x00, 0x01, 0xff])
const HEAD_BYTES = MAGIC.length + 8
const SCAN_BYTES = 1024 * 1024
const TEMP_FOLDER = '.tmp'

export async function openAppendLog(options: AppendLogOptions): Promise<AppendLog> {
  const { folder, apply, reset } = options
  const temp = join(folder, TEMP_FOLDER)
  await makeFolder(temp)
  await removeDeadFiles(temp)
  let generation = 0
  let offset = 0

  const file = (number: number): string => join(folder, `log-${number}`)
  const newest = async (): Promise<number> => {
    const numbers = (await readdir(folder)).map((name) => Number(/^log-(\d{1,9})$/.exec(name)?.[1] ?? 0))
    return Math.max(0, ...numbers)
  }

  const append = async (records: readonly Uint8Array[]): Promise<void> => {
    const frames = records.map(frame)
    for (;;) {
      const number = Math.max(1, await newest())
      const handle = await open(file(number), 'a')
      try {
        for (const bytes of frames) await appendWhole(handle, bytes)
        await handle.sync()
      } finally {
        await handle.close()
      }
      if ((await newest()) === number) return
    }
  }

  const refresh = async (): Promise<void> => {
    const number = await newest()
    if (number !== generation) {
      reset()
      generation = number
      offset = 0
    }
    if (number === 0) return
    const handle = await open(file(number), 'r').catch(absent)
    // A newer one has come since the folder was read.
    if (handle === undefined) return refresh()
    try {
      offset = await readFrames(handle, offset, apply)
    } finally {
      await handle.close()
    }
  }

  return {
    append,
    refresh,

    get bytes() {
      return offset
    },

    async compact(records) {
      const old = await open(file(generation), 'r').catch(absent)
      if (old === undefined) return false
      const draft = join(temp, `${await writerName()}.${randomUUID()}`)
      try {
        await writeFrames(draft, records)
        try {
          await link(draft, file(generation + 1))
        } catch (error) {
          if (hasCode(error, 'EEXIST')) return false
          throw error
        }
        const late: Buffer[] = []
        await readFrames(old, offset, (record) => late.push(record))
        if (late.length > 0) await append(late)
        await rm(file(generation), { force: true })
        return true
      } finally {
        await rm(draft, { force: true })
        await old.close()
      }
    },
  }
}

function frame(record: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  MAGIC.copy(head)
  head.writeUInt32LE(record.byteLength, MAGIC.length)
  head.writeUInt32LE(crc32(record), MAGIC.length + 4)
  return Buffer.concat([head, record])
}

/** One write, because only a whole one cannot mix with another process's. */
async function appendWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  const { bytesWritten } = await handle.write(bytes)
  if (bytesWritten === bytes.byteLength) return
  throw Object.assign(new Error('the record was written in part'), { code: 'ENOSPC' })
}

async function writeFrames(path: string, records: Iterable<Uint8Array>): Promise<void> {
  const handle = await open(path, 'wx')
  try {
    for (const record of records) await appendWhole(handle, frame(record))
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Reads whole frames from `offset` on and gives the offset after the last; a torn one at the end may still be being written. */
async function readFrames(handle: FileHandle, offset: number, apply: (record: Buffer) => void): Promise<number> {
  const { size } = await handle.stat()
  let at = offset
  while (at < size) {
    const record = await frameAt(handle, at, size)
    if (record !== undefined) {
      apply(record)
      at += HEAD_BYTES + record.byteLength
      continue
    }
    const next = await nextFrame(handle, at + 1, size)
    if (next === undefined) break
    at = next
  }
  return at
}

async function frameAt(handle: FileHandle, at: number, size: number): Promise<Buffer | undefined> {
  if (at + HEAD_BYTES > size) return undefined
  const head = await readAt(handle, at, HEAD_BYTES)
  const length = head.readUInt32LE(MAGIC.length)
  if (!head.subarray(0, MAGIC.length).equals(MAGIC) || at + HEAD_BYTES + length > size) return undefined
  const record = await readAt(handle, at + HEAD_BYTES, length)
  return crc32(record) === head.readUInt32LE(MAGIC.length + 4) ? record : undefined
}

/** The next whole frame behind bytes that are none. */
async function nextFrame(handle: FileHandle, from: number, size: number): Promise<number | undefined> {
  for (let start = from; start < size; start += SCAN_BYTES) {
    const block = await readAt(handle, start, Math.min(SCAN_BYTES + MAGIC.length, size - start))
    for (let found = block.indexOf(MAGIC); found >= 0; found = block.indexOf(MAGIC, found + 1)) {
      if ((await frameAt(handle, start + found, size)) !== undefined) return start + found
    }
  }
  return undefined
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const { bytesRead } = await handle.read(buffer, read, length - read, position + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return buffer
}

const hasCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code

function absent(error: unknown): undefined {
  if (hasCode(error, 'ENOENT')) return undefined
  throw error
}
