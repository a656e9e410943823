import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DoctownError } from '../contracts/errors.js'

export interface Download {
  readonly url: string
  /** Where the file goes; while it is not whole, its bytes lie beside it as `<path>.part`. */
  readonly path: string
  readonly sha256: string
  readonly bytes: number
  readonly signal: AbortSignal
  readonly progress: (bytes: number, total: number) => void
}

/** Without a byte for this long the server counts as gone. */
const SILENCE_MS = 30_000

/**
 * Fetches one pinned file. What an earlier try left is gone on with (an HTTP range request), a server that knows no ranges begins anew.
 * The file gets its name only when size and sha256 are right. Throws `download_failed` (may be tried again) or `checksum_mismatch`.
 */
export async function download({ url, path, sha256, bytes, signal, progress }: Download): Promise<void> {
  const part = `${path}.part`
  let have = await sizeOf(part)
  if (have > bytes) {
    await rm(part)
    have = 0
  }
  if (have < bytes) {
    const response = await request(url, have, signal)
    const resumed = response.status === 206
    if (!resumed) have = 0
    progress(have, bytes)
    await receive(response, { part, append: resumed, signal, bytes, onBytes: (count) => progress((have += count), bytes), url })
  }
  if ((await sizeOf(part)) !== bytes || (await hashOf(part)) !== sha256) {
    await rm(part, { force: true })
    throw otherFile(url)
  }
  await rename(part, path)
}

/** sha256 of a file in hex, `null` when there is none. */
export async function hashOf(path: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer) // a stream of bytes without an encoding
    return hash.digest('hex')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function request(url: string, have: number, signal: AbortSignal): Promise<Response> {
  const silent = new AbortController()
  // For the answer's first line only; `receive` watches over the rest.
  const timer = setTimeout(() => silent.abort(), SILENCE_MS)
  const response = await fetch(url, {
    headers: have > 0 ? { range: `bytes=${have}-` } : {},
    signal: AbortSignal.any([signal, silent.signal]),
  })
    .catch((cause: unknown) => {
      signal.throwIfAborted()
      throw failed(`${hostOf(url)} cannot be reached`, cause)
    })
    .finally(() => clearTimeout(timer))
  if (response.ok && response.body !== null) return response
  await response.body?.cancel()
  throw failed(`${hostOf(url)} answered ${response.status}`)
}

async function receive(
  response: Response,
  to: { part: string; append: boolean; bytes: number; signal: AbortSignal; onBytes: (count: number) => void; url: string },
): Promise<void> {
  const silent = new AbortController()
  const timer = setTimeout(() => silent.abort(), SILENCE_MS)
  let left = to.bytes
  try {
    // `as`: the DOM's and Node's types of one and the same stream.
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])
    body.on('data', (piece: Buffer) => {
      timer.refresh()
      to.onBytes(piece.length)
      left -= piece.length
      // More than was asked for is another file; it is not taken in to fill the disk.
      if (left < 0) silent.abort()
    })
    await pipeline(body, createWriteStream(to.part, { flags: to.append ? 'a' : 'w' }), {
      signal: AbortSignal.any([to.signal, silent.signal]),
    })
  } catch (cause) {
    to.signal.throwIfAborted()
    if (left < 0) {
      // Even where its beginning is right: what was pinned ends there.
      await rm(to.part, { force: true })
      throw otherFile(to.url)
    }
    throw failed(`${hostOf(to.url)} broke off; what came is kept, and the next try goes on from there`, cause)
  } finally {
    clearTimeout(timer)
  }
}

const otherFile = (url: string): DoctownError =>
  new DoctownError(
    'checksum_mismatch',
    `${hostOf(url)} gave another file than the one that is pinned; it was thrown away. Check MODELS_URL, and who answers there.`,
  )

const failed = (what: string, cause?: unknown): DoctownError =>
  new DoctownError('download_failed', `${what}. Try again when this machine is online, or set MODELS_URL to a place that it can reach.`, {
    cause,
  })

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}
