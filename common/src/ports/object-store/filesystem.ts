import { randomUUID } from 'node:crypto'
import { link, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BigIntStats, Dirent } from 'node:fs'
import { DoctownError } from '../../contracts/errors.js'
import { compareBytes } from '../../runtime/bytes.js'
import { makeFolder } from '../../runtime/make-folder.js'
import { removeDeadFiles, writerName } from '../../runtime/writer-name.js'
import { assertObjectKey, assertObjectPrefix, type ObjectInfo, type ObjectStore } from './port.js'

/** Half-written objects lie here until they are whole. No key can name it, because no segment begins with a dot. */
const TEMP_FOLDER = '.tmp'

/**
 * Objects as files under one folder, made when missing. Any number of processes may use it at once.
 * What a killed writer left half-written is removed when the next store is created on the folder.
 * Errors: `disk_full`; `object_store_refused` for a folder that may not be written; `object_store_unavailable` for the rest.
 */
export async function createFilesystemObjectStore(options: { readonly folder: string }): Promise<ObjectStore> {
  const { folder } = options
  const temp = join(folder, TEMP_FOLDER)
  const path = (key: string): string => join(folder, ...key.split('/'))

  await translated('prepare the folder of', async () => {
    await makeFolder(temp)
    await removeDeadFiles(temp)
  })

  return {
    put: (key, body, putOptions = {}) =>
      translated('write to', async () => {
        assertObjectKey(key)
        putOptions.signal?.throwIfAborted()
        const target = path(key)
        const draft = join(temp, `${await writerName()}.${randomUUID()}`)
        try {
          await writeDurably(draft, body, putOptions.signal)
          await makeFolder(dirname(target))
          // A link fails where a rename would overwrite: the one atomic "only if absent" of POSIX.
          if (putOptions.onlyIfAbsent === true) await link(draft, target)
          else await rename(draft, target)
          await syncFolder(dirname(target))
        } finally {
          await rm(draft, { force: true })
        }
      }),

    get: (key, getOptions = {}) =>
      translated('read from', async () => {
        assertObjectKey(key)
        return ifThere(() => readFile(path(key), { signal: getOptions.signal }), ['EISDIR'])
      }),

    head: (key) =>
      translated('look into', async () => {
        assertObjectKey(key)
        const stats = await ifThere(() => stat(path(key), { bigint: true }))
        return stats?.isFile() === true ? objectInfo(key, stats) : undefined
      }),

    list: (prefix) =>
      translated('list', async () => {
        assertObjectPrefix(prefix)
        const found: ObjectInfo[] = []
        await collect(folder, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix, found)
        return found.sort((a, b) => compareBytes(a.key, b.key))
      }),

    remove: (key) =>
      translated('remove from', async () => {
        assertObjectKey(key)
        await ifThere(() => unlink(path(key)))
      }),

    async close() {},
  }
}

async function writeDurably(file: string, body: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(body, { signal })
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A name is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Walks `root/base`, where `base` is a key's beginning that ends in a slash or is empty. */
async function collect(root: string, base: string, prefix: string, found: ObjectInfo[]): Promise<void> {
  const entries = (await ifThere<Dirent[]>(() => readdir(join(root, base), { withFileTypes: true }))) ?? []
  for (const entry of entries) {
    const key = base + entry.name
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory() && (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`))) await collect(root, `${key}/`, prefix, found)
    if (!entry.isFile() || !key.startsWith(prefix)) continue
    // Removed since the folder was read: then it is not there.
    const stats = await ifThere(() => stat(join(root, key), { bigint: true }))
    if (stats !== undefined) found.push(objectInfo(key, stats))
  }
}

/** Every put makes a new file, so inode and time name the bytes without reading them. */
function objectInfo(key: string, stats: BigIntStats): ObjectInfo {
  return { key, size: Number(stats.size), etag: `${stats.ino}-${stats.mtimeNs}-${stats.size}`, modifiedAt: new Date(Number(stats.mtimeMs)) }
}

/** A folder on the way to deeper keys is no object: `also` names what the system says of it. */
async function ifThere<T>(read: () => Promise<T>, also: readonly string[] = []): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', ...also].includes(errno(error) ?? '')) return undefined
    throw error
  }
}

/** The file system's errors in our words; no path gets into a message. */
async function translated<T>(doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const code = errno(error)
    if (error instanceof DoctownError || code === undefined) throw error
    // The caller's own reason, not Node's wrapper around it.
    if (code === 'ABORT_ERR') throw error instanceof Error ? (error.cause ?? error) : error
    if (code === 'EEXIST' && (error as NodeJS.ErrnoException).syscall === 'link')
      throw new DoctownError('precondition_failed', 'There is an object of that key already.', { cause: error })
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new DoctownError('disk_full', 'The disk of the object store is full. Make room and try again.', { cause: error })
    }
    if (['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG'].includes(code)) {
      throw new DoctownError(
        'object_store_refused',
        `The system does not let us ${doing} the object store (${code}). Check the folder's rights.`,
        {
          cause: error,
        },
      )
    }
    throw new DoctownError('object_store_unavailable', `We could not ${doing} the object store (${code}).`, { cause: error })
  }
}

function errno(error: unknown): string | undefined {
  // Node's system errors carry `code`; an Error's type does not tell.
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  return typeof code === 'string' ? code : undefined
}
