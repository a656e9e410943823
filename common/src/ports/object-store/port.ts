import { DoctownError } from '../../contracts/errors.js'

/** Where docpacks and their records lie: R2 or any S3, a folder, memory. Keys are as `assertObjectKey` says. */
export interface PutOptions {
  readonly contentType?: string
  /** Refuse with `precondition_failed` when the key exists already (`If-None-Match: *`). */
  readonly onlyIfAbsent?: boolean
  readonly signal?: AbortSignal
}

export interface ObjectInfo {
  readonly key: string
  readonly size: number
  /** Opaque; changes when the bytes change. */
  readonly etag: string
  readonly modifiedAt: Date
}

export interface ObjectStore {
  /** Overwrites. All or nothing: a reader sees the old object or the new one. Resolves once the object can be read back. */
  put(key: string, body: Uint8Array, options?: PutOptions): Promise<void>
  /** `undefined` when there is no such key; throws `object_store_unavailable` or `object_store_refused` for anything else. */
  get(key: string, options?: { readonly signal?: AbortSignal }): Promise<Uint8Array | undefined>
  /** As `get`, without the bytes. */
  head(key: string): Promise<ObjectInfo | undefined>
  /** Every key that begins with `prefix`, in the order of their bytes. */
  list(prefix: string): Promise<ObjectInfo[]>
  /** Succeeds when there is no such key. */
  remove(key: string): Promise<void>
  close(): Promise<void>
}

/** S3 allows 1,024 bytes in a key. */
const MAX_KEY_BYTES = 1024

/**
 * A key is a POSIX path of `[A-Za-z0-9._:/-]` (a job id may hold a colon) whose segments are neither empty nor begin with a dot:
 * so it means the same in a folder as in a bucket, and leads nowhere else. Throws `object_store_refused`.
 */
export function assertObjectKey(key: string): void {
  if (!isObjectKey(key)) {
    throw new DoctownError('object_store_refused', 'The object store takes only keys of letters, digits and "._:-" between single slashes.')
  }
}

export const isObjectKey = (key: string): boolean =>
  key.length <= MAX_KEY_BYTES && /^[A-Za-z0-9_:-][A-Za-z0-9._:-]*(?:\/[A-Za-z0-9_:-][A-Za-z0-9._:-]*)*$/.test(key)

/** The beginning of a key: empty, or cut anywhere. Throws `object_store_refused`. */
export function assertObjectPrefix(prefix: string): void {
  if (prefix !== '') assertObjectKey(/[/.]$/.test(prefix) ? `${prefix}x` : prefix)
}
